package dev.gatehouse.shared.sql;

import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;

/** A session of a SQLite file. */
final class SqliteSession implements StoreSession {

    private static final String COLUMNS = """
        SELECT tables.name AS table_name, columns.name AS column_name, LOWER(columns.type) AS type, columns.pk AS key_place,
            tables.sql LIKE '%AUTOINCREMENT%' AND columns.pk = 1 AS is_numbered
        FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns
        WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND tables.name <> 'flyway_schema_history'
        ORDER BY tables.name, columns.name""";
    private static final String REFERENCES = """
        SELECT tables.name AS table_name, keys."table" AS parent
        FROM sqlite_master AS tables JOIN pragma_foreign_key_list(tables.name) AS keys WHERE tables.type = 'table'""";
    private static final String HAS_HISTORY = "SELECT 1 AS found FROM sqlite_master WHERE name = 'flyway_schema_history'";
    private static final String HISTORY = "SELECT CAST(version AS INTEGER) AS version FROM flyway_schema_history WHERE success = 1 AND version IS NOT NULL";

    private final Vertx vertx;
    private final Path file;
    private final SqliteConnection connection;
    private boolean alone;

    private SqliteSession(Vertx vertx, Path file, SqliteConnection connection) {
        this.vertx = vertx;
        this.file = file;
        this.connection = connection;
    }

    static Future<StoreSession> open(Vertx vertx, SqliteOptions options) {
        return vertx.executeBlocking(() -> {
            SqliteNativeLibrary.locate();
            try {
                return new SqliteSession(vertx, options.file(), SqliteConnection.writing(options));
            } catch (SQLException e) {
                throw new StartupException("Cannot open the database " + options.file() + ": " + e.getMessage(), e);
            }
        });
    }

    private <T> Future<T> run(Callable<T> work) {
        return vertx.executeBlocking(work);
    }

    /** Only a connection that is alone can leave the write-ahead log. */
    @Override
    public Future<Void> begin(Use use) {
        return run(() -> {
            if (use == Use.READ) {
                connection.control("BEGIN");
                return null;
            }
            try {
                connection.control("PRAGMA journal_mode = DELETE");
                connection.control("BEGIN EXCLUSIVE");
            } catch (SQLException e) {
                throw new StartupException("A server uses the database " + file + ". Stop it first.", e);
            }
            alone = true;
            return null;
        });
    }

    /** Writes a consistent copy while servers work. */
    Future<Void> copyTo(Path copy) {
        return run(() -> {
            connection.update("VACUUM INTO $1", copy.toString());
            return null;
        });
    }

    @Override
    public Future<List<StoreTable>> tables() {
        return run(() -> StoreTable.ordered(connection.query(COLUMNS), connection.query(REFERENCES)));
    }

    @Override
    public Future<List<Long>> versions() {
        return run(() -> connection.query(HAS_HISTORY).isEmpty() ? List.of()
            : connection.query(HISTORY).stream().map(row -> row.number("version")).toList());
    }

    @Override
    public Future<List<SqlRow>> query(String sql, Object... parameters) {
        return run(() -> connection.query(sql, parameters));
    }

    @Override
    public Future<Integer> update(String sql, Object... parameters) {
        return run(() -> connection.update(sql, parameters));
    }

    @Override
    public Future<Void> insert(String sql, List<Object[]> rows) {
        return run(() -> {
            rows.forEach(row -> connection.update(sql, row));
            return null;
        });
    }

    /** SQLite itself remembers the greatest number. */
    @Override
    public Future<Void> continueNumbers(StoreTable table) {
        return Future.succeededFuture();
    }

    /** This session is the only one. */
    @Override
    public Future<Void> lock(String name) {
        return Future.succeededFuture();
    }

    /** No server listens: a session that writes is alone. */
    @Override
    public void wake(String feed) {
    }

    @Override
    public Future<Void> commit() {
        return run(() -> {
            connection.commit();
            if (alone) {
                connection.control("PRAGMA journal_mode = WAL");
            }
            return null;
        });
    }

    @Override
    public Future<Void> close() {
        return run(() -> {
            connection.close();
            return null;
        });
    }
}
