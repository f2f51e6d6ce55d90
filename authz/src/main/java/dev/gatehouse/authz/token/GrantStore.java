package dev.gatehouse.authz.token;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.authz.change.InvalidationStore;
import dev.gatehouse.authz.scope.CurrentAllowance.Granted;
import dev.gatehouse.authz.scope.LoginClaims;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

/** Grants: begun by an approval or an assertion, ended by revocation. Every method is one step of a transaction. */
public final class GrantStore {

    private static final String INSERT = """
        INSERT INTO authorization_grant (grant_id, sub, client_id, redirect_uri, scopes, resources, created_at, expires_at,
                                         authenticated_at, methods, acr)
        SELECT $1, $2, client.client_id, $3, $4, $5, CAST($6 AS BIGINT), CAST($7 AS BIGINT), CAST($8 AS BIGINT), $9, $10
        FROM client WHERE client.client_id = $11
        """;
    private static final String REVOKE = """
        UPDATE authorization_grant SET revoked_at = $1 WHERE grant_id = $2 AND revoked_at IS NULL
        """;

    private GrantStore() {
    }

    /**
     * Stores a grant.
     *
     * @param place the redirect URI; or how the grant came about without one
     * @param login the login of the approval; {@link LoginClaims#NONE} if no user has logged in
     * @return false, storing nothing, when the client is gone
     */
    public static Future<Boolean> insert(Statements statements, StoredGrant grant, String place, LoginClaims login) {
        return UserStore.lock(statements, grant.sub()).compose(locked -> statements.update(INSERT, grant.id(), grant.sub(), place,
            grant.granted().scopes().toString(), SpaceSeparated.write(grant.granted().resources()), grant.createdAt(), grant.expiresAt(),
            login.authenticatedAt(), login.storedMethods(), login.acr(), grant.clientId())).map(rows -> rows > 0);
    }

    /** Stores the tokens of a grant: the access token, and the refresh token if the request has one. */
    public static Future<AccessToken> issue(Statements statements, StoredGrant grant, IssueRequest issue, AccessToken token) {
        return AccessTokenStore.insert(statements, token, issue).compose(stored -> issue.refresh() == null ? Future.succeededFuture(stored)
            : RefreshTokenStore.insert(statements, grant, issue).map(stored));
    }

    /** Ends a grant with all its codes and tokens. Returns whether it was live. */
    static Future<Boolean> revoke(Statements statements, String grantId, long at) {
        return statements.update(REVOKE, at, grantId)
            .compose(rows -> rows == 0 ? Future.succeededFuture(false)
                : InvalidationStore.announce(statements, InvalidationKind.GRANT, grantId, at).map(true));
    }

    /**
     * A grant as a store reads it: the family of all its tokens.
     *
     * @param granted the scopes and resources that the user agreed to
     * @param createdAt epoch milliseconds
     * @param expiresAt epoch milliseconds; no token of the family outlives it
     */
    public record StoredGrant(String id, String clientId, String sub, Granted granted, long createdAt, long expiresAt, boolean revoked,
                              boolean userDisabled) {

        /** Returns true if the grant yields no more tokens. */
        boolean hasEnded(long now) {
            return revoked || userDisabled || expiresAt <= now;
        }
    }
}
