package dev.gatehouse.shared.sql;

import io.vertx.core.Future;

/**
 * The body of a transaction. The database may run it again, on another thread, after a serialization conflict, so its statements
 * must be its only side effects.
 *
 * @param <T> the type of the result
 */
@FunctionalInterface
public interface Transaction<T> {

    /**
     * Runs the statements of the transaction.
     *
     * @param statements runs single statements
     * @return the result; if it fails, the changes are rolled back
     */
    Future<T> run(Statements statements);
}
