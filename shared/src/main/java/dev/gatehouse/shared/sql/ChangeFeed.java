package dev.gatehouse.shared.sql;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Reads the new rows of a table and reports each to a listener, including rows that this process wrote. It reads at intervals, and
 * at once when the database says that there are new rows. Such a notification may be lost, so the interval bounds the delay.
 *
 * <p>A purge of the table must delete the oldest rows first and keep the newest row. Then a reader that was suspended for a long time
 * detects that rows were purged before it read them.
 */
public final class ChangeFeed {

    /** The default interval between two reads of the table. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);
    private static final int ROWS_PER_READ = 1_000;
    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final Vertx vertx;
    private final Context context;
    private final Database database;
    private final FeedTable table;
    private final Listener listener;
    private final long intervalMillis;
    private final Runnable unsubscribe;
    private String position;
    private boolean reading;
    private boolean again;
    private long timer = -1;
    private boolean failing;
    private volatile long readAt = System.nanoTime();
    private volatile boolean stopped;

    /** Receives changes. */
    public interface Listener {

        /**
         * Called for each row.
         *
         * @param row the columns of the table
         */
        void onChange(SqlRow row);

        /** Rows may have been missed: all cached data may be out of date. */
        void onGap();
    }

    private ChangeFeed(Vertx vertx, Database database, FeedTable table, Duration interval, Listener listener, String position) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.database = database;
        this.table = table;
        this.listener = listener;
        this.intervalMillis = Math.max(1, interval.toMillis());
        this.position = position;
        this.unsubscribe = database.onWake(table.name(), () -> context.runOnContext(woken -> read()));
    }

    /**
     * Starts with the next committed row. Data that is loaded from the database after this future completes is therefore covered by
     * the feed.
     *
     * @param vertx the Vert.x instance
     * @param database the database with the table
     * @param table the table
     * @param interval the interval between two reads
     * @param listener called on the caller's context, at least once for each row; its exceptions are logged
     * @return the running feed
     */
    public static Future<ChangeFeed> start(Vertx vertx, Database database, FeedTable table, Duration interval, Listener listener) {
        return database.feedPosition(table).map(position -> {
            ChangeFeed feed = new ChangeFeed(vertx, database, table, interval, listener, position);
            feed.context.runOnContext(started -> feed.read());
            return feed;
        });
    }

    /**
     * {@return whether the table was read recently} It was not if this process has just been resumed or cannot reach the database. Cached data must
     * not be used then.
     */
    public boolean isFresh() {
        return System.nanoTime() - readAt < STALE_NANOS;
    }

    /** Stops calling the listener, except for calls in progress. A verticle calls this in its {@code stop}. */
    public void stop() {
        stopped = true;
        unsubscribe.run();
    }

    private void read() {
        if (stopped || reading) {
            again = reading;
            return;
        }
        reading = true;
        vertx.cancelTimer(timer);
        long begun = System.nanoTime();
        database.feed(table, position, ROWS_PER_READ)
            .onComplete(result -> context.runOnContext(done -> {
                reading = false;
                boolean more = result.succeeded() ? deliver(result.result(), begun) : report(result.cause());
                readLater(more);
            }));
    }

    private void readLater(boolean now) {
        if (now || again) {
            again = false;
            read();
        } else if (!stopped) {
            timer = vertx.setTimer(intervalMillis, due -> read());
        }
    }

    /** Returns whether there may be more rows. */
    private boolean deliver(FeedPage page, long begun) {
        if (failing) {
            LOG.info("The feed {} works again", table.name());
            failing = false;
        }
        if (stopped) {
            return false;
        }
        if (page.missed()) {
            LOG.info("Rows of {} were missed; everything cached is discarded", table.name());
            call(listener::onGap);
        }
        page.rows().forEach(row -> call(() -> listener.onChange(row)));
        position = page.position();
        if (!page.more()) {
            // What was committed before the read began is known; the time of the read itself counts.
            readAt = begun;
        }
        return page.more();
    }

    private void call(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.error("Processing a change of {} failed", table.name(), e);
        }
    }

    private boolean report(Throwable cause) {
        if (!failing) {
            LOG.warn("Cannot read {}; changes by other processes take effect late: {}", table.name(), cause.getMessage());
            failing = true;
        }
        return false;
    }

    /**
     * A table with a column {@code seq}, to which transactions append the changes that they make.
     *
     * @param name the name of the table
     * @param columns its columns without {@code seq}, comma-separated
     */
    public record FeedTable(String name, String columns) {
    }

    /**
     * Rows after a position.
     *
     * @param position the position after these rows
     * @param missed whether rows before these may have been purged unread
     * @param rows in the order of {@code seq}
     * @param more whether there may be more rows
     */
    public record FeedPage(String position, boolean missed, List<SqlRow> rows, boolean more) {
    }
}
