package dev.gatehouse.shared.sql;

import dev.gatehouse.shared.audit.OncePerMinute;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * The only thread that changes the database. All waiting transactions share one commit, and so one wait for the disk. Callers
 * get their result after that commit.
 *
 * <p>Callers that got their results together often send their next transaction together. If the first of them were committed
 * alone, the others would wait for two commits. So the writer waits for as many transactions as in the last batch, but no
 * longer than a part of the time of a commit.
 */
final class SqliteWriter implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);
    private static final long MOST_PATIENCE_NANOS = 500_000;

    private final SqliteOptions options;
    private final WorkQueue<SqliteTransaction<?>> queue;
    private final CountDownLatch othersEnded;
    private final SqliteCheckpointer checkpointer;
    private final OncePerMinute failures = new OncePerMinute();
    private final OncePerMinute recoveries = new OncePerMinute();
    private final WatchedConnection connection;
    private final StoreMeters meters;
    private long commits;
    private int lastSize;
    private long lastNanos;
    private boolean failing;

    SqliteWriter(SqliteOptions options, WorkQueue<SqliteTransaction<?>> queue, CountDownLatch othersEnded,
                 SqliteCheckpointer checkpointer, AtomicLong wholeSize, StoreMeters meters) {
        this.meters = meters;
        this.othersEnded = othersEnded;
        this.checkpointer = checkpointer;
        this.options = options;
        this.queue = queue;
        this.connection = new WatchedConnection(options, SqliteConnection::writing, wholeSize);
    }

    @Override
    public void run() {
        for (var batch = next(); !batch.isEmpty(); batch = next()) {
            long begun = System.nanoTime();
            serve(batch);
            lastNanos = System.nanoTime() - begun;
            lastSize = batch.size();
            meters.committed(lastNanos, lastSize);
            checkpointer.committed(lastSize);
        }
        checkpointer.close();
        awaitOthers();
        checkpointAndClose();
    }

    /** Only the last connection, and only one that can write, removes the write-ahead log. */
    private void awaitOthers() {
        try {
            othersEnded.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<SqliteTransaction<?>> next() {
        return queue.gather(options.unitsPerCommit(), lastSize, Math.min(lastNanos / 8, MOST_PATIENCE_NANOS));
    }

    /** The number of commits; exact only on this thread and after it has ended. */
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
            recoveries.write(held -> LOG.info("{} accepts changes again", options.file()));
        }
        settle(batch);
    }

    private void commit(List<SqliteTransaction<?>> batch) throws SQLException {
        SqliteConnection open = connection.open();
        connection.requireSameFiles();
        open.begin();
        if (!runBare(open, batch)) {
            open.rollback();
            open.begin();
            runGuarded(open, batch);
        }
        open.commit();
    }

    /**
     * Runs a batch without savepoints, which would copy every changed page. Bodies rarely fail, because they return outcomes.
     *
     * @return false if a body failed after it changed something; the whole batch must be rolled back then
     */
    private static boolean runBare(SqliteConnection open, List<SqliteTransaction<?>> batch) {
        open.takeChanged();
        for (SqliteTransaction<?> unit : batch) {
            boolean succeeded = unit.run(open);
            open.requireWhole();
            if (open.takeChanged() && !succeeded) {
                return false;
            }
        }
        return true;
    }

    /** Runs a batch again with savepoints, so that a failed body loses only its own changes. */
    private static void runGuarded(SqliteConnection open, List<SqliteTransaction<?>> batch) throws SQLException {
        for (SqliteTransaction<?> unit : batch) {
            open.savepoint();
            boolean succeeded = unit.run(open);
            open.requireWhole();
            if (succeeded) {
                open.releaseSavepoint();
            } else {
                open.rollbackToSavepoint();
            }
        }
    }

    /** Fails every transaction of a batch that could not be committed, and closes the connection. */
    private void giveUp(List<SqliteTransaction<?>> batch, Throwable cause) {
        if (!failing) {
            failing = true;
            // On a full disk some changes may fit and others not, so failures can begin again and again.
            failures.write(held -> LOG.error("{} does not accept changes: {}", options.file(), cause.getMessage()));
        }
        // Closing rolls back an open transaction, in any state of the engine.
        connection.close();
        StoreUnavailableException failure = StoreUnavailableException.of(options.file(), cause);
        for (SqliteTransaction<?> unit : batch) {
            tell(() -> unit.fail(failure));
        }
    }

    /** Delivers all results for one event loop together: it wakes once. */
    private static void settle(List<SqliteTransaction<?>> batch) {
        batch.stream().collect(Collectors.groupingBy(SqliteTransaction::eventLoop)).forEach((eventLoop, units) ->
            tell(() -> eventLoop.execute(() -> units.forEach(unit -> tell(unit::settle)))));
    }

    /** A caller whose event loop has stopped must not stop the writer. */
    private static void tell(Runnable completion) {
        try {
            completion.run();
        } catch (RuntimeException e) {
            LOG.debug("Delivering the result of a transaction failed", e);
        }
    }

    private void checkpointAndClose() {
        try {
            if (connection.isOpen()) {
                connection.open().control("PRAGMA wal_checkpoint(TRUNCATE)");
            }
        } catch (SQLException e) {
            LOG.debug("The write-ahead log of {} was not checkpointed: {}", options.file(), e.getMessage());
        }
        connection.close();
    }
}
