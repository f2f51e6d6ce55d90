package dev.gatehouse.authz.token;

import static dev.gatehouse.authz.support.Issues.ACCESS_MILLIS;
import static dev.gatehouse.authz.support.Issues.GRANT_EXPIRES_AT;
import static dev.gatehouse.authz.support.Issues.NOW;
import static dev.gatehouse.authz.support.Issues.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Issues;
import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.authz.token.GrantStore.StoredGrant;
import dev.gatehouse.authz.token.RefreshRules.Attempt;
import dev.gatehouse.authz.token.RefreshRules.Reason;
import dev.gatehouse.authz.token.RefreshRules.Refreshed;
import dev.gatehouse.authz.token.RefreshRules.Refused;
import dev.gatehouse.authz.token.RefreshRules.Rotation;
import dev.gatehouse.authz.token.RefreshRules.StoredRefreshToken;
import dev.gatehouse.authz.token.RefreshRules.Successor;
import dev.gatehouse.shared.oauth.Scopes;
import org.junit.jupiter.api.Test;

import java.util.List;

class RefreshRulesTest {

    private static final long GRACE = 60_000;
    private static final long OLD_COPY = 3_600_000;
    private static final Confirmation KEY = Confirmation.ofKey("thumb");
    private static final Successor UNUSED = new Successor(false, null);
    private static final StoredRefreshToken LIVE = token(Issues.grant(), 0, null, null, null);

    @Test
    void liveTokenIsRotated() {
        Refreshed refreshed = refreshed(LIVE, attempt(NOW, null, Scopes.NONE, List.of()));
        assertThat(refreshed.rotation()).isEqualTo(Rotation.ROTATED);
        assertThat(refreshed.token().scopes().toString()).isEqualTo("mcp:read mcp:write");
        assertThat(refreshed.token().audience()).containsExactly(RESOURCE);
    }

    @Test
    void tokenIsKeptOnlyWhereItsHolderIsProven() {
        assertThat(refreshed(LIVE, keeping(true, null)).rotation()).isEqualTo(Rotation.KEPT);
        assertThat(refreshed(LIVE, keeping(false, null)).rotation()).isEqualTo(Rotation.ROTATED);
        assertThat(refreshed(token(Issues.grant(), 0, null, KEY, null), keeping(false, KEY)).rotation()).isEqualTo(Rotation.KEPT);
    }

    @Test
    void lostResponseIsRepeatedWithinTheGraceOfEitherClock() {
        for (long elapsed : List.of(0L, GRACE - 1, 1 - GRACE)) {
            StoredRefreshToken spent = token(Issues.grant(), 0, NOW - elapsed, null, UNUSED);
            assertThat(refreshed(spent, attempt(NOW, null, Scopes.NONE, List.of())).rotation()).as("%d", elapsed).isEqualTo(Rotation.REPEATED);
        }
        for (long elapsed : List.of(GRACE, -GRACE)) {
            assertRefused(token(Issues.grant(), 0, NOW - elapsed, null, UNUSED), attempt(NOW, null, Scopes.NONE, List.of()), Reason.REUSED);
        }
    }

    @Test
    void spentTokenIsReusedOnceItsSuccessorIsUsed() {
        assertRefused(token(Issues.grant(), 0, NOW - 1, null, new Successor(true, null)), attempt(NOW, null, Scopes.NONE, List.of()), Reason.REUSED);
    }

    @Test
    void oldCopyOfAProvenHolderIsRefusedAlone() {
        StoredRefreshToken old = token(Issues.grant(), 0, NOW - OLD_COPY, null, new Successor(true, null));
        assertRefused(old, proven(true), Reason.OLD_COPY);
        assertRefused(old, proven(false), Reason.REUSED);
        assertRefused(token(Issues.grant(), 0, NOW - OLD_COPY + 1, null, new Successor(true, null)), proven(true), Reason.REUSED);
    }

