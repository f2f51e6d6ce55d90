package dev.gatehouse.shared.sql;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A thread that copies pages from the write-ahead log to the database file, so that commits do not wait for it. A page that many commits
 * change is copied once for all of them. The writer copies the rest itself when the log reaches its limit, and then writes the log from its
 * beginning again.
 */
final class SqliteCheckpointer implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteCheckpointer.class);
    /** Each transaction changes about two pages. The limit of the log is 16,000 pages. */
    private static final int TRANSACTIONS = 4_000;

    private final SqliteOptions options;
    private final WatchedConnection connection;
    private final Semaphore due = new Semaphore(0);
    private volatile boolean closed;
    private int transactions;

    SqliteCheckpointer(SqliteOptions options, AtomicLong wholeSize) {
        this.options = options;
        this.connection = new WatchedConnection(options, SqliteConnection::writing, wholeSize);
    }

    /** Counts transactions of a commit. For the thread of the writer. */
    void committed(int count) {
        transactions += count;
        if (transactions >= TRANSACTIONS) {
            transactions = 0;
            due.release();
        }
    }

    @Override
    public void run() {
        due.acquireUninterruptibly();
        while (!closed) {
            due.drainPermits();
            checkpoint();
            due.acquireUninterruptibly();
        }
        connection.close();
    }

    /** Waits for no reader and no writer. */
    private void checkpoint() {
        try {
            SqliteConnection open = connection.open();
            connection.requireSameFiles();
            open.control("PRAGMA wal_checkpoint(PASSIVE)");
        } catch (SQLException | RuntimeException e) {
            // The writer meets the same fault, and reports it.
            LOG.debug("The write-ahead log of {} was not checkpointed: {}", options.file(), e.getMessage());
            connection.close();
        }
    }

    void close() {
        closed = true;
        due.release();
    }
}
