package dev.gatehouse.resource;

import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Transaction;
import io.vertx.core.Future;

import java.util.List;

/** A database that is opened when it is first used: a stdio server answers its first question sooner without it. */
record DeferredDatabase(Deferred<? extends Database> database) implements Database {

    @Override
    public <T> Future<T> write(Transaction<T> transaction) {
        return database.get().compose(open -> open.write(transaction));
    }

    @Override
    public Future<List<SqlRow>> read(String sql, Object... parameters) {
        return database.get().compose(open -> open.read(sql, parameters));
    }

    @Override
    public Future<Void> close() {
        return database.isMade() ? database.get().compose(Database::close) : Future.succeededFuture();
    }
}
