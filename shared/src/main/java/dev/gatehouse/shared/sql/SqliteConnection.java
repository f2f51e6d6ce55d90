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

/** One connection with its prepared statements. Blocking; only one thread uses it at a time. */
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

    /** A connection for changes; each commit is durable before it returns. The file must exist. */
    static SqliteConnection writing(SqliteOptions options) throws SQLException {
        // Without CREATE: a removed file must be an error, not an empty database.
        return open(options, SQLiteOpenMode.READWRITE, """
            PRAGMA synchronous = FULL;
            PRAGMA foreign_keys = ON;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -16384;
            PRAGMA wal_autocheckpoint = 16000;
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
        // Otherwise the driver asks for the last row number after each change.
        config.setGetGeneratedKeys(false);
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

    /** Runs a statement without parameters that returns at most one row, and returns its first column. */
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

    /** Returns whether a statement has changed rows, or may have, since the last call. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /**
     * Throws if a statement failed because of the store. SQLite may then have rolled the transaction back by itself (disk full,
     * input/output error), and later statements would each be committed alone.
     */
    void requireWhole() {
        if (broken != null) {
            throw broken;
        }
    }

    /** Rolls back an open transaction. Never throws, because the original failure is known by then. */
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

    /** Drops a failed statement, so that it is prepared again: some failures make it unusable. */
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
}