    @Test
    void withoutItsKeyABoundTokenIsOfNoEffect() {
        StoredRefreshToken bound = token(Issues.grant(), 0, null, KEY, null);
        assertRefused(bound, attempt(NOW, null, Scopes.NONE, List.of()), Reason.OTHER_KEY);
        assertRefused(bound, attempt(NOW, Confirmation.ofKey("other"), Scopes.NONE, List.of()), Reason.OTHER_KEY);
        refreshed(bound, attempt(NOW, KEY, Scopes.NONE, List.of()));
        StoredRefreshToken successorBound = token(Issues.grant(), 0, NOW - 1, null, new Successor(false, KEY));
        assertRefused(successorBound, attempt(NOW, null, Scopes.NONE, List.of()), Reason.OTHER_KEY);
        refreshed(successorBound, attempt(NOW, KEY, Scopes.NONE, List.of()));
    }

    @Test
    void tokenOfAnotherClientOrAnEndedGrantYieldsNothing() {
        Attempt other = new Attempt("hash", "other", Scopes.NONE, Scopes.NONE, List.of(), Issues.at(NOW, null), GRACE, true, false, OLD_COPY);
        assertRefused(LIVE, other, Reason.OTHER_CLIENT);
        assertRefused(token(Issues.grant(true, false), 0, null, null, null), proven(true), Reason.GRANT_ENDED);
        assertRefused(token(Issues.grant(false, true), 0, null, null, null), proven(true), Reason.GRANT_ENDED);
        assertRefused(token(Issues.grant(true, false), 0, NOW - GRACE, null, UNUSED), proven(false), Reason.GRANT_ENDED);
        assertRefused(LIVE, attempt(NOW + 2 * ACCESS_MILLIS, null, Scopes.NONE, List.of()), Reason.EXPIRED);
    }

    @Test
    void grantHasABoundedNumberOfRefreshes() {
        long most = 10_000 + 4 * (GRANT_EXPIRES_AT - Issues.grant().createdAt()) / ACCESS_MILLIS;
        refreshed(token(Issues.grant(), most - 1, null, null, null), proven(true));
        assertRefused(token(Issues.grant(), most, null, null, null), proven(true), Reason.EXPIRED);
    }

    @Test
    void narrowerTokenIsIssuedAndAWiderOneRefused() {
        assertThat(refreshed(LIVE, attempt(NOW, null, Scopes.of("mcp:read"), List.of(RESOURCE))).token().scopes()).isEqualTo(Scopes.of("mcp:read"));
        assertRefused(LIVE, attempt(NOW, null, Scopes.of("mcp:read", "profile"), List.of()), Reason.INVALID_SCOPE);
        assertRefused(LIVE, attempt(NOW, null, Scopes.NONE, List.of("http://localhost:8002/mcp")), Reason.INVALID_TARGET);
    }

    private static StoredRefreshToken token(StoredGrant grant, long refreshes, Long rotatedAt, Confirmation bound, Successor successor) {
        return new StoredRefreshToken(grant, refreshes, NOW + 2 * ACCESS_MILLIS, rotatedAt, bound, successor);
    }

    private static Attempt attempt(long now, Confirmation proved, Scopes scopes, List<String> resources) {
        return new Attempt("hash", "app", scopes, scopes, resources, Issues.at(now, proved), GRACE, false, false, OLD_COPY);
    }

    private static Attempt keeping(boolean clientProven, Confirmation proved) {
        return new Attempt("hash", "app", Scopes.NONE, Scopes.NONE, List.of(), Issues.at(NOW, proved), GRACE, clientProven, true, OLD_COPY);
    }

    private static Attempt proven(boolean clientProven) {
        return new Attempt("hash", "app", Scopes.NONE, Scopes.NONE, List.of(), Issues.at(NOW, null), GRACE, clientProven, false, OLD_COPY);
    }

    private static Refreshed refreshed(StoredRefreshToken token, Attempt attempt) {
        assertThat(RefreshRules.decide(token, attempt)).isInstanceOf(Refreshed.class);
        return (Refreshed) RefreshRules.decide(token, attempt);
    }

    private static void assertRefused(StoredRefreshToken token, Attempt attempt, Reason reason) {
        assertThat(RefreshRules.decide(token, attempt)).isEqualTo(new Refused(reason, "gnt_1"));
    }
}
