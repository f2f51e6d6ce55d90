package dev.gatehouse.authz.assertion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.authz.assertion.AssertionOptions.AudienceOptions;
import dev.gatehouse.authz.assertion.TrustedIssuerOptions.ClaimConditions;
import dev.gatehouse.authz.assertion.TrustedIssuerOptions.WorkloadOptions;
import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Pins every key of the trust in others, and every default. */
class AssertionOptionsTest {

    private static final ClaimConditions ANY = ClaimConditions.NONE;

    @Test
    void leastThatCanBeSaidTrustsNobodyWithAnything() {
        AssertionOptions options = read("production", """
            {"trustedIssuers": [{"issuer": "https://a.example"}], "audiences": [{"issuer": "https://b.example", "clients": {"x": "y"}}]}
            """);
        assertThat(options).isEqualTo(new AssertionOptions(true, false,
            List.of(new TrustedIssuerOptions("https://a.example", null, null, List.of(), 3600, null, false, ANY, List.of(), List.of(), AccountMapping.Rule.NONE,
                List.of())), false,
            List.of(new AudienceOptions("https://b.example", Map.of("x", "y"), List.of(), List.of(), 300))));
        assertThat(options.acceptsAny()).isTrue();
        assertThat(options.acceptsIdentities()).isFalse();
        assertThat(options.makesAny()).isTrue();
    }

    @Test
    void nothingIsOnInProductionUntilSomebodyIsTrusted() {
        AssertionOptions none = read("production", "{}");
        assertThat(none).isEqualTo(new AssertionOptions(true, false, List.of(), false, List.of()));
        assertThat(none.acceptsAny() || none.acceptsIdentities() || none.makesAny()).isFalse();
        AssertionOptions off = read("production", "{\"enabled\": false, \"trustedIssuers\": [{\"issuer\": \"https://a.example\", \"accounts\": \"linked\"}]}");
        assertThat(off.acceptsAny() || off.acceptsIdentities()).isFalse();
        AssertionOptions demo = read("demo", "{}");
        assertThat(demo.acceptsAny() && demo.acceptsIdentities() && demo.makesAny()).isTrue();
    }

    @Test
    void everyKeyIsRead() {
        AssertionOptions options = read("production", """
            {"enabled": true, "anyLoopbackIssuer": true, "anyLoopbackAudience": true,
             "trustedIssuers": [{"issuer": "https://a.example", "jwks": {"keys": []}, "jwksUri": "https://a.example/keys",
               "algorithms": ["ES256"], "maximumLifetimeSeconds": 1, "accessTokenSeconds": 2, "publicClients": true,
               "claims": {"tenant": ["t1", "t2"]}, "scopes": ["s"], "resources": ["HTTPS://R.example/"], "accounts": "created",
               "workloads": [{"client": "c", "user": "u", "audience": "aud", "claims": {"sub": "w"}, "singleUse": false,
                              "scopes": ["s1"], "resources": ["https://r1.example"]}]}],
             "audiences": [{"issuer": "https://b.example", "clients": {"x": "y"}, "resources": ["https://r2.example/"],
                            "scopes": ["s2"], "lifetimeSeconds": 60}]}
            """);
        WorkloadOptions workload = new WorkloadOptions("c", "u", "aud", new ClaimConditions(Map.of("sub", List.of("w"))), false,
            List.of("s1"), List.of("https://r1.example"));
        assertThat(options).isEqualTo(new AssertionOptions(true, true, List.of(new TrustedIssuerOptions("https://a.example",
            new JsonObject("{\"keys\": []}"), "https://a.example/keys", List.of("ES256"), 1, 2L, true,
            new ClaimConditions(Map.of("tenant", List.of("t1", "t2"))), List.of("s"), List.of("https://r.example"), AccountMapping.Rule.CREATED,
            List.of(workload))), true, List.of(new AudienceOptions("https://b.example", Map.of("x", "y"), List.of("https://r2.example"),
            List.of("s2"), 60))));
    }

    @Test
    void whatIsNoConfigurationIsNamed() {
        assertThatThrownBy(() -> read("demo", "{\"trustedIssuers\": [{\"issuer\": \"https://a.example\", \"claims\": {\"sub\": 7}}]}"))
            .isInstanceOf(StartupException.class).hasMessageContaining("assertions.trustedIssuers[0].claims.sub: expected a text or a non-empty list, each entry a text, found 7");
        assertThatThrownBy(() -> read("demo", "{\"trustedIssuers\": [{\"issuer\": \"https://a.example\", \"claims\": {\"sub\": []}}]}"))
            .isInstanceOf(StartupException.class).hasMessageContaining("sub");
        assertThatThrownBy(() -> read("demo", "{\"audiences\": [{\"issuer\": \"https://a.example\", \"clients\": {\"app\": 7}}]}"))
            .isInstanceOf(StartupException.class).hasMessageContaining("assertions.audiences[0].clients.app: expected a non-empty text, found 7");
        for (String wrong : List.of("{\"issuer\": \"a.example\"}", "{}", "{\"issuer\": \"https://a.example\", \"accounts\": \"all\"}",
            "{\"issuer\": \"https://a.example\", \"algorithms\": [\"HS256\"]}", "{\"issuer\": \"https://a.example?x\"}",
            "{\"issuer\": \"https://a.example\", \"workloads\": [{\"client\": \"c\", \"claims\": {}}]}")) {
            assertThatThrownBy(() -> read("demo", "{\"trustedIssuers\": [" + wrong + "]}")).as(wrong).isInstanceOf(StartupException.class);
        }
    }

    @Test
    void conditionsAreComparedExactlyAndAllOfThem() {
        ClaimConditions conditions = new ClaimConditions(Map.of("sub", List.of("a"), "ref", List.of("x", "y")));
        assertThat(conditions.meets(new JsonObject("{\"sub\": \"a\", \"ref\": \"y\"}"))).isTrue();
        assertThat(conditions.meets(new JsonObject("{\"sub\": \"a\", \"ref\": [\"z\", \"x\"]}"))).isTrue();
        for (String claims : List.of("{\"sub\": \"a\"}", "{\"ref\": \"x\"}", "{\"sub\": \"A\", \"ref\": \"x\"}",
            "{\"sub\": \"a\", \"ref\": \"xy\"}", "{\"sub\": \"a\", \"ref\": []}", "{\"sub\": \"a\", \"ref\": null}",
            "{\"sub\": \"a\", \"ref\": {\"x\": 1}}", "{\"sub\": [], \"ref\": \"x\"}")) {
            assertThat(conditions.meets(new JsonObject(claims))).as(claims).isFalse();
        }
    }

    private static AssertionOptions read(String profile, String assertions) {
        JsonObject json = new JsonObject().put("profile", profile).put("assertions", new JsonObject(assertions));
        return AuthzOptions.of(ConfigFile.check(json, AuthzOptions.SCHEMA, Map.of())).assertions();
    }
}
