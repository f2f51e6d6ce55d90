package dev.gatehouse.shared.sql;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Tells what other processes have invalidated, by asking the table {@code invalidation} at an interval for rows after
 * the last one seen. Rows that this process wrote come too. Rows that were purged before they were read, while this process was
 * suspended, leave a gap in {@code seq}; a purge keeps the newest row, so that a gap is always seen.
 *
 * <p>It relies on rows becoming visible in the order of {@code seq}, which one writer at a time gives.
 */
public final class InvalidationFeed {

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

    /** What is done about invalidations. */
    public interface Listener {

        /** Something is no longer true. */
        void onInvalidation(Invalidation invalidation);

        /** Rows were missed: everything that is remembered may be out of date. */
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
     * Starts with the next row that is committed. What is loaded from the database after this future has completed
     * therefore misses nothing.
     *
     * @param listener called on the caller's context, in order, at least once for each row; what it throws is logged
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
     * Whether the table was read a moment ago. It was not when this process has just been resumed, or cannot reach the
     * database: what it remembers is not to be relied on then.
     */
    public boolean isFresh() {
        return System.nanoTime() - heardAt < STALE_NANOS;
    }

    /** No more calls of the listener after those in progress. A verticle calls this in its {@code stop}. */
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

    /** Returns whether more rows may wait. */
    private boolean deliver(List<SqlRow> rows) {
        if (failing) {
            LOG.info("Invalidations are read again");
            failing = false;
        }
        if (!rows.isEmpty() && rows.get(0).number("seq") != lastSeen + 1 && lastSeen > 0) {
            LOG.info("Invalidations were missed; everything remembered is read anew");
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
            LOG.error("An invalidation of kind {} had no effect", invalidation.kind(), e);
        }
        lastSeen = invalidation.seq();
    }

    private boolean report(Throwable cause) {
        if (!failing) {
            LOG.warn("Invalidations cannot be read, and revocations made elsewhere are late: {}", cause.getMessage());
            failing = true;
        }
        return false;
    }

    /**
     * News that something kept outside the database is no longer true, as the table {@code invalidation} holds it.
     *
     * @param seq ascending in the order in which the news was committed
     * @param kind what sort of thing, such as {@code token}
     * @param subject which one
     */
    public record Invalidation(long seq, String kind, String subject) {
    }
}
