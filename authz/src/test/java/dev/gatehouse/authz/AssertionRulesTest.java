package dev.gatehouse.authz;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.util.List;

class AssertionRulesTest {

    @Test
    void trustInOthersIsFine() {
        assertThat(problems("production", "{\"trustedIssuers\": [{\"issuer\": \"https://a.example\"}]}")).isEmpty();
        assertThat(problems("demo", "{\"trustedIssuers\": [{\"issuer\": \"http://localhost:1\"}]}")).isEmpty();
    }

    @Test
    void trustInOneselfIsRefused() {
        assertThat(problems("production", "{\"trustedIssuers\": [{\"issuer\": \"https://self.example\"}]}"))
            .singleElement().asString().contains("https://self.example is this server itself");
        assertThat(problems("demo", "{\"audiences\": [{\"issuer\": \"https://self.example\", \"clients\": {\"a\": \"a\"}}]}"))
            .singleElement().asString().contains("assertions.audiences").contains("itself");
    }

    @Test
    void oneNameTwiceAndKeysThatAreNoneAreRefused() {
        assertThat(problems("production", "{\"trustedIssuers\": [{\"issuer\": \"https://a.example\"}, {\"issuer\": \"https://a.example\"}]}"))
            .singleElement().asString().contains("twice");
        for (String jwks : List.of("{}", "{\"keys\": []}", "{\"keys\": 7}", "{\"keys\": [{\"kty\": \"oct\", \"k\": \"AAAA\"}]}")) {
            assertThat(problems("production", "{\"trustedIssuers\": [{\"issuer\": \"https://a.example\", \"jwks\": " + jwks + "}]}"))
                .as(jwks).singleElement().asString().contains("no usable public key");
        }
    }

    @Test
    void productionTrustsNobodyForBeingNearby() {
        assertThat(problems("production", "{\"anyLoopbackIssuer\": true}")).singleElement().asString().contains("anyLoopbackIssuer");
        assertThat(problems("production", "{\"anyLoopbackAudience\": true}")).singleElement().asString().contains("anyLoopbackAudience");
        assertThat(problems("production", "{\"trustedIssuers\": [{\"issuer\": \"http://localhost:1\"}]}"))
            .singleElement().asString().contains("https");
        assertThat(problems("demo", "{}")).isEmpty();
    }

    private static List<String> problems(String profile, String assertions) {
        return AssertionRules.problems(AuthzOptions.of(new JsonObject().put("profile", profile).put("issuer", "https://self.example")
            .put("assertions", new JsonObject(assertions))));
    }
}
