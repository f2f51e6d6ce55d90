package dev.gatehouse.authz.client.registration;

import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.PurgeSteps;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.sql.PeriodicPurge.PurgeStep;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Set;

/** The lifetime of self-registered clients, and the response after they are removed. */
final class SelfRegisteredClientTest {

    private static final int MOST_CLIENTS = 30;
    private RunningServer server;

    @BeforeEach
    void start() {
        server = RunningServer.start(new JsonObject().put("registration", new JsonObject().put("dynamic", new JsonObject()
            .put("enabled", true).put("idleDays", 30).put("maximumClients", MOST_CLIENTS)
            .put("grantTypes", new JsonArray().add("authorization_code").add("refresh_token").add("client_credentials")))));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void clientIsRenewedByUseWhicheverGrantItLivesBy() {
        JsonObject used = register("Used");
        JsonObject idle = register("Idle");
        for (int month = 0; month < 3; month++) {
            server.clock().advance(Duration.ofDays(29));
            token(used).requireOk();
        }
        server.clock().advance(Duration.ofDays(29));
        purge();
        token(used).requireOk();
        assertThat(clients("Idle")).isZero();
        // What was removed is forgotten within a minute, and the first answers to others were its last.
        server.restart(new JsonObject());
        token(idle).requireError(401, "invalid_client");
        token(used).requireOk();
        server.clock().advance(Duration.ofDays(31));
        purge();
        assertThat(clients("Used")).as("nobody uses it any more").isZero();
    }

    @Test
    void sameRegistrationOverAndOverRemovesOnlyWhatNobodyUses() {
        JsonObject used = register("Same");
        token(used).requireOk();
        for (int i = 0; i < 25; i++) {
            server.clock().advance(Duration.ofMinutes(10));
            register("Same");
        }
        assertThat(clients("Same")).as("the newest twenty, and the one in use").isEqualTo(21);
        token(used).requireOk();
    }

    @Test
    void sameRegistrationManyTimesWithinAnHourRemovesNone() {
        JsonObject first = register("Same");
        for (int i = 0; i < 25; i++) {
            register("Same");
        }
        token(first).requireOk();
        assertThat(clients("Same")).isEqualTo(26);
    }

    @Test
    void fullServerMakesRoomAmongThoseThatNobodyHasUsed() {
        JsonObject used = register("Used");
        token(used).requireOk();
        for (int i = 1; i < MOST_CLIENTS; i++) {
            server.clock().advance(Duration.ofSeconds(1));
            register("Client " + i);
        }
        register("One more");
        assertThat(clients("Client 1")).as("the oldest that nobody has used").isZero();
        assertThat(clients("Client 2")).isOne();
        assertThat(clients("One more")).isOne();
        token(used).requireOk();
    }

    @Test
    void theSourceWithMostUnusedRegistrationsMakesRoom() {
        server.restart(new JsonObject().put("trustedProxies", new JsonArray().add("127.0.0.1")));
        for (int i = 0; i < 3; i++) {
            register("Quiet " + i, "192.0.2.1");
        }
        for (int i = 3; i < MOST_CLIENTS; i++) {
            server.clock().advance(Duration.ofSeconds(1));
            register("Noisy " + i, "198.51.100.1");
        }
        register("One more", "203.0.113.1");
        assertThat(clients("Noisy 3")).isZero();
        for (int i = 0; i < 3; i++) {
            assertThat(clients("Quiet " + i)).isOne();
        }
        for (int i = 0; i < 40; i++) {
            server.clock().advance(Duration.ofSeconds(1));
            register("More noise " + i, "198.51.100.1");
        }
        for (int i = 0; i < 3; i++) {
            assertThat(clients("Quiet " + i)).isOne();
        }
        assertThat(clients("One more")).isOne();
        assertThat(clients("More noise 39")).isOne();
    }

    @Test
    void clientsUnderTheRuleForAllMakeRoomAndThoseThatTheOperatorDecidedAboutDoNot() {
        server.restart(new JsonObject().put("registration", new JsonObject().put("dynamic", new JsonObject().put("enabled", true)
            .put("maximumClients", MOST_CLIENTS).put("pkce", "nonce").put("grantTypes", new JsonArray().add("client_credentials")))));
        Client decided = Waiting.on(server.clients().find(register("Decided").getString("client_id"))).orElseThrow();
        Waiting.on(server.clients().update(decided.withPolicy(decided.policy().bounded(null, Scopes.of("mcp:read"))), server.clock().millis()));
        for (int i = 1; i < MOST_CLIENTS; i++) {
            server.clock().advance(Duration.ofSeconds(1));
            register("Client " + i);
        }
        register("One more");
        assertThat(clients("Client 1")).isZero();
        assertThat(clients("Client 2")).isOne();
        assertThat(clients("One more")).isOne();
        assertThat(clients("Decided")).isOne();
    }

    @Test
    void fullServerSaysWhenItIsWorthTryingAgain() {
        for (int i = 0; i < MOST_CLIENTS; i++) {
            token(register("Client " + i)).requireOk();
        }
        Answer refused = server.postJson("/oauth/register", description("One more"));
        refused.requireError(429, "slow_down");
        assertThat(refused.header("Retry-After")).isEqualTo("3600");
        assertThat(clients("One more")).isZero();
    }

    @Test
    void operatorsBoundsOutliveWhatTheClientSaysOfItselfNext() {
        JsonObject registered = register("Bounded");
        Client client = Waiting.on(server.clients().find(registered.getString("client_id"))).orElseThrow();
        ClientPolicy bounded = client.policy().bounded(Set.of("client_credentials"), Scopes.of("mcp:read"));
        Waiting.on(server.clients().update(client.withPolicy(bounded), server.clock().millis()));
        Eventually.holds(() -> token(registered).json().getString("scope").equals("mcp:read"));
        JsonObject more = description("Bounded").put("client_id", client.id()).put("redirect_uris", new JsonArray().add("http://127.0.0.1/cb"))
            .put("grant_types", new JsonArray().add("client_credentials").add("authorization_code"));
        JsonObject answer = server.send(server.request("/oauth/register/" + client.id(), "Bearer " + registered.getString("registration_access_token"))
            .PUT(HttpRequest.BodyPublishers.ofString(more.encode())).header("Content-Type", "application/json")).requireOk().json();
        assertThat(answer.getString("scope")).isEqualTo("mcp:read");
        assertThat(answer.getJsonArray("grant_types")).containsExactly("client_credentials");
        assertThat(answer.getJsonArray("redirect_uris")).as("what is the client's own to say").containsExactly("http://127.0.0.1/cb");
        assertThat(token(registered).requireOk().json().getString("scope")).isEqualTo("mcp:read");
    }

    @Test
    void clientIsToldWhichAlgorithmItsIdTokensHave() {
        JsonObject asked = server.postJson("/oauth/register", description("Asks").put("id_token_signed_response_alg", "RS256")).json();
        assertThat(asked.getString("id_token_signed_response_alg")).isEqualTo("ES256");
        assertThat(register("Does not ask").containsKey("id_token_signed_response_alg")).isFalse();
    }

    private JsonObject register(String name) {
        Answer answer = server.postJson("/oauth/register", description(name));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json();
    }

    private void register(String name, String from) {
        Answer answer = server.send(server.request("/oauth/register", null).header("X-Forwarded-For", from)
            .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(description(name).encode())));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    }

    private static JsonObject description(String name) {
        return new JsonObject().put("client_name", name).put("grant_types", new JsonArray().add("client_credentials"));
    }

    private Answer token(JsonObject client) {
        return server.postAs(basic(client.getString("client_id"), client.getString("client_secret")), "/oauth/token",
            "grant_type", "client_credentials");
    }

    private void purge() {
        for (PurgeStep step : PurgeSteps.of(server.clock(), Duration.ofDays(30), Duration.ofMinutes(10))) {
            Waiting.on(server.database().write(statements -> statements.update(step.sql(), step.cutoff().getAsLong(), 500)));
        }
    }

    private long clients(String name) {
        return Waiting.on(server.database().read("SELECT COUNT(*) AS total FROM client WHERE name = $1", name)).get(0).number("total");
    }
}
