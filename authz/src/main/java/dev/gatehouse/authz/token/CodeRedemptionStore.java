package dev.gatehouse.authz.token;

import dev.gatehouse.authz.token.RedemptionOutcome.Status;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.oauth.UrlSpelling;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.util.List;

/** Where codes are turned into tokens, each at most once. */
public final class CodeRedemptionStore {

    private static final int MOST_TRIES = 5;
    private static final String FIND = """
        SELECT code.grant_id, code.client_id, code.redirect_uri, code.code_challenge, code.scopes, code.resources,
               code.failures, code.expires_at, code.consumed_at, code.dpop_jkt,
               authorization_grant.sub, authorization_grant.expires_at AS grant_expires_at,
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

    public CodeRedemptionStore(Database database) {
        this.database = database;
    }

    /**
     * Redeems a code in one transaction. A refused attempt leaves the code as it was, but that wrong verifiers are
     * counted and a few of them end it.
     */
    public Future<RedemptionOutcome> redeem(Redemption redemption) {
        return database.write(statements -> statements.query(FIND, redemption.codeHash())
            .compose(rows -> rows.isEmpty() ? Future.succeededFuture(new RedemptionOutcome(Status.UNKNOWN, null, null))
                : decide(statements, redemption, rows.get(0))));
    }

    private static Future<RedemptionOutcome> decide(Statements statements, Redemption redemption, SqlRow code) {
        Status refusal = refusal(redemption, code);
        if (refusal == null) {
            return consume(statements, redemption, code);
        }
        Future<?> effect = switch (refusal) {
            case WRONG_VERIFIER, WRONG_REDIRECT_URI -> statements.update(COUNT_FAILURE, redemption.codeHash());
            case REPLAYED -> SqlGrantStatements.revoke(statements, code.text("grant_id"), redemption.issue().at());
            default -> Future.succeededFuture();
        };
        return effect.map(done -> outcome(refusal, code, null));
    }

    /** Why a code is not redeemed, or null when it is. The proof comes before all that only its holder may learn or cause. */
    private static Status refusal(Redemption redemption, SqlRow code) {
        boolean spent = code.numberOrNull("consumed_at") != null;
        if (!code.text("client_id").equals(redemption.clientId())) {
            return Status.OTHER_CLIENT;
        }
        if (!spent && code.number("expires_at") <= redemption.issue().at()) {
            return Status.EXPIRED;
        }
        if (!spent && code.number("failures") >= MOST_TRIES) {
            return Status.TOO_MANY_TRIES;
        }
        if (!SecretToken.constantTimeEquals(code.text("code_challenge"), redemption.codeChallenge())) {
            return spent ? Status.SPENT : Status.WRONG_VERIFIER;
        }
        if (redemption.redirectUri() != null && !UrlSpelling.areSame(redemption.redirectUri(), code.text("redirect_uri"))) {
            return spent ? Status.SPENT : Status.WRONG_REDIRECT_URI;
        }
        if (!provesKey(redemption.issue().confirmation(), code.text("dpop_jkt"))) {
            return spent ? Status.SPENT : Status.OTHER_KEY;
        }
        if (spent) {
            return Status.REPLAYED;
        }
        if (SqlGrantStatements.hasEnded(code, redemption.issue().at())) {
            return Status.GRANT_ENDED;
        }
        return SqlGrantStatements.covers(code, redemption.resources(), redemption.issue().limits()) ? null : Status.INVALID_TARGET;
    }

    private static boolean provesKey(Confirmation proved, String thumbprint) {
        return thumbprint == null || Confirmation.ofKey(thumbprint).equals(proved);
    }

    /** Of several that come this far at once, on however many nodes, the condition lets one win; the others are replays. */
    private static Future<RedemptionOutcome> consume(Statements statements, Redemption redemption, SqlRow code) {
        return statements.update(CONSUME, redemption.issue().at(), redemption.codeHash())
            .compose(won -> won > 0 ? issue(statements, redemption, code)
                : SqlGrantStatements.revoke(statements, code.text("grant_id"), redemption.issue().at())
                    .map(revoked -> outcome(Status.REPLAYED, code, null)));
    }

    private static Future<RedemptionOutcome> issue(Statements statements, Redemption redemption, SqlRow code) {
        AccessToken token = SqlGrantStatements.accessToken(code, Scopes.NONE, redemption.resources(), redemption.issue());
        Future<AccessToken> stored = SqlGrantStatements.insertAccess(statements, token);
        if (redemption.issue().refreshHash() != null) {
            stored = stored.compose(access -> SqlGrantStatements.insertRefresh(statements, code, redemption.issue()).map(access));
        }
        return stored.map(access -> outcome(Status.REDEEMED, code, access));
    }

    private static RedemptionOutcome outcome(Status status, SqlRow code, AccessToken token) {
        return new RedemptionOutcome(status, code.text("grant_id"), token);
    }

    /**
     * A client's attempt to turn a code into tokens (RFC 6749 §4.1.3).
     *
     * @param redirectUri as it was sent again, or null
     * @param codeChallenge S256 of the verifier that was sent; empty for none
     * @param resources what the access token is asked for; empty for all that was approved
     * @param issue the tokens to store if the attempt succeeds
     */
    public record Redemption(String codeHash, String clientId, String redirectUri, String codeChallenge,
                             List<String> resources, IssueRequest issue) {

        public Redemption {
            resources = List.copyOf(resources);
        }
    }
}
