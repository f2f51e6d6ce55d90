package dev.gatehouse.shared.sql;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells what other processes have invalidated, by asking the table {@code invalidation} at an interval for rows after
 * the last one seen. Rows that this process wrote come too.
 *
 * <p>It relies on rows becoming visible in the order of {@code seq}, which one writer at a time gives.
 */
public final class InvalidationFeed {

    public static final Duration DEFAULT_INTERVAL = Duration.ofMillis(250);

    private static final Logger LOG = LoggerFactory.getLogger(InvalidationFeed.class);
    private static final int ROWS_PER_POLL = 1_000;
    private static final String LAST = "SELECT COALESCE(MAX(seq), 0) AS seq FROM invalidation";
    private static final String AFTER =
        "SELECT seq, kind, subject FROM invalidation WHERE seq > $1 ORDER BY seq LIMIT $2";

    private final Vertx vertx;
    private final Database database;
    private final Consumer<Invalidation> listener;
    private final long intervalMillis;
    private long lastSeen;
    private boolean failing;
    private volatile boolean stopped;

    private InvalidationFeed(
            Vertx vertx, Database database, Duration interval, Consumer<Invalidation> listener, long lastSeen) {
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
            Vertx vertx, Database database, Duration interval, Consumer<Invalidation> listener) {
        return database.read(LAST).map(rows -> {
            var feed = new InvalidationFeed(vertx, database, interval, listener, rows.get(0).number("seq"));
            feed.pollLater();
            return feed;
        });
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
        for (SqlRow row : rows) {
            tell(new Invalidation(row.number("seq"), row.text("kind"), row.text("subject")));
        }
        return rows.size() == ROWS_PER_POLL;
    }

    private void tell(Invalidation invalidation) {
        if (stopped) {
            return;
        }
        try {
            listener.accept(invalidation);
        } catch (RuntimeException e) {
            LOG.error("An invalidation of kind {} was not heeded", invalidation.kind(), e);
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
}
