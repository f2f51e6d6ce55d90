package dev.gatehouse.shared.sql;

import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;

import java.util.List;

/** A session of a schema in PostgreSQL. */
final class PostgresSession implements StoreSession {

    /** The column {@code tx} belongs to the feed of this engine; its default fills it. */
    private static final String COLUMNS = """
        SELECT CAST(tables.relname AS TEXT) AS table_name, CAST(columns.attname AS TEXT) AS column_name, format_type(columns.atttypid, NULL) AS type,
            CAST(COALESCE(array_position(CAST(keys.indkey AS INT2[]), columns.attnum) + 1, 0) AS BIGINT) AS key_place,
            columns.attidentity <> '' AS is_numbered
        FROM pg_class AS tables JOIN pg_attribute AS columns ON columns.attrelid = tables.oid
        LEFT JOIN pg_index AS keys ON keys.indrelid = tables.oid AND keys.indisprimary
        WHERE tables.relkind = 'r' AND tables.relnamespace = to_regnamespace(quote_ident(current_schema())) AND tables.relname <> 'schema_history'
          AND columns.attnum > 0 AND NOT columns.attisdropped AND format_type(columns.atttypid, NULL) <> 'xid8'
        ORDER BY tables.relname COLLATE "C", columns.attname COLLATE "C\"""";
    private static final String REFERENCES = """
        SELECT CAST(tables.relname AS TEXT) AS table_name, CAST(parents.relname AS TEXT) AS parent
        FROM pg_constraint AS keys JOIN pg_class AS tables ON tables.oid = keys.conrelid JOIN pg_class AS parents ON parents.oid = keys.confrelid
        WHERE keys.contype = 'f' AND tables.relnamespace = to_regnamespace(quote_ident(current_schema()))""";
    private static final String HAS_HISTORY = "SELECT 1 AS found WHERE to_regclass('schema_history') IS NOT NULL";
    private static final String OTHERS = """
        SELECT COUNT(*) AS n FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = current_setting('application_name')""";

    private final PgConnection connection;
    private final PostgresTransaction statements;
    private final String name;

    private PostgresSession(PgConnection connection, String name) {
        this.connection = connection;
        this.name = name;
        this.statements = new PostgresTransaction(connection, name);
    }

    static Future<StoreSession> open(Vertx vertx, PostgresConnections connections) {
        return connections.connectToPrimary(vertx).map(connection -> (StoreSession) new PostgresSession(connection, connections.name()))
            .recover(cause -> Future.failedFuture(new StartupException("Cannot connect to " + connections.name() + ": " + cause.getMessage(), cause)));
    }

    @Override
    public Future<Void> begin(Use use) {
        if (use == Use.READ) {
            return connection.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").execute().mapEmpty();
        }
        return connection.query("BEGIN").execute().compose(begun -> query(OTHERS)).compose(rows -> rows.get(0).number("n") == 0 ? Future.succeededFuture()
            : Future.failedFuture(new StartupException("A server uses " + name + ". Stop it first.")));
    }

    @Override
    public Future<List<StoreTable>> tables() {
        return query(COLUMNS).compose(columns -> query(REFERENCES).map(references -> StoreTable.ordered(columns, references)));
    }

    @Override
    public Future<List<Long>> versions() {
        return query(HAS_HISTORY).compose(found -> found.isEmpty() ? Future.succeededFuture(List.of())
            : query("SELECT version FROM schema_history").map(rows -> rows.stream().map(row -> row.number("version")).toList()));
    }

    @Override
    public Future<List<SqlRow>> query(String sql, Object... parameters) {
        return statements.query(sql, parameters);
    }

    @Override
    public Future<Integer> update(String sql, Object... parameters) {
        return statements.update(sql, parameters);
    }

    @Override
    public Future<Void> insert(String sql, List<Object[]> rows) {
        return rows.isEmpty() ? Future.succeededFuture()
            : connection.preparedQuery(sql).executeBatch(rows.stream().map(PostgresTransaction::tuple).toList()).mapEmpty();
    }

    @Override
    public Future<Void> continueNumbers(StoreTable table) {
        return query("SELECT setval(pg_get_serial_sequence('%1$s', '%2$s'), MAX(%2$s)) AS last FROM %1$s HAVING MAX(%2$s) IS NOT NULL"
            .formatted(table.name(), table.identity())).mapEmpty();
    }

    @Override
    public Future<Void> lock(String held) {
        return statements.lock(held);
    }

    /** No server listens: a session that writes is alone. */
    @Override
    public void wake(String feed) {
    }

    @Override
    public Future<Void> commit() {
        return connection.query("COMMIT").execute().mapEmpty();
    }

    @Override
    public Future<Void> close() {
        return connection.close();
    }
}
