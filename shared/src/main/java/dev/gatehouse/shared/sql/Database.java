package dev.gatehouse.shared.sql;

import io.vertx.core.Future;

import java.util.List;

/**
 * A store reached with SQL text that SQLite and PostgreSQL both accept: parameters are {@code $1}, {@code $2}, … and
 * each number first appears in ascending order. Safe for use from any thread; futures complete on the caller's context.
 */
public interface Database {

    /**
     * Runs a transaction and completes only after its commit is durable.
     *
     * @return what the body's future held; or its failure, after everything that this body wrote was rolled back. A
     *     body that wants a change kept and the request refused returns an outcome instead of failing.
     */
    <T> Future<T> write(Transaction<T> transaction);

    /**
     * Runs one query on a snapshot that holds every write completed before this call.
     *
     * @param parameters {@code String}, {@code Long}, {@code Integer}, {@code byte[]} or null
     */
    Future<List<SqlRow>> read(String sql, Object... parameters);

    /** Changes a row for good, which shows that the store keeps changes. Its schema has a table {@code write_probe}. */
    default Future<Void> probe(long now) {
        return write(statements -> statements.update("UPDATE write_probe SET at = $1 WHERE id = 1", now)).mapEmpty();
    }

    /** Ends accepting work, finishes what is queued and closes the files or connections. */
    Future<Void> close();
}
