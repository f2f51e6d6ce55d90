package dev.gatehouse.shared.sql;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;
import org.sqlite.jdbc4.JDBC4Connection;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One connection with its prepared statements. Blocking, and used by one thread at a time. */
final class SqliteConnection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteConnection.class);
    private static final int CACHED_STATEMENTS = 256;

    private final Path file;
    private final Connection connection;
    private final Map<String, SqliteStatement> statements = new LinkedHashMap<>(64, 0.75f, true);
    private StoreUnavailableException broken;
    private boolean changed;

    private SqliteConnection(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /** A connection that changes rows, each commit durable before it returns. The file must exist. */
    static SqliteConnection writing(SqliteOptions options) throws SQLException {
        // Without CREATE: a file that was removed under a running server is an error and not an empty database.
        return open(options, SQLiteOpenMode.READWRITE, """
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -16384;
            PRAGMA wal_autocheckpoint = 2000;
            PRAGMA journal_size_limit = 67108864""");
    }

    static SqliteConnection reading(SqliteOptions options) throws SQLException {
        return open(options, SQLiteOpenMode.READONLY, """
            PRAGMA query_only = ON;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -8192""");
    }

    private static SqliteConnection open(SqliteOptions options, SQLiteOpenMode mode, String pragmas)
            throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        config.resetOpenMode(SQLiteOpenMode.READWRITE);
        config.setOpenMode(mode);
        config.setBusyTimeout(options.busyMillis());
        Path file = options.file();
        Connection connection = new JDBC4Connection("jdbc:sqlite:" + file, file.toString(), config.toProperties());
        try (Statement statement = connection.createStatement()) {
            for (String pragma : pragmas.split(";")) {
                statement.execute(pragma);
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return new SqliteConnection(file, connection);
    }

    void begin() throws SQLException {
        control("BEGIN IMMEDIATE");
    }

    void commit() throws SQLException {
        control("COMMIT");
    }

    void rollback() throws SQLException {
        control("ROLLBACK");
    }

    void savepoint() throws SQLException {
        control("SAVEPOINT unit");
    }

    void releaseSavepoint() throws SQLException {
        control("RELEASE unit");
    }

    void rollbackToSavepoint() throws SQLException {
        control("ROLLBACK TO unit");
        control("RELEASE unit");
    }

    /** A statement of ours that takes no parameter and answers at most one row, of which the first column counts. */
    Object control(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(sql) ? statement.getResultSet().getObject(1) : null;
        }
    }

    List<SqlRow> query(String sql, Object... parameters) {
        requireWhole();
        try {
            SqliteStatement statement = prepared(sql);
            List<SqlRow> rows = statement.query(parameters);
            changed |= statement.changes();
            return rows;
        } catch (SQLException e) {
            throw failure(sql, e);
        }
    }

    int update(String sql, Object... parameters) {
        requireWhole();
        try {
            int count = prepared(sql).update(parameters);
            changed |= count > 0;
            return count;
        } catch (SQLException e) {
            throw failure(sql, e);
        }
    }

    /** Whether a statement has changed rows, or may have, since this was last asked. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /**
     * Throws when a statement met a failure of the store. SQLite may have rolled the transaction back by itself then
     * (disk full, input/output error), and what followed would be committed statement by statement.
     */
    void requireWhole() {
        if (broken != null) {
            throw broken;
        }
    }

    /** Rolls back what is open. Never throws: what matters of a failure is known by then. */
    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.warn("Closing {}: {}", file, e.getMessage());
        }
    }

    private SqliteStatement prepared(String sql) throws SQLException {
        SqliteStatement statement = statements.get(sql);
        if (statement == null) {
            statement = new SqliteStatement(connection, sql);
            statements.put(sql, statement);
            if (statements.size() > CACHED_STATEMENTS) {
                var eldest = statements.values().iterator();
                eldest.next().close();
                eldest.remove();
            }
        }
        return statement;
    }

    /** A statement that failed is prepared anew the next time: some failures leave it unable to run ever again. */
    private void forget(String sql) {
        try {
            SqliteStatement failed = statements.remove(sql);
            if (failed != null) {
                failed.close();
            }
        } catch (SQLException e) {
            LOG.debug("Closing a statement that failed: {}", e.getMessage());
        }
    }

    private RuntimeException failure(String sql, SQLException e) {
        forget(sql);
        if (isRefusal(e)) {
            return new StatementException(sql, e.getMessage(), e);
        }
        broken = StoreUnavailableException.of(file, e);
        return broken;
    }

    private static boolean isRefusal(SQLException e) {
        if (!(e instanceof SQLiteException sqlite)) {
            return true;
        }
        return switch (sqlite.getResultCode().code & 0xff) {
            case 1, 18, 19, 20, 21, 25 -> true; // ERROR, TOOBIG, CONSTRAINT, MISMATCH, MISUSE, RANGE
            default -> false;
        };
    }

    /**
     * The engine refused one statement: a constraint, a wrong parameter count, bad SQL. The message holds the statement's
     * text and the engine's reason, and never a parameter's value.
     */
    public static final class StatementException extends RuntimeException {

        public StatementException(String sql, String reason, Throwable cause) {
            super(reason + " in: " + sql.strip().replaceAll("\\s+", " "), cause);
        }
    }
}
