package dev.gatehouse.authz.token;

import dev.gatehouse.authz.token.RotationOutcome.Status;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.List;
import java.util.Optional;

/** The refresh tokens and the families that they belong to. */
public final class RefreshTokenStore {

    private static final String FIND = """
        SELECT spent.grant_id, spent.client_id, spent.expires_at, spent.rotated_at, spent.confirmation,
               successor.rotated_at AS successor_rotated_at, successor.confirmation AS successor_confirmation,
               authorization_grant.sub, authorization_grant.scopes, authorization_grant.resources,
               authorization_grant.created_at AS grant_created_at,
               authorization_grant.refreshes, authorization_grant.expires_at AS grant_expires_at, authorization_grant.revoked_at AS grant_revoked_at,
               user_account.disabled AS user_disabled
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
    /**
     * Spent tokens are kept as long as their grant, since forgetting one would hide its reuse. So a grant has a limit of
     * refreshes: this many, and some for each access token that fits its lifetime.
     */
    private static final long REFRESHES = 10_000;
    private static final long REFRESHES_PER_ACCESS_TOKEN = 4;
    private static final String GRANT_OF = "SELECT grant_id FROM refresh_token WHERE token_hash = $1 AND client_id = $2";

    private final Database database;

    public RefreshTokenStore(Database database) {
        this.database = database;
    }

    /** Spends a refresh token for its successor, in one transaction. A refused attempt spends nothing. */
    public Future<RotationOutcome> rotate(Rotation rotation) {
        return database.write(statements -> find(statements, rotation));
    }

    private static Future<RotationOutcome> find(Statements statements, Rotation rotation) {
        return statements.query(FIND, rotation.tokenHash())
            .compose(rows -> rows.isEmpty() ? Future.succeededFuture(new RotationOutcome(Status.UNKNOWN, null, null))
                : decide(statements, rotation, rows.get(0)));
    }

    private static Future<RotationOutcome> decide(Statements statements, Rotation rotation, SqlRow row) {
        Status status = status(rotation, row);
        return switch (status) {
            case ROTATED -> spend(statements, rotation, row);
            case KEPT -> keep(statements, rotation, row);
            case REPEATED -> issue(statements, rotation, row, Status.REPEATED);
            case REUSED -> SqlGrantStatements.revoke(statements, row.text("grant_id"), rotation.issue().at())
                .map(revoked -> outcome(Status.REUSED, row, null));
            default -> Future.succeededFuture(outcome(status, row, null));
        };
    }

    private static Status status(Rotation rotation, SqlRow row) {
        long now = rotation.issue().at();
        boolean spent = row.numberOrNull("rotated_at") != null;
        if (!row.text("client_id").equals(rotation.clientId())) {
            return Status.OTHER_CLIENT;
        }
        if (!provesKey(rotation, row.text("confirmation"))) {
            return Status.OTHER_KEY;
        }
        if (SqlGrantStatements.hasEnded(row, now)) {
            return Status.GRANT_ENDED;
        }
        if (spent && !isInGrace(rotation, row)) {
            return isOldCopy(rotation, row) ? Status.OLD_COPY : Status.REUSED;
        }
        if (spent && !provesKey(rotation, row.text("successor_confirmation"))) {
            return Status.OTHER_KEY;
        }
        if (!spent && (row.number("expires_at") <= now || isUsedUp(row, rotation.issue().accessMillis()))) {
            return Status.EXPIRED;
        }
        if (!Scopes.parse(row.text("scopes")).containsAll(rotation.scopes())) {
            return Status.INVALID_SCOPE;
        }
        if (!SqlGrantStatements.covers(row, rotation.resources(), rotation.issue().limits())) {
            return Status.INVALID_TARGET;
        }
        if (!SqlGrantStatements.allows(row, rotation.scopes(), rotation.resources(), rotation.issue().limits())) {
            return Status.INVALID_SCOPE;
        }
        return spent ? Status.REPEATED : rotation.kept() && isHolderProven(rotation, row) ? Status.KEPT : Status.ROTATED;
    }

    /** Whether the token comes from the installation that it was issued to: by its client's own proof, or the key it is bound to. */
    private static boolean isHolderProven(Rotation rotation, SqlRow row) {
        return rotation.clientProven() || row.text("confirmation") != null;
    }

    /** Soon after a token was spent its reuse is a sign of theft, whoever presents it. */
    private static boolean isOldCopy(Rotation rotation, SqlRow row) {
        return isHolderProven(rotation, row) && rotation.issue().at() - row.number("rotated_at") >= rotation.oldCopyMillis();
    }

    /** Who does not hold the key that a token is bound to can do nothing with it, neither for himself nor to its owner. */
    private static boolean provesKey(Rotation rotation, String bound) {
        return bound == null || bound.equals(SqlGrantStatements.stored(rotation.issue().confirmation()));
    }

    /**
     * A lost answer is asked for again soon, and by one who cannot have used what was in it. Soon is so by clocks that may
     * differ a little, but a clock that was set back opens no wider door.
     */
    private static boolean isInGrace(Rotation rotation, SqlRow row) {
        return row.numberOrNull("successor_rotated_at") == null
            && Math.abs(rotation.issue().at() - row.number("rotated_at")) < rotation.graceMillis();
    }

    private static boolean isUsedUp(SqlRow row, long accessMillis) {
        long lifetime = row.number("grant_expires_at") - row.number("grant_created_at");
        return row.number("refreshes") >= REFRESHES + REFRESHES_PER_ACCESS_TOKEN * lifetime / Math.max(1, accessMillis);
    }

    private static Future<RotationOutcome> keep(Statements statements, Rotation rotation, SqlRow row) {
        return statements.update(KEEP, SqlGrantStatements.refreshExpiry(row, rotation.issue()), rotation.tokenHash())
            .compose(kept -> kept == 0 ? find(statements, rotation) : issue(statements, rotation, row, Status.KEPT));
    }

    /** Of several that come this far at once one wins; for the others the token is now a spent one. */
    private static Future<RotationOutcome> spend(Statements statements, Rotation rotation, SqlRow row) {
        return statements.update(SPEND, rotation.issue().at(), rotation.issue().refreshHash(), rotation.tokenHash())
            .compose(won -> won == 0 ? find(statements, rotation)
                : SqlGrantStatements.insertRefresh(statements, row, rotation.issue())
                    .compose(stored -> statements.update(COUNT, row.text("grant_id")))
                    .compose(counted -> issue(statements, rotation, row, Status.ROTATED)));
    }

    private static Future<RotationOutcome> issue(Statements statements, Rotation rotation, SqlRow row, Status status) {
        Scopes scopes = Scopes.parse(row.text("scopes")).intersect(rotation.implied().values());
        AccessToken token = SqlGrantStatements.accessToken(row, scopes, rotation.resources(), rotation.issue());
        return SqlGrantStatements.insertAccess(statements, token).map(stored -> outcome(status, row, stored));
    }

    private static RotationOutcome outcome(Status status, SqlRow row, AccessToken token) {
        return new RotationOutcome(status, row.text("grant_id"), token);
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
        return SqlGrantStatements.revoke(statements, grantId, at)
            .map(live -> live ? Optional.of(grantId) : Optional.empty());
    }

    /**
     * A client's attempt to use a refresh token (RFC 6749 §6).
     *
     * @param scopes what the access token is asked for; empty for all that was granted
     * @param implied those scopes and what they imply, of which the token gets what was granted
     * @param resources what the access token is asked for; empty for all that was granted
     * @param issue the tokens to store if the attempt succeeds; its refresh token is the successor
     * @param graceMillis how long the token, once spent, still yields the same successor
     * @param clientProven whether the client has authenticated itself
     * @param kept whether the token stays the same where its holder is proven
     * @param oldCopyMillis how long ago a token has to be spent that a proven holder may present without harm to its grant
     */
    public record Rotation(String tokenHash, String clientId, Scopes scopes, Scopes implied, List<String> resources,
                           IssueRequest issue, long graceMillis, boolean clientProven, boolean kept, long oldCopyMillis) {

        public Rotation {
            resources = List.copyOf(resources);
        }
    }
}
