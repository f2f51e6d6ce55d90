package dev.gatehouse.authz.assertion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.authz.assertion.AssertionOptions.AudienceOptions;
import dev.gatehouse.authz.consent.ApprovalStore.Approval;
import dev.gatehouse.authz.support.TestClock;
import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class IdentityClaimsTest {

    private static final AudienceOptions OPEN = AudienceOptions.loopback("http://localhost:1");
    private static final AudienceOptions NARROW = new AudienceOptions("https://chat.example", Map.of(), List.of("https://r1.example", "https://r2.example"),
        List.of("a", "b"), 60);
    private final TestClock clock = new TestClock();
    private final IdentityClaims claims = new IdentityClaims("https://self.example", clock);

    @Test
    void personIsToldOfOnlyWhatWasAgreedTo() {
        assertThat(claims("openid").containsKey("email")).isFalse();
        assertThat(claims("openid").containsKey("name")).isFalse();
        assertThat(claims("openid email").getString("email")).isEqualTo("a@example.com");
        assertThat(claims("openid email").getBoolean("email_verified")).isTrue();
        assertThat(claims("openid profile").getString("name")).isEqualTo("A");
    }

    @Test
    void lifetimeIsTheAudiencesAndEachHasANameOfItsOwn() {
        JsonObject first = claims("openid");
        assertThat(first.getLong("exp") - first.getLong("iat")).isEqualTo(60);
        assertThat(first.getLong("iat")).isEqualTo(clock.millis() / 1000);
        assertThat(first.getString("jti")).isNotEqualTo(claims("openid").getString("jti"));
        assertThat(first.containsKey("cnf")).isFalse();
    }

    @Test
    void oneResourceIsATextAndSeveralAreAnArray() {
        assertThat(of(List.of("https://r1.example")).getValue("resource")).isEqualTo("https://r1.example");
        assertThat(of(List.of("https://r1.example", "https://r2.example")).getValue("resource")).isEqualTo(new JsonArray()
            .add("https://r1.example").add("https://r2.example"));
        assertThat(of(List.of()).containsKey("resource")).isFalse();
    }

    @Test
    void resourcesAndScopesAreNarrowedToWhatTheAudienceAllows() {
        assertThat(IdentityClaims.resources(List.of("https://x.example/"), OPEN)).containsExactly("https://x.example");
        assertThat(IdentityClaims.resources(List.of(), OPEN)).isEmpty();
        assertThat(IdentityClaims.resources(List.of("https://r2.example", "https://x.example"), NARROW)).containsExactly("https://r2.example");
        assertThat(IdentityClaims.resources(List.of(), NARROW)).containsExactly("https://r1.example", "https://r2.example");
        assertThatThrownBy(() -> IdentityClaims.resources(List.of("https://x.example"), NARROW)).isInstanceOf(OAuthException.class);
        assertThat(IdentityClaims.scopes(Scopes.of("x"), OPEN)).isEqualTo(Scopes.of("x"));
        assertThat(IdentityClaims.scopes(Scopes.NONE, OPEN)).isEqualTo(Scopes.NONE);
        assertThat(IdentityClaims.scopes(Scopes.of("x", "b"), NARROW)).isEqualTo(Scopes.of("b"));
        assertThat(IdentityClaims.scopes(Scopes.NONE, NARROW)).isEqualTo(Scopes.of("a", "b"));
        assertThatThrownBy(() -> IdentityClaims.scopes(Scopes.of("x"), NARROW)).isInstanceOf(OAuthException.class);
    }

    @Test
    void provedKeyIsNamed() {
        assertThat(claims.of(approval("openid"), NARROW, "c", List.of(), Scopes.NONE, Confirmation.ofKey("thumb")).getJsonObject("cnf"))
            .isEqualTo(new JsonObject().put("jkt", "thumb"));
    }

    private JsonObject claims(String scopes) {
        return claims.of(approval(scopes), NARROW, "c", List.of(), Scopes.NONE, null);
    }

    private JsonObject of(List<String> resources) {
        return claims.of(approval("openid"), NARROW, "c", resources, Scopes.NONE, null);
    }

    private static Approval approval(String scopes) {
        return new Approval("usr_a", "a@example.com", "A", Scopes.parse(scopes), 0, null);
    }
}
