package dev.gatehouse.shared.sql;

import dev.gatehouse.shared.audit.OncePerMinute;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The one thread that changes the database. What waits when it comes round shares one commit, and so one wait for the
 * disk; callers hear of their transaction only after that commit.
 *
 * <p>Callers that were answered together come back together, a moment after one another. The first of them would get a
 * commit to itself and make all others wait for two, so the writer waits for as many as there were the last time, though
 * never for longer than a part of what a commit takes.
 */
final class SqliteWriter implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);
    private static final long MOST_PATIENCE_NANOS = 2_000_000;

    private final SqliteOptions options;
    private final WorkQueue<SqliteTransaction<?>> queue;
    private final CountDownLatch readersEnded;
    private final OncePerMinute failures = new OncePerMinute();
    private final OncePerMinute recoveries = new OncePerMinute();
    private final FileWatch watch;
    private SqliteConnection connection;
    private long commits;
    private int lastSize;
    private long lastNanos;
    private boolean failing;

    SqliteWriter(SqliteOptions options, WorkQueue<SqliteTransaction<?>> queue, CountDownLatch readersEnded) {
        this.readersEnded = readersEnded;
        this.options = options;
        this.queue = queue;
        this.watch = new FileWatch(options.file());
    }

    @Override
    public void run() {
        for (var batch = next(); !batch.isEmpty(); batch = next()) {
            long begun = System.nanoTime();
            serve(batch);
            lastNanos = System.nanoTime() - begun;
            lastSize = batch.size();
        }
        awaitReaders();
        checkpointAndClose();
    }

    /** Only a connection that can write removes the write-ahead log, and only if it is the last one. */
    private void awaitReaders() {
        try {
            readersEnded.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<SqliteTransaction<?>> next() {
        return queue.gather(options.unitsPerCommit(), lastSize, Math.min(lastNanos / 2, MOST_PATIENCE_NANOS));
    }

    /** Commits made so far. Exact only to this thread, and after it has ended. */
    long commits() {
        return commits;
    }

    private void serve(List<SqliteTransaction<?>> batch) {
        try {
            commit(batch);
        } catch (SQLException | RuntimeException | Error e) {
            giveUp(batch, e);
            return;
        }
        commits++;
        if (failing) {
            failing = false;
            recoveries.write(held -> LOG.info("{} keeps changes again", options.file()));
        }
        batch.forEach(SqliteWriter::settle);
    }

    private void commit(List<SqliteTransaction<?>> batch) throws SQLException {
        if (connection == null) {
            connection = SqliteConnection.writing(options);
            watch.begin();
        }
        watch.requireSame();
        connection.begin();
        if (!runBare(batch)) {
            connection.rollback();
            connection.begin();
            runGuarded(batch);
        }
        connection.commit();
    }

    /**
     * Runs a batch without savepoints, which cost a copy of every page changed; bodies rarely fail, for they return
     * outcomes.
     *
     * @return false when a body failed after it had changed something, so that the whole batch is to be undone
     */
    private boolean runBare(List<SqliteTransaction<?>> batch) {
        connection.takeChanged();
        for (SqliteTransaction<?> unit : batch) {
            boolean succeeded = unit.run(connection);
            connection.requireWhole();
            if (connection.takeChanged() && !succeeded) {
                return false;
            }
        }
        return true;
    }

    /** Runs a batch again from its start, so that a body which fails takes only its own changes with it. */
    private void runGuarded(List<SqliteTransaction<?>> batch) throws SQLException {
        for (SqliteTransaction<?> unit : batch) {
            connection.savepoint();
            boolean succeeded = unit.run(connection);
            connection.requireWhole();
            if (succeeded) {
                connection.releaseSavepoint();
            } else {
                connection.rollbackToSavepoint();
            }
        }
    }

    /** Answers every caller of a batch that could not be committed, and starts afresh with the next. */
    private void giveUp(List<SqliteTransaction<?>> batch, Throwable cause) {
        if (!failing) {
            failing = true;
            // Some changes may fit on a full disk and others not, so that failing begins again and again.
            failures.write(held -> LOG.error("Changes are not kept in {} until further notice: {}", options.file(), cause.getMessage()));
        }
        // Closing rolls back what is open, whatever state the engine left it in.
        closeConnection();
        StoreUnavailableException failure = StoreUnavailableException.of(options.file(), cause);
        for (SqliteTransaction<?> unit : batch) {
            tell(() -> unit.fail(failure));
        }
    }

    private static void settle(SqliteTransaction<?> unit) {
        tell(unit::settle);
    }

    /** A caller whose event loop is gone must not take the writer with it. */
    private static void tell(Runnable completion) {
        try {
            completion.run();
        } catch (RuntimeException e) {
            LOG.debug("A caller could not be told the outcome of its transaction", e);
        }
    }

    private void checkpointAndClose() {
        try {
            if (connection != null) {
                connection.control("PRAGMA wal_checkpoint(TRUNCATE)");
            }
        } catch (SQLException e) {
            LOG.debug("The write-ahead log of {} stays for the next start: {}", options.file(), e.getMessage());
        }
        closeConnection();
    }

    private void closeConnection() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
