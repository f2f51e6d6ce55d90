package dev.gatehouse.authz.consent;

import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import io.vertx.core.Future;

import java.util.Optional;

/** Reads active grants of users. */
public final class ApprovalStore {

    private static final String FIND = """
        SELECT user_account.sub, user_account.email, user_account.name, authorization_grant.scopes,
               authorization_grant.authenticated_at
        FROM authorization_grant JOIN user_account ON user_account.sub = authorization_grant.sub
        WHERE authorization_grant.sub = $1 AND authorization_grant.client_id = $2 AND authorization_grant.expires_at > $3
          AND authorization_grant.revoked_at IS NULL AND authorization_grant.authenticated_at IS NOT NULL
          AND user_account.disabled = 0
        ORDER BY authorization_grant.created_at DESC
        """;
    private static final String BY_REFRESH_TOKEN = """
        SELECT user_account.sub, user_account.email, user_account.name, authorization_grant.scopes,
               authorization_grant.authenticated_at, refresh_token.confirmation
        FROM refresh_token JOIN authorization_grant ON authorization_grant.grant_id = refresh_token.grant_id
        JOIN user_account ON user_account.sub = authorization_grant.sub
        WHERE refresh_token.token_hash = $1 AND refresh_token.client_id = $2 AND refresh_token.expires_at > $3
          AND refresh_token.rotated_at IS NULL AND authorization_grant.expires_at > $3
          AND authorization_grant.revoked_at IS NULL AND authorization_grant.authenticated_at IS NOT NULL
          AND user_account.disabled = 0
        """;

    private final Database database;

    public ApprovalStore(Database database) {
        this.database = database;
    }

    /** The newest grant of a user to a client that includes a scope. */
    public Future<Optional<Approval>> find(String sub, String clientId, String scope, long at) {
        return database.read(FIND, sub, clientId, at).map(rows -> rows.stream().map(row -> approval(row, null))
            .filter(approval -> approval.scopes().contains(scope)).findFirst());
    }

    /** The grant of a client's valid refresh token. The token is not consumed. */
    public Future<Optional<Approval>> findByRefreshToken(String tokenHash, String clientId, long at) {
        return database.read(BY_REFRESH_TOKEN, tokenHash, clientId, at).map(rows -> rows.stream().findFirst()
            .map(row -> approval(row, Confirmation.of(row.text("confirmation")))));
    }

    private static Approval approval(SqlRow row, Confirmation confirmation) {
        return new Approval(row.text("sub"), row.text("email"), row.text("name"), Scopes.parse(row.text("scopes")),
            row.number("authenticated_at"), confirmation);
    }

    /**
     * An active grant of a user to a client.
     *
     * @param email or null
     * @param name or null
     * @param authenticatedAt when the user entered the password, epoch milliseconds
     * @param confirmation the binding of the refresh token, or null
     */
    public record Approval(String sub, String email, String name, Scopes scopes, long authenticatedAt, Confirmation confirmation) {
    }
}
