package dev.gatehouse.authz.token;

import dev.gatehouse.authz.change.SpaceSeparated;
import dev.gatehouse.authz.scope.CurrentAllowance.Granted;
import dev.gatehouse.authz.scope.LoginClaims;
import dev.gatehouse.authz.token.CodeRules.Attempt;
import dev.gatehouse.authz.token.CodeRules.Outcome;
import dev.gatehouse.authz.token.CodeRules.Reason;
import dev.gatehouse.authz.token.CodeRules.Redeemed;
import dev.gatehouse.authz.token.CodeRules.Refused;
import dev.gatehouse.authz.token.CodeRules.StoredCode;
import dev.gatehouse.authz.token.GrantStore.StoredGrant;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.List;

/** Authorization codes: stored when a user approves, redeemed at most once. */
public final class AuthorizationCodeStore {

    private static final String INSERT = """
        INSERT INTO authorization_code (code_hash, grant_id, client_id, redirect_uri, code_challenge, scopes, resources,
                                        expires_at, nonce, dpop_jkt)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """;
    private static final String FIND = """
        SELECT code.grant_id, code.client_id, code.redirect_uri, code.code_challenge, code.scopes, code.resources,
               code.failures, code.expires_at, code.consumed_at, code.dpop_jkt, authorization_grant.sub,
               authorization_grant.created_at AS grant_created_at, authorization_grant.expires_at AS grant_expires_at,
               authorization_grant.revoked_at AS grant_revoked_at, user_account.disabled AS user_disabled
        FROM authorization_code AS code
        JOIN authorization_grant ON authorization_grant.grant_id = code.grant_id
        JOIN user_account ON user_account.sub = authorization_grant.sub
        WHERE code.code_hash = $1
        """;
    private static final String COUNT_FAILURE = "UPDATE authorization_code SET failures = failures + 1 WHERE code_hash = $1";
    private static final String CONSUME =
        "UPDATE authorization_code SET consumed_at = $1 WHERE code_hash = $2 AND consumed_at IS NULL";

    private final Database database;

    public AuthorizationCodeStore(Database database) {
        this.database = database;
    }

    /** Stores an approval with its code, as a step of a transaction. Returns false, storing nothing, when the client is gone. */
    public static Future<Boolean> insert(Statements statements, AuthorizationCode code) {
        StoredGrant grant = new StoredGrant(code.grantId(), code.clientId(), code.sub(), new Granted(code.scopes(), code.resources()),
            code.createdAt(), code.grantExpiresAt(), false, false);
        return GrantStore.insert(statements, grant, code.redirectUri(), code.login())
            .compose(stored -> !stored ? Future.succeededFuture(false)
                : statements.update(INSERT, code.codeHash(), code.grantId(), code.clientId(), code.redirectUri(), code.codeChallenge(),
                    code.scopes().toString(), SpaceSeparated.write(code.resources()), code.codeExpiresAt(), code.nonce(), code.dpopJkt())
                    .map(true));
    }

    /** Redeems a code in one transaction. A refused attempt leaves the code as it was, but wrong proofs are counted. */
    Future<Outcome> redeem(Attempt attempt) {
        return database.write(statements -> statements.query(FIND, attempt.codeHash())
            .compose(rows -> rows.isEmpty() ? Future.succeededFuture(new Refused(Reason.UNKNOWN, null))
                : redeem(statements, attempt, code(rows.get(0)))));
    }

    private static Future<Outcome> redeem(Statements statements, Attempt attempt, StoredCode code) {
        Outcome outcome = CodeRules.decide(code, attempt);
        if (outcome instanceof Redeemed redeemed) {
            return consume(statements, attempt, code, redeemed);
        }
        Future<?> effect = switch (((Refused) outcome).reason()) {
            case WRONG_VERIFIER, WRONG_REDIRECT_URI -> statements.update(COUNT_FAILURE, attempt.codeHash());
            case REPLAYED -> GrantStore.revoke(statements, code.grant().id(), attempt.issue().at());
            default -> Future.succeededFuture();
        };
        return effect.map(outcome);
    }

    /** Of several concurrent attempts, on however many nodes, the condition lets one win. The others are replays. */
    private static Future<Outcome> consume(Statements statements, Attempt attempt, StoredCode code, Redeemed redeemed) {
        String grantId = code.grant().id();
        return statements.update(CONSUME, attempt.issue().at(), attempt.codeHash())
            .compose(won -> won > 0 ? GrantStore.issue(statements, code.grant(), attempt.issue(), redeemed.token()).map(Redeemed::new)
                : GrantStore.revoke(statements, grantId, attempt.issue().at()).map(new Refused(Reason.REPLAYED, grantId)));
    }

    private static StoredCode code(SqlRow row) {
        StoredGrant grant = new StoredGrant(row.text("grant_id"), row.text("client_id"), row.text("sub"),
            new Granted(Scopes.parse(row.text("scopes")), SpaceSeparated.read(row.text("resources"))), row.number("grant_created_at"),
            row.number("grant_expires_at"), row.numberOrNull("grant_revoked_at") != null, row.number("user_disabled") != 0);
        return new StoredCode(grant, row.text("redirect_uri"), row.text("code_challenge"), row.number("failures"),
            row.number("expires_at"), row.numberOrNull("consumed_at") != null, row.text("dpop_jkt"));
    }

    /**
     * A user's approval, with the code by which the client redeems it (RFC 6749 §4.1).
     *
     * @param grantId opaque; the family that every token of this approval belongs to
     * @param redirectUri as it was sent in the authorization request
     * @param codeChallenge S256 (RFC 7636 §4.2); empty where the client needs none
     * @param resources audiences that tokens may be asked for, at least one
     * @param createdAt epoch milliseconds
     * @param codeExpiresAt epoch milliseconds
     * @param grantExpiresAt epoch milliseconds: no token of the family outlives it
     * @param login the login in whose session the user approved
     * @param nonce for the ID token, or null
     * @param dpopJkt thumbprint of the key that the code is bound to, or null
     */
    public record AuthorizationCode(String grantId, String codeHash, String sub, String clientId, String redirectUri,
                            String codeChallenge, Scopes scopes, List<String> resources, long createdAt, long codeExpiresAt,
                            long grantExpiresAt, LoginClaims login, String nonce, String dpopJkt) {

        public AuthorizationCode {
            resources = List.copyOf(resources);
        }
    }
}
