package dev.gatehouse.authz.change;

import dev.gatehouse.shared.sql.ChangeFeed.FeedTable;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

/** Stores which cached objects are out of date, in the transaction of each change. All processes on the database read it as a feed. */
public final class InvalidationStore {

    public static final FeedTable FEED = new FeedTable("invalidation", "kind, subject");

    private static final String INSERT = "INSERT INTO invalidation (kind, subject, created_at) VALUES ($1, $2, $3)";
    private static final String INSERT_EXCHANGED = """
        INSERT INTO invalidation (kind, subject, created_at)
        SELECT DISTINCT $1, access_token.grant_id, CAST($2 AS BIGINT) FROM access_token
        JOIN authorization_grant ON authorization_grant.grant_id = access_token.grant_id
        WHERE authorization_grant.client_id = $3 AND access_token.client_id <> $3
        """;

    private InvalidationStore() {
    }

    /**
     * Invalidates a client that is about to be deleted, and its grants of which other clients hold exchanged tokens (RFC 8693). After
     * the deletion those grants could not be found.
     */
    public static Future<Integer> announceEnd(Statements statements, String clientId, long at) {
        return statements.update(INSERT_EXCHANGED, InvalidationKind.GRANT.wireName(), at, clientId)
            .compose(grants -> announce(statements, InvalidationKind.CLIENT, clientId, at));
    }

    /** Invalidates an object. @param at epoch milliseconds */
    public static Future<Integer> announce(Statements statements, InvalidationKind kind, String subject, long at) {
        statements.wake(FEED.name());
        return statements.update(INSERT, kind.wireName(), subject, at);
    }
}
