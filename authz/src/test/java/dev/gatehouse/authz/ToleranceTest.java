package dev.gatehouse.authz;

import static dev.gatehouse.authz.support.RunningServer.RESOURCE;
import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of well-known clients that are not quite correct but unambiguous are accepted. */
final class ToleranceTest {

    private static final String SLASHED = "https://notes.example/";
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start(new JsonObject().put("anyLoopbackResource", false).put("resources", new JsonArray()
            .add(new JsonObject().put("resource", "https://mcp.example/tools")).add(new JsonObject().put("resource", SLASHED + "a/"))));
        server.add(Clients.publicClient("app"));
        server.add(Clients.basicClient("service", "s3cret-s3cret"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Answer service(String... more) {
        String[] form = new String[more.length + 2];
        form[0] = "grant_type";
        form[1] = "client_credentials";
        System.arraycopy(more, 0, form, 2, more.length);
        return server.postAs(basic("service", "s3cret-s3cret"), "/oauth/token", form);
    }

    private static Object audience(Answer answer) {
        return server.post("/oauth/introspect", "token", answer.requireOk().json().getString("access_token")).json().getValue("aud");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://mcp.example/tools", "https://mcp.example/tools/", "HTTPS://MCP.example/tools", "https://mcp.example:443/tools"})
    void resourceIsKnownInEachOfItsSpellings(String resource) {
        assertThat(audience(service("resource", resource))).isEqualTo("https://mcp.example/tools");
    }

    @ParameterizedTest
    @ValueSource(strings = {SLASHED + "a/", SLASHED + "a"})
    void audienceIsTheNameThatTheResourceGoesBy(String resource) {
        assertThat(audience(service("resource", resource))).isEqualTo(SLASHED + "a/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://mcp.example/tools//", "https://mcp.example/Tools", "https://mcp.example", "https://mcp.example/tools?x=1",
        "https://mcp.example.evil/tools", "http://mcp.example/tools", "https://mcp.example/tools#x", "tools"})
    void anotherResourceIsRefused(String resource) {
        service("resource", resource).requireError(400, "invalid_target");
    }

    @Test
    void withoutAResourceTheTokenIsForTheDefaultOne() {
        assertThat(audience(service())).isEqualTo(RESOURCE);
    }

    @Test
    void codeAndRefreshTokenTakeTheirResourceWithAndWithoutTheSlash() {
        Approval approval = server.approve("app");
        JsonObject tokens = server.post("/oauth/token", "grant_type", "authorization_code", "client_id", "app", "code", approval.code(),
            "code_verifier", approval.verifier(), "redirect_uri", approval.redirectUri(), "resource", RESOURCE + "/").requireOk().json();
        Answer refreshed = server.post("/oauth/token", "grant_type", "refresh_token", "client_id", "app",
            "refresh_token", tokens.getString("refresh_token"), "resource", RESOURCE + "/", "scope", "mcp:read offline_access");
        assertThat(audience(refreshed)).isEqualTo(RESOURCE);
        assertThat(refreshed.json().getString("scope")).isEqualTo("mcp:read");
        server.post("/oauth/token", "grant_type", "refresh_token", "client_id", "app", "refresh_token",
            refreshed.json().getString("refresh_token"), "resource", "https://mcp.example/tools").requireError(400, "invalid_target");
    }

    @Test
    void offlineAccessIsNeitherRefusedNorGranted() {
        assertThat(service("scope", "mcp:read offline_access").requireOk().json().getString("scope")).isEqualTo("mcp:read");
        assertThat(service("scope", "offline_access").requireOk().json().getString("scope")).isEqualTo(service().json().getString("scope"));
        service("scope", "mcp:read offline").requireError(400, "invalid_scope");
    }
}
