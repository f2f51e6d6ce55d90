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

    /**
     * Waits until no other transaction holds this name, and holds it until this transaction ends. A rule that counts rows before it adds
     * one needs it, because a database with several writers does not show the rows of transactions in progress.
     *
     * @param name the name, such as {@code notes} and the owner
     * @return completes when this transaction holds the name
     */
    Future<Void> lock(String name);

    /**
     * Wakes the readers of a feed, in all processes, after this transaction has committed.
     *
     * @param feed the name of the table
     */
    void wake(String feed);
}
