package dev.gatehouse.shared.sql;

import io.vertx.core.Future;

/**
 * The body of a transaction. The database may run it again, on another thread, after a serialization conflict, so its statements
 * must be its only side effects.
 */
@FunctionalInterface
public interface Transaction<T> {

    Future<T> run(Statements statements);
}
