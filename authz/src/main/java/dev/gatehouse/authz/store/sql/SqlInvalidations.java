package dev.gatehouse.authz.store.sql;

import dev.gatehouse.authz.store.InvalidationKind;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

/** Tells the other processes on this store, within the transaction of the change, what to forget. */
final class SqlInvalidations {

    private static final String INSERT = "INSERT INTO invalidation (kind, subject, created_at) VALUES ($1, $2, $3)";

    private SqlInvalidations() {
    }

    static Future<Integer> announce(Statements statements, InvalidationKind kind, String subject, long at) {
        return statements.update(INSERT, kind.wireName(), subject, at);
    }
}
