package dev.gatehouse.authz.token;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.change.InvalidationStore;
import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.authz.scope.LoginClaims;
import dev.gatehouse.authz.scope.PersonScopes;
import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.authz.user.UserGroupStore;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.List;
import java.util.Optional;

/** Access tokens. */
public final class AccessTokenStore {

    /** Inserts nothing when the client is gone. */
    private static final String INSERT = """
        INSERT INTO access_token (token_hash, grant_id, client_id, sub, scopes, audience, issued_at, expires_at,
                                  confirmation)
        SELECT $1, $2, client.client_id, $3, $4, $5, CAST($6 AS BIGINT), CAST($7 AS BIGINT), $8
        FROM client WHERE client.client_id = $9
        """;
    /** A client's own token has no grant and therefore no user, even where a user's sub equals the client's name. */
    private static final String FIND = """
        SELECT token.token_hash, token.grant_id, token.client_id, token.sub, token.scopes, token.audience,
               token.issued_at, token.expires_at, token.confirmation, user_account.username, user_account.email, user_account.name,
               user_account.created_at, user_account.last_login_at, authorization_grant.resources AS granted,
               authorization_grant.authenticated_at, authorization_grant.methods, authorization_grant.acr
        FROM access_token AS token
        LEFT JOIN authorization_grant ON authorization_grant.grant_id = token.grant_id
        LEFT JOIN user_account ON user_account.sub = authorization_grant.sub
        WHERE token.token_hash = $1 AND token.revoked_at IS NULL
          AND (token.grant_id IS NULL OR (authorization_grant.revoked_at IS NULL AND user_account.disabled = 0))
        """;
    private static final String REVOKE = """
        UPDATE access_token SET revoked_at = $1 WHERE token_hash = $2 AND client_id = $3 AND revoked_at IS NULL
        """;

    private final Database database;

    public AccessTokenStore(Database database) {
        this.database = database;
    }

    /** Stores a token; {@code invalid_client} when its client has been deleted since it authenticated. */
    public Future<AccessToken> issue(AccessToken token) {
        return database.write(statements -> insert(statements, token));
    }

    /** Stores a token of a request. It has only scopes that the groups of its user allow; see the other method of this name. */
    public Future<AccessToken> issue(AccessToken token, IssueRequest issue) {
        return database.write(statements -> insert(statements, token, issue));
    }

    /**
     * Stores a token of a request, as a step of a transaction, with the scopes that the groups of its user allow now. Fails with
     * {@code invalid_scope} if they allow none; the failure rolls back the transaction, so that nothing is spent.
     */
    public static Future<AccessToken> insert(Statements statements, AccessToken token, IssueRequest issue) {
        if (token.grantId() == null || !issue.allowance().dependsOnGroups(token.scopes())) {
            return insert(statements, token);
        }
        return UserGroupStore.of(statements, token.sub()).compose(groups -> {
            Scopes permitted = issue.allowance().permitted(token.scopes(), token.audience(), groups);
            return permitted.isEmpty() && !token.scopes().isEmpty() ? Future.failedFuture(PersonScopes.lacking())
                : insert(statements, token.withScopes(permitted));
        });
    }

    private static Future<AccessToken> insert(Statements statements, AccessToken token) {
        return statements.update(INSERT, token.hash(), token.grantId(), token.sub(), token.scopes().toString(),
            SpaceSeparated.write(token.audience()), token.issuedAt(), token.expiresAt(), Confirmation.stored(token.confirmation()),
            token.clientId()).compose(rows -> rows > 0 ? Future.succeededFuture(token) : Future.failedFuture(new OAuthException(
                OAuthErrorCode.INVALID_CLIENT, "Client authentication failed", "the client was deleted meanwhile")));
    }

    /** A token by its hash, unless it, its grant, its user or its client has ended. */
    public Future<Optional<ActiveToken>> find(String hash) {
        return database.read(FIND, hash).map(rows -> rows.stream().findFirst().map(AccessTokenStore::activeToken));
    }

    /** Revokes a token of this client. Returns false, changing nothing, when there is no live one. */
    public Future<Boolean> revoke(String hash, String clientId, long at) {
        return database.write(statements -> statements.update(REVOKE, at, hash, clientId)
            .compose(rows -> rows == 0 ? Future.succeededFuture(false)
                : InvalidationStore.announce(statements, InvalidationKind.TOKEN, hash, at).map(true)));
    }

    private static ActiveToken activeToken(SqlRow row) {
        AccessToken token = new AccessToken(row.text("token_hash"), row.text("grant_id"), row.text("client_id"),
            row.text("sub"), Scopes.parse(row.text("scopes")), SpaceSeparated.read(row.text("audience")),
            row.number("issued_at"), row.number("expires_at"), Confirmation.of(row.text("confirmation")));
        return new ActiveToken(token, row.text("username") == null ? null : new ActiveUser(row.text("username"),
            row.text("email"), row.text("name"), row.number("created_at"), row.numberOrNull("last_login_at")),
            SpaceSeparated.readOrNone(row.text("granted")),
            new LoginClaims(row.numberOrNull("authenticated_at"), SpaceSeparated.readOrNone(row.text("methods")), row.text("acr")));
    }

    /**
     * An access token that is not revoked, with its user. The caller checks its expiry.
     *
     * @param user null for a client's own token
     * @param granted the resources that the user agreed to; empty for a client's own token
     * @param login the login of the user
     */
    public record ActiveToken(AccessToken token, ActiveUser user, List<String> granted, LoginClaims login) {

        public ActiveToken {
            granted = List.copyOf(granted);
        }
    }

    /**
     * The user data that resource servers receive.
     *
     * @param email or null
     * @param name or null
     * @param createdAt epoch milliseconds
     * @param lastLoginAt epoch milliseconds, or null
     */
    public record ActiveUser(String username, String email, String name, long createdAt, Long lastLoginAt) {
    }
}
