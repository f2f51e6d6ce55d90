package dev.gatehouse.authz.token;

import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Arrays;

class TokenEndpointTest {

    private static final String SERVICE = basic("service", "s3cret-s3cret");
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start();
        server.add(Clients.basicClient("service", "s3cret-s3cret"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void onlyPostIsAllowed() {
        for (String method : new String[] {"GET", "PUT", "DELETE", "HEAD"}) {
            Answer answer = server.send(server.request("/oauth/token", SERVICE).method(method, BodyPublishers.noBody()));
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.header("Allow")).isEqualTo("POST");
        }
        for (String path : new String[] {"/oauth/introspect", "/oauth/revoke"}) {
            assertThat(server.send(server.request(path, null).GET()).status()).isEqualTo(405);
        }
    }

    @Test
    void onlyFormsAreRead() {
        String form = "grant_type=client_credentials";
        for (String type : new String[] {"application/json", "multipart/form-data; boundary=x", "text/plain",
            "application/json, application/x-www-form-urlencoded"}) {
            server.send(server.request("/oauth/token", SERVICE).header("Content-Type", type).POST(BodyPublishers.ofString(form)))
                .requireError(400, "invalid_request");
        }
        server.send(server.request("/oauth/token", SERVICE).POST(BodyPublishers.ofString(form))).requireError(400, "invalid_request");
        server.send(server.request("/oauth/token", SERVICE).header("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
            .POST(BodyPublishers.ofString(form))).requireOk();
    }

    @Test
    void moreThanTenResourcesAreRefusedAtEveryEndpoint() {
        server.add(Clients.withGrants("everything", "s3cret-s3cret", GrantType.names().toArray(String[]::new)));
        String client = basic("everything", "s3cret-s3cret");
        for (String grant : new String[] {"client_credentials", "refresh_token", "authorization_code"}) {
            withResources(client, "/oauth/token", 11, "grant_type", grant, "refresh_token", "x", "code", "x", "code_verifier", "v".repeat(43))
                .requireError(400, "invalid_target");
        }
        withResources(client, "/oauth/device_authorization", 11).requireError(400, "invalid_target");
        withResources(client, "/oauth/par", 11, "response_type", "code", "code_challenge", "c".repeat(43), "code_challenge_method", "S256",
            "redirect_uri", Clients.REDIRECT_URI).requireError(400, "invalid_target");
        withResources(client, "/oauth/token", 10, "grant_type", "client_credentials").requireOk();
        server.postAs(client, "/oauth/token", "grant_type", "client_credentials", "resource", "http://localhost:1/" + "x".repeat(2_048))
            .requireError(400, "invalid_target");
    }

    private static Answer withResources(String client, String path, int resources, String... form) {
        String[] all = Arrays.copyOf(form, form.length + 2 * resources);
        for (int i = form.length; i < all.length; i += 2) {
            all[i] = "resource";
            all[i + 1] = RunningServer.RESOURCE;
        }
        return server.postAs(client, path, all);
    }

    @Test
    void grantTypeDecidesTheError() {
        server.postAs(SERVICE, "/oauth/token", "scope", "mcp:read").requireError(400, "invalid_request");
        server.postAs(SERVICE, "/oauth/token", "grant_type", "").requireError(400, "invalid_request");
        server.postAs(SERVICE, "/oauth/token", "grant_type", "password", "username", "u", "password", "p")
            .requireError(400, "unsupported_grant_type");
        server.postAs(SERVICE, "/oauth/token", "grant_type", "implicit").requireError(400, "unsupported_grant_type");
        server.postAs(SERVICE, "/oauth/token", "grant_type", "urn:ietf:params:oauth:grant-type:saml2-bearer")
            .requireError(400, "unsupported_grant_type");
    }

    @Test
    void parameterSentTwiceIsRefused() {
        server.postAs(SERVICE, "/oauth/token", "grant_type", "client_credentials", "grant_type", "client_credentials")
            .requireError(400, "invalid_request");
        server.postAs(SERVICE, "/oauth/token", "grant_type", "client_credentials", "scope", "mcp:read", "scope", "mcp:read")
            .requireError(400, "invalid_request");
        server.postAs(SERVICE, "/oauth/token", "grant_type", "client_credentials", "unknown", "1", "unknown", "2", "scope", "")
            .requireOk();
    }

    @Test
    void malformedEscapesAndLongBodiesAreRefused() {
        raw("grant_type=client_credentials&scope=%zz").requireError(400, "invalid_request");
        raw("grant_type=client_credentials&scope=%ff").requireError(400, "invalid_request");
        raw("grant_type=client_credentials&x=" + "y".repeat(65_536)).requireError(413, "invalid_request");
        raw("grant_type=client_credentials&x=" + "y".repeat(60_000)).requireOk();
    }

    @Test
    void browsersOfAnyOriginMayCallItWithoutCookies() {
        Answer preflight = server.send(server.request("/oauth/token", null).method("OPTIONS", BodyPublishers.noBody())
            .header("Origin", "https://app.example").header("Access-Control-Request-Method", "POST"));
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(preflight.header("Access-Control-Allow-Headers")).contains("Authorization", "Content-Type", "DPoP", "MCP-Protocol-Version");
        assertThat(preflight.header("Access-Control-Allow-Credentials")).isNull();
        Answer answer = server.postAs(SERVICE, "/oauth/token", "grant_type", "client_credentials").requireOk();
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
    }

    @Test
    void sourceThatAsksTooOftenHasToWait() {
        JsonObject limits = new JsonObject().put("rateLimits", new JsonObject().put("tokenPerMinute", 3).put("introspectPerMinute", 2));
        try (RunningServer limited = RunningServer.start(limits)) {
            String client = basic("mcp-test-client", "mcp-test-secret");
            for (int i = 0; i < 3; i++) {
                limited.postAs(client, "/oauth/token", "grant_type", "client_credentials").requireOk();
            }
            Answer refused = limited.postAs(client, "/oauth/token", "grant_type", "client_credentials").requireError(429, "slow_down");
            assertThat(refused.header("Retry-After")).isEqualTo("20");
            limited.post("/oauth/introspect", "token", "x").requireOk();
            limited.post("/oauth/introspect", "token", "x").requireOk();
            limited.post("/oauth/introspect", "token", "x").requireError(429, "slow_down");
            limited.post("/oauth/revoke", "token", "x").requireError(401, "invalid_client");
            limited.clock().advance(Duration.ofSeconds(20));
            limited.postAs(client, "/oauth/token", "grant_type", "client_credentials").requireOk();
        }
    }

    private static Answer raw(String body) {
        HttpRequest.Builder request = server.request("/oauth/token", SERVICE)
            .header("Content-Type", "application/x-www-form-urlencoded").POST(BodyPublishers.ofString(body));
        return server.send(request);
    }
}
