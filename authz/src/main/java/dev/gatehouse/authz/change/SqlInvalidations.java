package dev.gatehouse.authz.change;

import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

/** Tells the other processes on this store, within the transaction of the change, what to forget. */
public final class SqlInvalidations {

    private static final String INSERT = "INSERT INTO invalidation (kind, subject, created_at) VALUES ($1, $2, $3)";
    private static final String INSERT_EXCHANGED = """
        INSERT INTO invalidation (kind, subject, created_at)
        SELECT DISTINCT $1, access_token.grant_id, CAST($2 AS BIGINT) FROM access_token
        JOIN authorization_grant ON authorization_grant.grant_id = access_token.grant_id
        WHERE authorization_grant.client_id = $3 AND access_token.client_id <> $3
        """;

    private SqlInvalidations() {
    }

    /**
     * That a client goes, with all its grants. Comes before it does, while it can still be told which of them other clients
     * hold tokens of, having exchanged some (RFC 8693).
     */
    public static Future<Integer> announceEnd(Statements statements, String clientId, long at) {
        return statements.update(INSERT_EXCHANGED, InvalidationKind.GRANT.wireName(), at, clientId)
            .compose(grants -> announce(statements, InvalidationKind.CLIENT, clientId, at));
    }

    public static Future<Integer> announce(Statements statements, InvalidationKind kind, String subject, long at) {
        return statements.update(INSERT, kind.wireName(), subject, at);
    }
}
