package dev.gatehouse.shared.sql;

import io.vertx.core.Future;

import java.util.List;

/** Runs statements inside one transaction. Of no use after the transaction's body has completed. */
public interface Statements {

    /**
     * A query, or a change with a {@code RETURNING} clause.
     *
     * @return the rows, in the statement's order; empty when none matched
     */
    Future<List<SqlRow>> query(String sql, Object... parameters);

    /** A change without a {@code RETURNING} clause. Returns the number of rows that it changed. */
    Future<Integer> update(String sql, Object... parameters);
}
