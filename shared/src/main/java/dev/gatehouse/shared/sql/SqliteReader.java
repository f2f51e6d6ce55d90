package dev.gatehouse.shared.sql;

import io.vertx.core.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A thread that serves reads on its own read-only connection. Each statement is its own read transaction and starts after the
 * call, so it sees everything that was committed before the call.
 */
final class SqliteReader implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteReader.class);

    private static final long WATCH_NANOS = 250_000_000;

    private final SqliteOptions options;
    private final WorkQueue<SqliteQuery> queue;
    private final WatchedConnection connection;
    private long watchedAt;

    SqliteReader(SqliteOptions options, WorkQueue<SqliteQuery> queue, AtomicLong wholeSize) {
        this.options = options;
        this.queue = queue;
        this.connection = new WatchedConnection(options, SqliteConnection::reading, wholeSize);
    }

    @Override
    public void run() {
        for (var taken = queue.take(1); !taken.isEmpty(); taken = queue.take(1)) {
            serve(taken.get(0));
        }
        connection.close();
    }

    private void serve(SqliteQuery query) {
        try {
            SqliteConnection open = connection.open();
            lookAfterFile();
            List<SqlRow> rows = open.query(query.sql(), query.parameters());
            query.caller().tryComplete(rows);
        } catch (StatementException e) {
            query.caller().tryFail(e);
        } catch (SQLException | RuntimeException | Error e) {
            connection.close();
            refuse(query, e);
        }
    }

    private void lookAfterFile() {
        long now = System.nanoTime();
        if (now - watchedAt >= WATCH_NANOS) {
            watchedAt = now;
            connection.requireSameFiles();
        }
    }

    private void refuse(SqliteQuery query, Throwable cause) {
        try {
            query.caller().tryFail(StoreUnavailableException.of(options.file(), cause));
        } catch (RuntimeException e) {
            LOG.debug("Delivering the result of a read failed", e);
        }
    }

    /** A queued read. */
    record SqliteQuery(String sql, Object[] parameters, Promise<List<SqlRow>> caller) {
    }
}
