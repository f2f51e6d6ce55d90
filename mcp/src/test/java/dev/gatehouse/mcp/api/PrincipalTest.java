package dev.gatehouse.mcp.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.util.Set;

class PrincipalTest {

    private static String userKey(String issuer, String subject, String client) {
        return new Principal(issuer, subject, client, Set.of("a"), 1, new JsonObject()).userKey();
    }

    @Test
    void aUserIsKnownByIssuerAndSubjectAlone() {
        String alice = userKey("https://one.example", "alice", "desktop");

        assertThat(userKey("https://one.example", "alice", "phone")).isEqualTo(alice);
        assertThat(userKey("https://two.example", "alice", "desktop")).isNotEqualTo(alice);
        assertThat(userKey("https://one.example", "bob", "desktop")).isNotEqualTo(alice);
        // No choice of subject at one issuer makes a user of another.
        assertThat(userKey("https://one.example/a", "b", "desktop")).isNotEqualTo(userKey("https://one.example", "/ab", "desktop"));
        assertThat(userKey("https://one.example", "x b", "desktop")).isNotEqualTo(userKey("https://one.example x", "b", "desktop"));
    }
}
