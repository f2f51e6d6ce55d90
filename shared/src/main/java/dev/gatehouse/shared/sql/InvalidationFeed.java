package dev.gatehouse.shared.sql;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Polls the table {@code invalidation} and reports new rows to a listener, including rows of this process. Rows that were
 * purged before they were read, while this process was suspended, leave a gap in {@code seq}. A purge keeps the newest row, so a
 * gap is always detected.
 *
 * <p>Requires that rows become visible in the order of {@code seq}, which a single writer guarantees.
 */
public final class InvalidationFeed {

    /** The default interval between two reads of the table. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(InvalidationFeed.class);
    private static final int ROWS_PER_POLL = 1_000;
    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final String LAST = "SELECT COALESCE(MAX(seq), 0) AS seq FROM invalidation";
    private static final String AFTER =
        "SELECT seq, kind, subject FROM invalidation WHERE seq > $1 ORDER BY seq LIMIT $2";

    private final Vertx vertx;
    private final Database database;
    private final Listener listener;
    private final long intervalMillis;
    private long lastSeen;
    private boolean failing;
    private volatile long heardAt = System.nanoTime();
    private volatile boolean stopped;

    /** Receives invalidations. */
    public interface Listener {

        /**
         * Called for each row.
         *
         * @param invalidation the row
         */
        void onInvalidation(Invalidation invalidation);

        /** Rows were missed: all cached data may be out of date. */
        void forgetAll();
    }

    private InvalidationFeed(
            Vertx vertx, Database database, Duration interval, Listener listener, long lastSeen) {
        this.vertx = vertx;
        this.database = database;
        this.listener = listener;
        this.intervalMillis = Math.max(1, interval.toMillis());
        this.lastSeen = lastSeen;
    }

    /**
     * Starts with the next committed row. Data loaded from the database after this future completes is therefore covered by the
     * feed.
     *
     * @param vertx the Vert.x instance
     * @param database the database with the table
     * @param interval the interval between two reads
     * @param listener called on the caller's context, in order, at least once per row; its exceptions are logged
     * @return the running feed
     */
    public static Future<InvalidationFeed> start(
            Vertx vertx, Database database, Duration interval, Listener listener) {
        return database.read(LAST).map(rows -> {
            var feed = new InvalidationFeed(vertx, database, interval, listener, rows.get(0).number("seq"));
            feed.pollLater();
            return feed;
        });
    }

    /**
     * {@return whether the table was read recently} It was not if this process has just been resumed or cannot reach the database. Cached data must
     * not be used then.
     */
    public boolean isFresh() {
        return System.nanoTime() - heardAt < STALE_NANOS;
    }

    /** Stops calling the listener, except for calls in progress. A verticle calls this in its {@code stop}. */
    public void stop() {
        stopped = true;
    }

    private void pollLater() {
        vertx.setTimer(intervalMillis, timer -> poll());
    }

    private void poll() {
        if (!stopped) {
            database.read(AFTER, lastSeen, ROWS_PER_POLL).map(this::deliver).otherwise(this::report)
                .onSuccess(this::next);
        }
    }

    private void next(boolean more) {
        if (more) {
            poll();
        } else {
            pollLater();
        }
    }

    /** Returns whether there may be more rows. */
    private boolean deliver(List<SqlRow> rows) {
        if (failing) {
            LOG.info("The invalidation feed works again");
            failing = false;
        }
        if (!rows.isEmpty() && rows.get(0).number("seq") != lastSeen + 1 && lastSeen > 0) {
            LOG.info("Invalidations were missed; all caches are cleared");
            listener.forgetAll();
        }
        for (SqlRow row : rows) {
            tell(new Invalidation(row.number("seq"), row.text("kind"), row.text("subject")));
        }
        boolean more = rows.size() == ROWS_PER_POLL;
        if (!more) {
            heardAt = System.nanoTime();
        }
        return more;
    }

    private void tell(Invalidation invalidation) {
        if (stopped) {
            return;
        }
        try {
            listener.onInvalidation(invalidation);
        } catch (RuntimeException e) {
            LOG.error("Processing an invalidation of kind {} failed", invalidation.kind(), e);
        }
        lastSeen = invalidation.seq();
    }

    private boolean report(Throwable cause) {
        if (!failing) {
            LOG.warn("Cannot read invalidations; revocations by other processes take effect late: {}", cause.getMessage());
            failing = true;
        }
        return false;
    }

    /**
     * A row of the table {@code invalidation}: cached data of this subject is out of date.
     *
     * @param seq ascending in commit order
     * @param kind the kind of the subject, such as {@code token}
     * @param subject the identifier of the subject
     */
    public record Invalidation(long seq, String kind, String subject) {
    }
}
