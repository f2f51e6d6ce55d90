package dev.gatehouse.authz.token;

import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.authz.scope.CurrentAllowance.Granted;
import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.authz.token.GrantStore.StoredGrant;
import dev.gatehouse.authz.token.RefreshRules.Attempt;
import dev.gatehouse.authz.token.RefreshRules.Outcome;
import dev.gatehouse.authz.token.RefreshRules.Reason;
import dev.gatehouse.authz.token.RefreshRules.Refreshed;
import dev.gatehouse.authz.token.RefreshRules.Refused;
import dev.gatehouse.authz.token.RefreshRules.StoredRefreshToken;
import dev.gatehouse.authz.token.RefreshRules.Successor;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.Optional;

/** Refresh tokens. */
public final class RefreshTokenStore {

    private static final String INSERT = """
        INSERT INTO refresh_token (token_hash, grant_id, client_id, issued_at, expires_at, confirmation)
        VALUES ($1, $2, $3, $4, $5, $6)
        """;
    private static final String FIND = """
        SELECT spent.grant_id, spent.client_id, spent.expires_at, spent.rotated_at, spent.confirmation, spent.successor_hash,
               successor.rotated_at AS successor_rotated_at, successor.confirmation AS successor_confirmation,
               authorization_grant.sub, authorization_grant.scopes, authorization_grant.resources, authorization_grant.refreshes,
               authorization_grant.created_at AS grant_created_at, authorization_grant.expires_at AS grant_expires_at,
               authorization_grant.revoked_at AS grant_revoked_at, user_account.disabled AS user_disabled
        FROM refresh_token AS spent
        JOIN authorization_grant ON authorization_grant.grant_id = spent.grant_id
        JOIN user_account ON user_account.sub = authorization_grant.sub
        LEFT JOIN refresh_token AS successor ON successor.token_hash = spent.successor_hash
        WHERE spent.token_hash = $1
        """;
    private static final String SPEND = """
        UPDATE refresh_token SET rotated_at = $1, successor_hash = $2 WHERE token_hash = $3 AND rotated_at IS NULL
        """;
    private static final String KEEP = "UPDATE refresh_token SET expires_at = $1 WHERE token_hash = $2 AND rotated_at IS NULL";
    private static final String COUNT = "UPDATE authorization_grant SET refreshes = refreshes + 1 WHERE grant_id = $1";
    private static final String GRANT_OF = "SELECT grant_id FROM refresh_token WHERE token_hash = $1 AND client_id = $2";

    private final Database database;

    public RefreshTokenStore(Database database) {
        this.database = database;
    }

    /** Stores the refresh token of a request, as a step of a transaction. */
    static Future<Integer> insert(Statements statements, StoredGrant grant, IssueRequest issue) {
        return statements.update(INSERT, issue.refresh().hash(), grant.id(), grant.clientId(), issue.at(), issue.refreshExpiry(grant),
            Confirmation.stored(issue.refreshConfirmation()));
    }

    /** Uses a refresh token in one transaction. A refused attempt spends nothing. */
    Future<Outcome> refresh(Attempt attempt) {
        return database.write(statements -> refresh(statements, attempt));
    }

    private static Future<Outcome> refresh(Statements statements, Attempt attempt) {
        return statements.query(FIND, attempt.tokenHash())
            .compose(rows -> rows.isEmpty() ? Future.succeededFuture(new Refused(Reason.UNKNOWN, null))
                : refresh(statements, attempt, token(rows.get(0))));
    }

    private static Future<Outcome> refresh(Statements statements, Attempt attempt, StoredRefreshToken token) {
        Outcome outcome = RefreshRules.decide(token, attempt);
        if (outcome instanceof Refreshed refreshed) {
            return switch (refreshed.rotation()) {
                case ROTATED -> spend(statements, attempt, token, refreshed);
                case KEPT -> keep(statements, attempt, token, refreshed);
                case REPEATED -> AccessTokenStore.insert(statements, refreshed.token(), attempt.issue()).map(stored -> new Refreshed(refreshed.rotation(), stored));
            };
        }
        return ((Refused) outcome).reason() != Reason.REUSED ? Future.succeededFuture(outcome)
            : GrantStore.revoke(statements, token.grant().id(), attempt.issue().at()).map(outcome);
    }

    /** Of several concurrent attempts one wins. For the others the token is now a spent one. */
    private static Future<Outcome> spend(Statements statements, Attempt attempt, StoredRefreshToken token, Refreshed refreshed) {
        return statements.update(SPEND, attempt.issue().at(), attempt.issue().refresh().hash(), attempt.tokenHash())
            .compose(won -> won == 0 ? refresh(statements, attempt)
                : GrantStore.issue(statements, token.grant(), attempt.issue(), refreshed.token())
                    .compose(stored -> statements.update(COUNT, token.grant().id()).map(new Refreshed(refreshed.rotation(), stored))));
    }

    private static Future<Outcome> keep(Statements statements, Attempt attempt, StoredRefreshToken token, Refreshed refreshed) {
        return statements.update(KEEP, attempt.issue().refreshExpiry(token.grant()), attempt.tokenHash())
            .compose(kept -> kept == 0 ? refresh(statements, attempt)
                : AccessTokenStore.insert(statements, refreshed.token(), attempt.issue()).map(stored -> new Refreshed(refreshed.rotation(), stored)));
    }

    private static StoredRefreshToken token(SqlRow row) {
        StoredGrant grant = new StoredGrant(row.text("grant_id"), row.text("client_id"), row.text("sub"),
            new Granted(Scopes.parse(row.text("scopes")), SpaceSeparated.read(row.text("resources"))), row.number("grant_created_at"),
            row.number("grant_expires_at"), row.numberOrNull("grant_revoked_at") != null, row.number("user_disabled") != 0);
        Successor successor = row.text("successor_hash") == null ? null : new Successor(row.numberOrNull("successor_rotated_at") != null,
            Confirmation.of(row.text("successor_confirmation")));
        return new StoredRefreshToken(grant, row.number("refreshes"), row.number("expires_at"), row.numberOrNull("rotated_at"),
            Confirmation.of(row.text("confirmation")), successor);
    }

    /**
     * Revokes the whole grant of a refresh token of this client, be the token spent or not.
     *
     * @return the grant; nothing when the token is unknown, another client's, or its grant was revoked before
     */
    public Future<Optional<String>> revokeGrantOf(String tokenHash, String clientId, long at) {
        return database.write(statements -> statements.query(GRANT_OF, tokenHash, clientId)
            .compose(rows -> rows.isEmpty() ? Future.succeededFuture(Optional.empty())
                : revoke(statements, rows.get(0).text("grant_id"), at)));
    }

    private static Future<Optional<String>> revoke(Statements statements, String grantId, long at) {
        return GrantStore.revoke(statements, grantId, at).map(live -> live ? Optional.of(grantId) : Optional.empty());
    }
}
