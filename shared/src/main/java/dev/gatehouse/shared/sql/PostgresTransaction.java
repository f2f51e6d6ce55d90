package dev.gatehouse.shared.sql;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The statements of one transaction on its own connection. They fail after the transaction's body has ended, and after its deadline.
 * A failed statement fails the transaction, even if the body ignores it: PostgreSQL would answer COMMIT with a rollback.
 */
final class PostgresTransaction implements Statements {

    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0)) IS NULL AS held";

    private final SqlConnection connection;
    private final String database;
    private final Set<String> woken = new HashSet<>();
    private RuntimeException failure;
    private volatile RuntimeException ended;

    PostgresTransaction(SqlConnection connection, String database) {
        this.connection = connection;
        this.database = database;
    }

    @Override
    public Future<List<SqlRow>> query(String sql, Object... parameters) {
        return run(sql, parameters).map(PostgresTransaction::rows);
    }

    @Override
    public Future<Integer> update(String sql, Object... parameters) {
        return run(sql, parameters).map(RowSet::rowCount);
    }

    @Override
    public Future<Void> lock(String name) {
        return run(LOCK, name).mapEmpty();
    }

    @Override
    public void wake(String feed) {
        woken.add(feed);
    }

    Set<String> woken() {
        return woken;
    }

    /** The first failure of a statement; null if there is none. */
    RuntimeException failure() {
        return failure;
    }

    /** Makes later statements fail. */
    void end(RuntimeException reason) {
        ended = reason;
    }

    private Future<RowSet<Row>> run(String sql, Object... parameters) {
        if (ended != null) {
            return Future.failedFuture(ended);
        }
        return connection.preparedQuery(sql).execute(tuple(parameters)).recover(cause -> {
            RuntimeException translated = PostgresFailure.of(sql, database, cause);
            failure = failure == null ? translated : failure;
            return Future.failedFuture(translated);
        });
    }

    static Tuple tuple(Object... parameters) {
        Tuple tuple = Tuple.tuple(new ArrayList<>(parameters.length));
        for (Object parameter : parameters) {
            tuple.addValue(parameter instanceof byte[] bytes ? Buffer.buffer(bytes) : parameter instanceof String text ? storable(text) : parameter);
        }
        return tuple;
    }

    /** PostgreSQL rejects U+0000. The replacement, which CommonMark and HTML also use, lets a search for such a text find nothing. */
    static String storable(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
    }

    static List<SqlRow> rows(RowSet<Row> rows) {
        List<SqlRow> all = new ArrayList<>(rows.size());
        rows.forEach(row -> all.add(new PostgresRow(row)));
        return all;
    }
}
