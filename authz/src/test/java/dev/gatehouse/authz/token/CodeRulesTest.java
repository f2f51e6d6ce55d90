package dev.gatehouse.authz.token;

import static dev.gatehouse.authz.support.Issues.ACCESS_MILLIS;
import static dev.gatehouse.authz.support.Issues.GRANT_EXPIRES_AT;
import static dev.gatehouse.authz.support.Issues.NOW;
import static dev.gatehouse.authz.support.Issues.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Issues;
import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.authz.token.CodeRules.Attempt;
import dev.gatehouse.authz.token.CodeRules.Reason;
import dev.gatehouse.authz.token.CodeRules.Redeemed;
import dev.gatehouse.authz.token.CodeRules.Refused;
import dev.gatehouse.authz.token.CodeRules.StoredCode;
import dev.gatehouse.authz.token.GrantStore.StoredGrant;
import org.junit.jupiter.api.Test;

import java.util.List;

class CodeRulesTest {

    private static final String REDIRECT = "http://127.0.0.1/callback";
    private static final Confirmation KEY = Confirmation.ofKey("thumb");

    private static final StoredCode CODE = code(Issues.grant(), 0, NOW + 1, false, null);
    private static final Attempt RIGHT = attempt("app", REDIRECT, "challenge", List.of(), NOW, null);

    @Test
    void rightAttemptGetsWhatTheGrantHolds() {
        AccessToken token = ((Redeemed) CodeRules.decide(CODE, RIGHT)).token();
        assertThat(token.grantId()).isEqualTo("gnt_1");
        assertThat(token.sub()).isEqualTo("user");
        assertThat(token.scopes().toString()).isEqualTo("mcp:read mcp:write");
        assertThat(token.audience()).containsExactly(RESOURCE);
        assertThat(token.expiresAt()).isEqualTo(NOW + ACCESS_MILLIS);
    }

    @Test
    void tokenNeverOutlivesItsGrant() {
        long late = GRANT_EXPIRES_AT - 1;
        StoredCode code = code(Issues.grant(), 0, late + 1, false, null);
        AccessToken token = ((Redeemed) CodeRules.decide(code, attempt("app", REDIRECT, "challenge", List.of(), late, null))).token();
        assertThat(token.expiresAt()).isEqualTo(GRANT_EXPIRES_AT);
    }

    @Test
    void eachWrongPartOfAnAttemptHasItsReason() {
        assertRefused(CODE, attempt("other", REDIRECT, "challenge", List.of(), NOW, null), Reason.OTHER_CLIENT);
        assertRefused(CODE, attempt("app", REDIRECT, "wrong", List.of(), NOW, null), Reason.WRONG_VERIFIER);
        assertRefused(CODE, attempt("app", REDIRECT, "", List.of(), NOW, null), Reason.WRONG_VERIFIER);
        assertRefused(CODE, attempt("app", "http://127.0.0.1/other", "challenge", List.of(), NOW, null), Reason.WRONG_REDIRECT_URI);
        assertRefused(CODE, attempt("app", REDIRECT, "challenge", List.of("http://localhost:8002/mcp"), NOW, null), Reason.INVALID_TARGET);
        assertRedeemed(CODE, attempt("app", null, "challenge", List.of(RESOURCE), NOW, null));
        assertRedeemed(CODE, attempt("app", REDIRECT, "challenge", List.of(RESOURCE + "/"), NOW, null));
    }

    @Test
    void codeExpiresAtItsTimeAndAfterFiveWrongTries() {
        assertRefused(CODE, attempt("app", REDIRECT, "challenge", List.of(), NOW + 1, null), Reason.EXPIRED);
        assertRefused(code(Issues.grant(), 5, NOW + 1, false, null), RIGHT, Reason.TOO_MANY_TRIES);
        assertRedeemed(code(Issues.grant(), 4, NOW + 1, false, null), RIGHT);
    }

    @Test
    void boundCodeNeedsItsKey() {
        StoredCode bound = code(Issues.grant(), 0, NOW + 1, false, "thumb");
        assertRefused(bound, RIGHT, Reason.OTHER_KEY);
        assertRefused(bound, attempt("app", REDIRECT, "challenge", List.of(), NOW, Confirmation.ofKey("other")), Reason.OTHER_KEY);
        assertRefused(bound, attempt("app", REDIRECT, "challenge", List.of(), NOW, new Confirmation(Confirmation.CERTIFICATE, "thumb")), Reason.OTHER_KEY);
        assertRedeemed(bound, attempt("app", REDIRECT, "challenge", List.of(), NOW, KEY));
    }

    @Test
    void grantThatHasEndedYieldsNothing() {
        assertRefused(code(Issues.grant(true, false), 0, NOW + 1, false, null), RIGHT, Reason.GRANT_ENDED);
        assertRefused(code(Issues.grant(false, true), 0, NOW + 1, false, null), RIGHT, Reason.GRANT_ENDED);
        long end = GRANT_EXPIRES_AT;
        assertRefused(code(Issues.grant(), 0, end + 1, false, null), attempt("app", REDIRECT, "challenge", List.of(), end, null), Reason.GRANT_ENDED);
    }

    @Test
    void onlyARightReplayRevokes() {
        StoredCode spent = code(Issues.grant(), 0, NOW + 1, true, "thumb");
        assertRefused(spent, attempt("app", REDIRECT, "challenge", List.of(), NOW, KEY), Reason.REPLAYED);
        assertRefused(spent, attempt("app", REDIRECT, "challenge", List.of(), NOW + 2, KEY), Reason.REPLAYED);
        assertRefused(spent, attempt("app", REDIRECT, "challenge", List.of(), NOW, null), Reason.SPENT);
        assertRefused(spent, attempt("app", REDIRECT, "wrong", List.of(), NOW, KEY), Reason.SPENT);
        assertRefused(spent, attempt("app", "http://127.0.0.1/other", "challenge", List.of(), NOW, KEY), Reason.SPENT);
        assertRefused(spent, attempt("other", REDIRECT, "challenge", List.of(), NOW, KEY), Reason.OTHER_CLIENT);
    }

    private static StoredCode code(StoredGrant grant, long failures, long expiresAt, boolean spent, String dpopJkt) {
        return new StoredCode(grant, REDIRECT, "challenge", failures, expiresAt, spent, dpopJkt);
    }

    private static Attempt attempt(String client, String redirect, String challenge, List<String> resources, long now, Confirmation proved) {
        return new Attempt("hash", client, redirect, challenge, resources, Issues.at(now, proved));
    }

    private static void assertRedeemed(StoredCode code, Attempt attempt) {
        assertThat(CodeRules.decide(code, attempt)).isInstanceOf(Redeemed.class);
    }

    private static void assertRefused(StoredCode code, Attempt attempt, Reason reason) {
        assertThat(CodeRules.decide(code, attempt)).isEqualTo(new Refused(reason, "gnt_1"));
    }
}
