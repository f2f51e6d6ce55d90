package dev.gatehouse.shared.sql;

import io.vertx.core.Future;

import java.util.List;

/** Runs statements in one transaction. They fail after the transaction's body has completed. */
public interface Statements {

    /**
     * Runs a query, or a change with a {@code RETURNING} clause.
     *
     * @param sql the statement
     * @param parameters its parameters
     * @return the rows in the statement's order; empty if none matched
     */
    Future<List<SqlRow>> query(String sql, Object... parameters);

    /**
     * Runs a change without a {@code RETURNING} clause.
     *
     * @param sql the statement
     * @param parameters its parameters
     * @return the number of changed rows
     */
    Future<Integer> update(String sql, Object... parameters);
}
