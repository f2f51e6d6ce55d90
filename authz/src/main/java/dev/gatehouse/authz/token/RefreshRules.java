package dev.gatehouse.authz.token;

import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.authz.token.GrantStore.StoredGrant;
import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;

/** Decides what a refresh token yields (RFC 6749 §6, RFC 9700 §4.14.2). Pure. */
final class RefreshRules {

    /**
     * Spent tokens are kept as long as their grant, because forgetting one would hide its reuse. A grant is therefore refreshed at most
     * this many times, and a few times more for each access token that fits its lifetime.
     */
    private static final long REFRESHES = 10_000;
    private static final long REFRESHES_PER_ACCESS_TOKEN = 4;

    private RefreshRules() {
    }

    /**
     * A refresh token as the store reads it.
     *
     * @param refreshes of the grant until now
     * @param expiresAt epoch milliseconds
     * @param rotatedAt when it was spent, epoch milliseconds, or null
     * @param confirmation what it is bound to, or null
     * @param successor the token that it was spent for, or null
     */
    record StoredRefreshToken(StoredGrant grant, long refreshes, long expiresAt, Long rotatedAt, Confirmation confirmation,
                              Successor successor) {

        boolean isSpent() {
            return rotatedAt != null;
        }
    }

    /** The token that a spent one was spent for. @param spent whether it has been used */
    record Successor(boolean spent, Confirmation confirmation) {
    }

    /**
     * A client's attempt to use a refresh token.
     *
     * @param scopes what the access token is asked for; empty for all that was granted
     * @param implied those scopes and what they imply; the token gets what was granted of them
     * @param resources what the access token is asked for; empty for all that was granted
     * @param issue the tokens to store if the attempt succeeds; its refresh token is the successor
     * @param graceMillis how long the token, once spent, still yields the same successor
     * @param clientProven whether the client has authenticated
     * @param kept whether the token stays the same where its holder is proven
     * @param oldCopyMillis a proven holder may present a token that was spent longer ago than this without harm to its grant
     */
    record Attempt(String tokenHash, String clientId, Scopes scopes, Scopes implied, List<String> resources, IssueRequest issue,
                   long graceMillis, boolean clientProven, boolean kept, long oldCopyMillis) {

        Attempt {
            resources = List.copyOf(resources);
        }
    }

    /** The decision on an attempt. */
    sealed interface Outcome {
    }

    /** An access token is issued. */
    record Refreshed(Rotation rotation, AccessToken token) implements Outcome {
    }

    enum Rotation {
        /** The token is spent for its successor. */
        ROTATED,
        /** The token was spent a moment ago and its successor is unused. The response was lost, and is given again. */
        REPEATED,
        /** The client keeps the token. */
        KEPT
    }

    /** Nothing is issued. @param grantId null for an unknown token */
    record Refused(Reason reason, String grantId) implements Outcome {
    }

    enum Reason {
        UNKNOWN, OTHER_CLIENT, OTHER_KEY, EXPIRED, GRANT_ENDED, INVALID_SCOPE, INVALID_TARGET,
        /** A proven holder presents a token that was spent long ago. It is refused alone. */
        OLD_COPY,
        /** Any other use of a spent token. The grant is revoked. */
        REUSED
    }

    static Outcome decide(StoredRefreshToken token, Attempt attempt) {
        Reason refusal = refusal(token, attempt);
        if (refusal != null) {
            return new Refused(refusal, token.grant().id());
        }
        Scopes scopes = token.grant().granted().scopes().intersect(attempt.implied().values());
        return new Refreshed(rotation(token, attempt), attempt.issue().accessToken(token.grant(), scopes, attempt.resources()));
    }

    private static Rotation rotation(StoredRefreshToken token, Attempt attempt) {
        if (token.isSpent()) {
            return Rotation.REPEATED;
        }
        return attempt.kept() && isHolderProven(token, attempt) ? Rotation.KEPT : Rotation.ROTATED;
    }

    private static Reason refusal(StoredRefreshToken token, Attempt attempt) {
        long now = attempt.issue().at();
        if (!token.grant().clientId().equals(attempt.clientId())) {
            return Reason.OTHER_CLIENT;
        }
        if (!provesKey(attempt, token.confirmation())) {
            return Reason.OTHER_KEY;
        }
        if (token.grant().hasEnded(now)) {
            return Reason.GRANT_ENDED;
        }
        if (token.isSpent() && !isInGrace(token, attempt)) {
            return isOldCopy(token, attempt) ? Reason.OLD_COPY : Reason.REUSED;
        }
        if (token.isSpent() && !provesKey(attempt, token.successor() == null ? null : token.successor().confirmation())) {
            return Reason.OTHER_KEY;
        }
        if (!token.isSpent() && (token.expiresAt() <= now || isUsedUp(token, attempt.issue().accessMillis()))) {
            return Reason.EXPIRED;
        }
        return excess(token, attempt);
    }

    /** The reason when the attempt asks for more than the grant yields; null otherwise. */
    private static Reason excess(StoredRefreshToken token, Attempt attempt) {
        var granted = token.grant().granted();
        if (!granted.scopes().containsAll(attempt.scopes())) {
            return Reason.INVALID_SCOPE;
        }
        if (!attempt.issue().allowance().covers(granted, attempt.resources())) {
            return Reason.INVALID_TARGET;
        }
        return attempt.issue().allowance().allows(granted, attempt.scopes(), attempt.resources()) ? null : Reason.INVALID_SCOPE;
    }

    /** The client's authentication, or the key of the token, proves that the rightful holder presents it. */
    private static boolean isHolderProven(StoredRefreshToken token, Attempt attempt) {
        return attempt.clientProven() || token.confirmation() != null;
    }

    /** Soon after a token was spent, its reuse is a sign of theft, even by a proven holder. */
    private static boolean isOldCopy(StoredRefreshToken token, Attempt attempt) {
        return isHolderProven(token, attempt) && attempt.issue().at() - token.rotatedAt() >= attempt.oldCopyMillis();
    }

    /** Without the key of a bound token, an attempt has no effect on the token or its owner. */
    private static boolean provesKey(Attempt attempt, Confirmation bound) {
        return bound == null || bound.equals(attempt.issue().confirmation());
    }

    /**
     * A client asks again for a lost response soon, and before it can have used its refresh token. Clocks may differ a little, but a
     * clock that was set back does not extend the grace.
     */
    private static boolean isInGrace(StoredRefreshToken token, Attempt attempt) {
        boolean successorUsed = token.successor() != null && token.successor().spent();
        return !successorUsed && Math.abs(attempt.issue().at() - token.rotatedAt()) < attempt.graceMillis();
    }

    private static boolean isUsedUp(StoredRefreshToken token, long accessMillis) {
        long lifetime = token.grant().expiresAt() - token.grant().createdAt();
        return token.refreshes() >= REFRESHES + REFRESHES_PER_ACCESS_TOKEN * lifetime / Math.max(1, accessMillis);
    }
}
