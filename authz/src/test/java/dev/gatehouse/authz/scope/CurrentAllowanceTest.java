package dev.gatehouse.authz.scope;

import static dev.gatehouse.authz.support.RunningServer.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

/** A later token has at most the granted scopes that the client and the resource still allow. */
final class CurrentAllowanceTest {

    private static final String READ_ONLY = "https://mcp.example";
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start(new JsonObject().put("resources", new JsonArray()
            .add(new JsonObject().put("resource", READ_ONLY).put("scopes", new JsonArray().add("mcp:read")))));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void tokenForOneOfTheResourcesHasTheScopesThatMeanSomethingThere() {
        Client client = server.add(Clients.publicClient("adapting"));
        JsonObject narrow = redeem(client, "mcp:read mcp:write", "resource", READ_ONLY).requireOk().json();
        assertThat(narrow.getString("scope")).isEqualTo("mcp:read");
        assertThat(refresh(client, narrow).requireOk().json().getString("scope").split(" ")).containsExactlyInAnyOrder("mcp:read", "mcp:write");
        redeem(client, "mcp:write", "resource", READ_ONLY).requireError(400, "invalid_target");
        redeem(client, "mcp:write", "resource", RESOURCE).requireOk();
    }

    @Test
    void refreshYieldsNoResourceThatTheClientMayNotHaveAnyMore() {
        Client client = server.add(Clients.publicClient("confined"));
        JsonObject tokens = redeem(client, "mcp:read").requireOk().json();
        change(client.withPolicy(ClientPolicy.of(new JsonObject().put("resources", new JsonArray().add(READ_ONLY)))));
        Eventually.holds(() -> refresh(client, tokens, "resource", RESOURCE).status() != 200);
        refresh(client, tokens, "resource", RESOURCE).requireError(400, "invalid_target");
        JsonObject next = refresh(client, tokens).requireOk().json();
        assertThat(audience(next)).isEqualTo(READ_ONLY);
        change(client);
        Object both = new JsonArray().add(RESOURCE).add(READ_ONLY);
        Eventually.holds(() -> audience(refresh(client, next).requireOk().json()).equals(both));
    }

    @Test
    void refreshYieldsNoScopeThatTheClientMayNotHaveAnyMore() {
        Client before = server.add(Clients.publicClient("demoted"));
        JsonObject tokens = redeem(before, "mcp:read mcp:write").requireOk().json();
        change(withScopes(before, "mcp:read"));
        Eventually.holds(() -> refresh(before, tokens, "scope", "mcp:write").status() != 200);
        refresh(before, tokens, "scope", "mcp:write").requireError(400, "invalid_scope");
        JsonObject next = refresh(before, tokens).requireOk().json();
        assertThat(next.getString("scope")).isEqualTo("mcp:read");
        change(withScopes(before, "elsewhere"));
        Eventually.holds(() -> refresh(before, next).status() != 200);
        refresh(before, next).requireError(400, "invalid_target");
        change(before);
        Eventually.holds(() -> refresh(before, next).status() == 200);
    }

    private static Client withScopes(Client client, String scopes) {
        return new Client(client.id(), client.name(), client.secrets(), client.authMethods(), client.redirectUris(), client.grantTypes(),
            Scopes.parse(scopes), client.servedResources(), client.createdAt());
    }

    private static void change(Client client) {
        assertThat(Waiting.on(server.clients().update(client, server.clock().millis()))).isTrue();
    }

    private static Object audience(JsonObject tokens) {
        return server.post("/oauth/introspect", "token", tokens.getString("access_token")).requireOk().json().getValue("aud");
    }

    private static Answer redeem(Client client, String scopes, String... more) {
        Approval approval = server.approve(client.id(), scopes, List.of(RESOURCE, READ_ONLY));
        return post(Stream.of("grant_type", "authorization_code", "client_id", client.id(), "code", approval.code(), "code_verifier",
            approval.verifier()), more);
    }

    private static Answer refresh(Client client, JsonObject tokens, String... more) {
        return post(Stream.of("grant_type", "refresh_token", "client_id", client.id(), "refresh_token", tokens.getString("refresh_token")), more);
    }

    private static Answer post(Stream<String> form, String... more) {
        return server.post("/oauth/token", Stream.concat(form, Stream.of(more)).toArray(String[]::new));
    }
}
