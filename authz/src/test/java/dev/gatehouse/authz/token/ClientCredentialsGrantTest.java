package dev.gatehouse.authz.token;

import static dev.gatehouse.authz.support.RunningServer.RESOURCE;
import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClientCredentialsGrantTest {

    private static final String SERVICE = basic("service", "s3cret-s3cret");
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start();
        server.add(Clients.basicClient("service", "s3cret-s3cret"));
        server.add(Clients.withGrants("code-only", "s3cret-s3cret", "authorization_code"));
        server.add(Clients.publicClient("public"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void clientGetsATokenForItself() {
        Answer answer = server.postAs(SERVICE, "/oauth/token", "grant_type", "client_credentials").requireOk();
        JsonObject tokens = answer.json();
        assertThat(tokens.getString("access_token")).matches("gha_[A-Za-z0-9_-]{43}");
        assertThat(tokens.getString("token_type")).isEqualTo("Bearer");
        assertThat(tokens.getInteger("expires_in")).isEqualTo(3600);
        assertThat(tokens.getString("scope")).isEqualTo("mcp:read mcp:write");
        assertThat(tokens.containsKey("refresh_token")).isFalse();
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.header("Content-Type")).isEqualTo("application/json;charset=UTF-8");

        JsonObject claims = server.postAs(SERVICE, "/oauth/introspect", "token", tokens.getString("access_token")).json();
        assertThat(claims.getBoolean("active")).isTrue();
        assertThat(claims.getString("iss")).isEqualTo(server.issuer());
        assertThat(claims.getString("sub")).isEqualTo("service");
        assertThat(claims.getString("client_id")).isEqualTo("service");
        assertThat(claims.getString("aud")).isEqualTo(RESOURCE);
        assertThat(claims.getString("scope")).isEqualTo("mcp:read mcp:write");
        assertThat(claims.getLong("iat")).isEqualTo(server.clock().millis() / 1000);
        assertThat(claims.getLong("exp")).isEqualTo(server.clock().millis() / 1000 + 3600);
        assertThat(claims.containsKey("username")).isFalse();
    }

    @Test
    void tokenAndIntrospectionNameImpliedScopesToo() {
        JsonObject tokens = server.postAs(SERVICE, "/oauth/token", "grant_type", "client_credentials", "scope", "mcp:write").requireOk().json();
        assertThat(tokens.getString("scope")).isEqualTo("mcp:write mcp:read");
        JsonObject claims = server.postAs(SERVICE, "/oauth/introspect", "token", tokens.getString("access_token")).json();
        assertThat(claims.getString("scope")).isEqualTo("mcp:write mcp:read");
        JsonObject narrow = server.postAs(SERVICE, "/oauth/token", "grant_type", "client_credentials", "scope", "mcp:read").requireOk().json();
        assertThat(narrow.getString("scope")).isEqualTo("mcp:read");
    }

    @Test
    void clientOfTheDemoMayUseEitherMethod() {
        server.postAs(basic("mcp-test-client", "mcp-test-secret"), "/oauth/token", "grant_type", "client_credentials").requireOk();
        server.post("/oauth/token", "grant_type", "client_credentials", "client_id", "mcp-test-client",
            "client_secret", "mcp-test-secret").requireOk();
    }

    @Test
    void scopeAndResourceNarrowTheToken() {
        JsonObject tokens = server.postAs(SERVICE, "/oauth/token", "grant_type", "client_credentials", "scope", "mcp:read",
            "resource", "http://localhost:8001/other", "resource", "HTTP://LOCALHOST:8001/mcp").requireOk().json();
        assertThat(tokens.getString("scope")).isEqualTo("mcp:read");
        JsonObject claims = server.postAs(SERVICE, "/oauth/introspect", "token", tokens.getString("access_token")).json();
        assertThat(claims.getJsonArray("aud")).containsExactly("http://localhost:8001/other", RESOURCE);
    }

    @Test
    void unknownScopeAndForeignResourceAreRefused() {
        long before = tokens();
        token("scope", "mcp:admin").requireError(400, "invalid_scope");
        token("scope", "mcp:read \"").requireError(400, "invalid_scope");
        token("resource", "https://elsewhere.example/mcp").requireError(400, "invalid_target");
        token("resource", "/mcp").requireError(400, "invalid_target");
        token("resource", "http://localhost:8001/mcp#part").requireError(400, "invalid_target");
        assertThat(tokens()).isEqualTo(before);
    }

    @Test
    void onlyClientsRegisteredForItMayUseIt() {
        server.postAs(basic("code-only", "s3cret-s3cret"), "/oauth/token", "grant_type", "client_credentials")
            .requireError(400, "unauthorized_client");
        server.post("/oauth/token", "grant_type", "client_credentials", "client_id", "public")
            .requireError(400, "unauthorized_client");
    }

    private static Answer token(String name, String value) {
        return server.postAs(SERVICE, "/oauth/token", "grant_type", "client_credentials", name, value);
    }

    private static long tokens() {
        return Waiting.on(server.database().read("SELECT COUNT(*) AS tokens FROM access_token")).get(0).number("tokens");
    }
}
