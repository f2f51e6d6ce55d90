package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.it.support.Commands;
import dev.gatehouse.fixtures.EventStream;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;

/** Nothing that has ended works again: expired codes and tokens, disabled users, deleted clients, and streams opened with them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LifetimeIT {
    private static final int ACCESS_SECONDS = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private RunningGatehouse gatehouse;
    private OAuthClient client;

    @BeforeAll
    void start() {
        JsonObject tokens = new JsonObject().put("accessTokenSeconds", ACCESS_SECONDS)
            .put("authorizationCodeSeconds", 1)
            .put("refreshGraceSeconds", 1);
        JsonObject introspection = new JsonObject().put("cacheSeconds", 2).put("revalidateSeconds", 1);
        gatehouse = RunningGatehouse.inProcess(new JsonObject().put("tokens", tokens),
            new JsonObject().put("introspection", introspection));
        client = gatehouse.client();
    }

    @AfterAll
    void stop() {
        gatehouse.close();
    }

    @Test
    void expiredAccessTokenIsDeadEverywhere() {
        String token = gatehouse.tokens().access();
        assertThat(McpSession.admits(gatehouse.mcp(), token)).isTrue();
        Eventually.holds("the token expires", PATIENCE, () -> !client.active(token));
        Eventually.holds("the MCP server knows", PATIENCE,
            () -> !McpSession.admits(gatehouse.mcp(), token));
    }

    @Test
    void expiredCodeIsRefused() {
        Pkce pkce = Pkce.fresh();
        String code = gatehouse.journey().code(client, pkce);
        Instant late = Instant.now().plusSeconds(2);
        Eventually.holds("the code's second passes", PATIENCE, () -> Instant.now().isAfter(late));
        HttpResponse<String> refused = client.redeem(code, pkce);
        assertThat(new JsonObject(refused.body()).getString("error")).isEqualTo("invalid_grant");
    }

    @Test
    void reuseBehindTheGraceRevokesTheFamilyThoughTheSuccessorIsUnused() {
        Tokens first = gatehouse.tokens();
        Tokens second = Tokens.of(client.refresh(first.refresh()).body());
        Eventually.holds("the grace passes", PATIENCE, () -> client.refresh(first.refresh()).statusCode() == 400);
        assertThat(client.active(second.access())).isFalse();
        assertThat(client.refresh(second.refresh()).statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"disable", "password"})
    void changedUserLosesTokensAndSessions(String change) {
        String username = "leaver-" + change;
        Commands.addUser(gatehouse.home(), username, "a password");
        Journey journey = new Journey(new Browser(gatehouse.issuer()), username, "a password");
        Tokens tokens = journey.tokens(client);
        assertThat(client.active(tokens.access())).isTrue();

        Product.Result result = change.equals("disable") ? gatehouse.run("user", "disable", username)
            : Commands.changePassword(gatehouse.home(), username, "another password");
        assertThat(result.exitCode()).as(result.err()).isZero();
        Eventually.holds("the running server has heard of it", PATIENCE,
            () -> client.refresh(tokens.refresh()).statusCode() == 400 && !client.active(tokens.access()));
        assertThat(journey.browser().open(client.authorizationUrl(Pkce.fresh())).asksForPassword()).isTrue();
    }

    @Test
    void deletedClientLosesItsTokens() {
        String id = Commands.addPublicClient(gatehouse.home(), "http://127.0.0.1/callback");
        OAuthClient leaver = new OAuthClient(gatehouse.issuer(), id, null, "http://127.0.0.1/callback");
        Tokens tokens = gatehouse.journey().tokens(leaver);
        assertThat(gatehouse.active(tokens.access())).isTrue();
        assertThat(gatehouse.run("client", "delete", id).exitCode()).isZero();
        Eventually.holds("the running server has heard of it", Duration.ofSeconds(3),
            () -> !gatehouse.active(tokens.access()));
        assertThat(leaver.refresh(tokens.refresh()).statusCode()).isIn(400, 401);
    }

    @Test
    void listeningStreamEndsWithItsToken() {
        Tokens tokens = gatehouse.tokens();
        try (EventStream stream = McpSession.open(gatehouse.mcp(), tokens.access()).listen()) {
            assertThat(stream.status()).isEqualTo(200);
            client.revoke(tokens.refresh());
            assertThat(stream.endsWithin(Duration.ofSeconds(5))).isTrue();
        }
    }

    @Test
    void sseStreamEndsWithItsToken() {
        Tokens tokens = gatehouse.tokens();
        try (EventStream stream = EventStream.open(Http.request(gatehouse.mcpOrigin()
            + "/sse", "Accept", "text/event-stream",
            "Authorization", "Bearer " + tokens.access()).GET())) {
            assertThat(stream.next(PATIENCE).name()).isEqualTo("endpoint");
            assertThat(stream.endsWithin(Duration.ofSeconds(ACCESS_SECONDS + 5))).as("at its expiry").isTrue();
        }
    }
}
