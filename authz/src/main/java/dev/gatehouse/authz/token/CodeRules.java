package dev.gatehouse.authz.token;

import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.authz.token.GrantStore.StoredGrant;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.oauth.UrlSpelling;
import dev.gatehouse.shared.secret.SecretToken;

import java.util.List;

/** Decides whether a code is redeemed (RFC 6749 §4.1.3, RFC 7636 §4.6). Pure. */
final class CodeRules {

    private static final int MOST_TRIES = 5;

    private CodeRules() {
    }

    /**
     * A code as the store reads it.
     *
     * @param codeChallenge S256; empty where the client needs none
     * @param failures how many attempts had a wrong verifier or redirect URI
     * @param expiresAt epoch milliseconds
     * @param spent whether it has been redeemed
     * @param dpopJkt thumbprint of the key that the code is bound to, or null
     */
    record StoredCode(StoredGrant grant, String redirectUri, String codeChallenge, long failures, long expiresAt, boolean spent,
                      String dpopJkt) {
    }

    /**
     * A client's attempt to redeem a code.
     *
     * @param redirectUri as it was sent again, or null
     * @param codeChallenge S256 of the verifier that was sent; empty for none
     * @param resources what the access token is asked for; empty for all that was approved
     * @param issue the tokens to store if the attempt succeeds
     */
    record Attempt(String codeHash, String clientId, String redirectUri, String codeChallenge, List<String> resources,
                   IssueRequest issue) {

        Attempt {
            resources = List.copyOf(resources);
        }
    }

    /** The decision on an attempt. */
    sealed interface Outcome {
    }

    /** The code is redeemed for this token. */
    record Redeemed(AccessToken token) implements Outcome {
    }

    /** Nothing is issued. @param grantId null for an unknown code */
    record Refused(Reason reason, String grantId) implements Outcome {
    }

    enum Reason {
        UNKNOWN, OTHER_CLIENT, OTHER_KEY, EXPIRED, TOO_MANY_TRIES, WRONG_VERIFIER, WRONG_REDIRECT_URI, INVALID_TARGET, GRANT_ENDED,
        /** A second redemption, right in every other way. The grant is revoked. */
        REPLAYED,
        /** A second redemption without the proof of the first one. It revokes nothing. */
        SPENT
    }

    static Outcome decide(StoredCode code, Attempt attempt) {
        Reason refusal = refusal(code, attempt);
        return refusal == null ? new Redeemed(attempt.issue().accessToken(code.grant(), Scopes.NONE, attempt.resources()))
            : new Refused(refusal, code.grant().id());
    }

    /** The proofs come first: only their holder may learn, or cause, anything more. */
    private static Reason refusal(StoredCode code, Attempt attempt) {
        long now = attempt.issue().at();
        if (!code.grant().clientId().equals(attempt.clientId())) {
            return Reason.OTHER_CLIENT;
        }
        if (!code.spent() && code.expiresAt() <= now) {
            return Reason.EXPIRED;
        }
        if (!code.spent() && code.failures() >= MOST_TRIES) {
            return Reason.TOO_MANY_TRIES;
        }
        Reason unproven = unproven(code, attempt);
        if (code.spent()) {
            return unproven == null ? Reason.REPLAYED : Reason.SPENT;
        }
        if (unproven != null) {
            return unproven;
        }
        if (code.grant().hasEnded(now)) {
            return Reason.GRANT_ENDED;
        }
        return attempt.issue().allowance().covers(code.grant().granted(), attempt.resources()) ? null : Reason.INVALID_TARGET;
    }

    private static Reason unproven(StoredCode code, Attempt attempt) {
        if (!SecretToken.constantTimeEquals(code.codeChallenge(), attempt.codeChallenge())) {
            return Reason.WRONG_VERIFIER;
        }
        if (attempt.redirectUri() != null && !UrlSpelling.areSame(attempt.redirectUri(), code.redirectUri())) {
            return Reason.WRONG_REDIRECT_URI;
        }
        boolean provesKey = code.dpopJkt() == null || Confirmation.ofKey(code.dpopJkt()).equals(attempt.issue().confirmation());
        return provesKey ? null : Reason.OTHER_KEY;
    }
}
