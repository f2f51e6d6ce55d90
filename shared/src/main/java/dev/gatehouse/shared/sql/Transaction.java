package dev.gatehouse.shared.sql;

import io.vertx.core.Future;

/**
 * The body of a transaction. It may be run again from its start, on another thread, when the store asks for it (a
 * serialisation conflict), so it has no side effect but its statements.
 */
@FunctionalInterface
public interface Transaction<T> {

    Future<T> run(Statements statements);
}
