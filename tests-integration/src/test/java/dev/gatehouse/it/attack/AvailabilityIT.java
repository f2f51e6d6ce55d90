package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.Flood;
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
import org.junit.jupiter.api.parallel.Isolated;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/** Logins and clients succeed while an attacker floods the endpoints that they need (ASVS 15.2). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Isolated("measures how long others wait and what a server holds")
final class AvailabilityIT {
    private static final int CONNECTIONS = 250;
    private static final int ROUNDS = 3;
    /** Far above what an undisturbed request takes on a slow machine, far below a queue that only grows. */
    private static final Duration BOUND = Duration.ofSeconds(10);
    /** As much as a form may hold: 20 kB, three times that when it is encoded. */
    private static final String MARKS = "\u0315\u0300\u0316\u0301".repeat(2_600);
    /** The cost that the product has by default. */
    private static final JsonObject SLOW_HASH = new JsonObject().put("passwordHash", new JsonObject());
    private RunningGatehouse gatehouse;
    private OAuthClient caller;

    @BeforeAll
    void start() {
        gatehouse = RunningGatehouse.configured(SLOW_HASH, new JsonObject());
        caller = Commands.addConfidentialClient(gatehouse, null, "--grant", "client_credentials", "--serves", gatehouse.mcp());
        Commands.addUserHashedSlowly(gatehouse.home(), "regular", "right password");
    }

    @AfterAll
    void stop() {
        gatehouse.close();
    }

    @Test
    void loginsAndCallersGetThroughAFloodOfUnknownClients() {
        everybodyElseIsServed(introspect(number -> OAuthClient.basic("nobody", "x")));
    }

    @Test
    void loginsAndCallersGetThroughAFloodOfWrongSecretsOfTheirOwnClient() {
        everybodyElseIsServed(introspect(number -> OAuthClient.basic(caller.id(), "wrong" + number)));
        everybodyElseIsServed(introspect(number -> OAuthClient.basic(OAuthClient.TEST_ID, "wrong" + number)));
    }

    @Test
    void loginsAndCallersGetThroughAFloodOfCombiningMarks() {
        everybodyElseIsServed(number -> form(gatehouse.issuer() + "/oauth/introspect",
            Map.of("token", "x", "client_id", OAuthClient.TEST_ID, "client_secret", MARKS)));
    }

    /** On a server of its own, since the address stays locked afterwards. */
    @Test
    void aPersonWhoHasBeenHereGetsThroughAFloodOfWrongPasswordsFromTheSameAddress() {
        try (RunningGatehouse guessed = RunningGatehouse.configured(SLOW_HASH, new JsonObject())) {
            Commands.addUserHashedSlowly(guessed.home(), "regular", "right password");
            OAuthClient client = guessed.client();
            Journey person = new Journey(new Browser(guessed.issuer()), "regular", "right password");
            assertThat(person.login(client.authorizationUrl(Pkce.fresh())).asksForPassword()).isFalse();
            try (Flood flood = Flood.begin(CONNECTIONS, guesses(client))) {
                for (int round = 0; round < ROUNDS; round++) {
                    within(BOUND, () -> assertThat(person.login(client.authorizationUrl(Pkce.fresh(), "prompt", "login"))
                        .asksForPassword()).isFalse());
                    within(BOUND, () -> assertThat(client.clientCredentials().statusCode()).isEqualTo(200));
                }
                Eventually.holds("the flood meets its limit", BOUND, () -> flood.statuses().containsKey(429));
                assertThat(flood.statuses()).doesNotContainKeys(0, 200, 303, 500);
            }
        }
    }

    /** Half of them are long, which may cost nothing. */
    private static IntFunction<HttpRequest.Builder> guesses(OAuthClient client) {
        Browser attacker = new Browser(client.issuer());
        Page page = attacker.open(client.authorizationUrl(Pkce.fresh()));
        Map<String, String> fields = new HashMap<>();
        page.form().fields().forEach(field -> fields.put(field.getKey(), field.getValue()));
        String action = page.uri().resolve(page.form().action()).toString();
        String cookie = String.valueOf(attacker.cookies().entrySet().iterator().next());
        return number -> form(action, OAuthClient.change(new HashMap<>(fields), "username", "regular",
                "password", number % 2 == 0 ? MARKS.substring(0, 3_500) : "wrong" + number))
            .header("Cookie", cookie).header("Sec-Fetch-Site", "same-origin");
    }

    private void everybodyElseIsServed(IntFunction<HttpRequest.Builder> attack) {
        try (Flood flood = Flood.begin(CONNECTIONS, attack)) {
            for (int round = 0; round < ROUNDS; round++) {
                within(BOUND, () -> assertThat(new Journey(new Browser(gatehouse.issuer()), "regular", "right password")
                    .login(gatehouse.client().authorizationUrl(Pkce.fresh())).asksForPassword()).isFalse());
                within(BOUND, () -> assertThat(caller.introspect("x").statusCode()).isEqualTo(200));
                within(BOUND, () -> assertThat(gatehouse.client().clientCredentials().statusCode()).isEqualTo(200));
            }
            // The answers beyond the limit wait a second, longer than all the requests above may take.
            Eventually.holds("the flood meets its limit", BOUND, () -> flood.statuses().containsKey(429));
            assertThat(flood.statuses()).containsOnlyKeys(401, 429);
        }
    }

    private IntFunction<HttpRequest.Builder> introspect(IntFunction<String> authorization) {
        return number -> form(gatehouse.issuer() + "/oauth/introspect", Map.of("token", "x"))
            .header("Authorization", authorization.apply(number));
    }

    private static HttpRequest.Builder form(String url, Map<String, String> fields) {
        return Http.request(url).header("Content-Type", Http.FORM).POST(BodyPublishers.ofString(Http.encode(fields)));
    }

    private static void within(Duration bound, Runnable step) {
        long begun = System.nanoTime();
        step.run();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).as("time taken beside the flood").isLessThan(bound);
    }
}
