package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.http.HttpResponse;
import java.util.Map;

/** Guessing passwords and flooding endpoints (RFC 9700 §4.13). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ThrottlingIT {
    private static final int FAILURES = 5;
    private static final int REQUESTS = 30;
    private RunningGatehouse gatehouse;

    @BeforeAll
    void start() {
        JsonObject limits = new JsonObject().put("tokenPerMinute", REQUESTS).put("revokePerMinute", REQUESTS)
            .put("introspectPerMinute", REQUESTS).put("authorizePerMinute", 1000);
        gatehouse = RunningGatehouse.configured(new JsonObject().put("rateLimits", limits).put("login",
            new JsonObject().put("failuresPerAccount", FAILURES).put("failuresPerSource", 1000)), new JsonObject());
        Commands.addUser(gatehouse.home(), "guessed", "right password");
        Commands.addUser(gatehouse.home(), "bystander", "right password");
    }

    @AfterAll
    void stop() {
        gatehouse.close();
    }

    @Test
    void guessedAccountIsLockedForAWhileAndOthersAreNot() {
        for (int i = 0; i < FAILURES; i++) {
            assertThat(login("guessed", "wrong" + i).asksForPassword()).isTrue();
        }
        Page locked = login("guessed", "right password");
        assertThat(locked.status()).as("the right password is refused too:\n%s", locked.body()).isEqualTo(429);
        assertThat(Integer.parseInt(locked.header("Retry-After"))).isPositive();
        assertThat(login("bystander", "right password").asksForPassword()).isFalse();

        gatehouse.kill();
        gatehouse.start();
        assertThat(login("guessed", "right password").status()).as("the lock outlives a restart").isEqualTo(429);
    }

    @Test
    void floodedEndpointsSayWhenToComeBack() {
        OAuthClient client = gatehouse.client();
        assertFlooded(client.issuer() + "/oauth/token", Map.of("grant_type", "nonsense"));
        assertFlooded(client.issuer() + "/oauth/introspect", Map.of("token", "x"));
        assertFlooded(client.issuer() + "/oauth/revoke", Map.of("token", "x"));
    }

    /** A header that anybody can send must not make a new caller of the same one. */
    private static void assertFlooded(String url, Map<String, String> form) {
        HttpResponse<String> response = Http.postForm(url, form);
        assertThat(response.statusCode()).as("the first is let in").isNotEqualTo(429);
        for (int i = 0; i < REQUESTS + 5 && response.statusCode() != 429; i++) {
            response = Http.postForm(url, form, "X-Forwarded-For", "203.0.113." + i, "Forwarded", "for=203.0.113." + i);
        }
        assertThat(response.statusCode()).as(url).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After").map(Integer::parseInt).orElse(0)).isPositive();
    }

    private Page login(String username, String password) {
        Journey journey = new Journey(new Browser(gatehouse.issuer()), username, password);
        return journey.login(gatehouse.client().authorizationUrl(Pkce.fresh()));
    }
}
