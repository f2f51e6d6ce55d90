package dev.gatehouse.authz.introspect;

import static dev.gatehouse.authz.support.RunningServer.RESOURCE;
import static dev.gatehouse.authz.support.RunningServer.SUB;
import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;

class IntrospectionTest {

    private static final String INACTIVE = "{\"active\":false}";
    private static final String SERVICE = basic("service", "s3cret-s3cret");
    private static final String MCP = basic("mcp-server", "s3cret-s3cret");
    private static final String OTHER = basic("other-server", "s3cret-s3cret");
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start();
        server.add(Clients.publicClient("app"));
        server.add(Clients.basicClient("service", "s3cret-s3cret"));
        server.add(Clients.resourceServer("mcp-server", "s3cret-s3cret", RESOURCE));
        server.add(Clients.resourceServer("other-server", "s3cret-s3cret", "http://localhost:8001/other"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everythingThatIsNotLiveLooksTheSame() {
        String revoked = serviceToken();
        server.postAs(SERVICE, "/oauth/revoke", "token", revoked).requireOk();
        JsonObject tokens = login();
        for (String token : List.of(revoked, "gha_" + "x".repeat(43), "nonsense", "\u00e9", tokens.getString("refresh_token"),
            server.approve("app").code())) {
            Answer answer = server.postAs(MCP, "/oauth/introspect", "token", token).requireOk();
            assertThat(answer.body()).isEqualTo(INACTIVE);
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        }
        String expiring = serviceToken();
        server.clock().advance(Duration.ofSeconds(3599));
        assertThat(server.isActive(expiring)).isTrue();
        server.clock().advance(Duration.ofSeconds(1));
        assertThat(server.post("/oauth/introspect", "token", expiring).body()).isEqualTo(INACTIVE);
    }

    @Test
    void callersSeeTheTokensOfTheirResourcesAndTheirOwn() {
        String token = login().getString("access_token");
        assertThat(introspect(MCP, token).getBoolean("active")).isTrue();
        assertThat(introspect(OTHER, token).encode()).isEqualTo(INACTIVE);
        assertThat(introspect(SERVICE, token).encode()).isEqualTo(INACTIVE);
        String own = serviceToken();
        assertThat(introspect(SERVICE, own).getBoolean("active")).isTrue();
        assertThat(introspect(OTHER, own).encode()).isEqualTo(INACTIVE);
    }

    @Test
    void clientIsToldOfThePersonWhatItsScopesSayAndTheResourceServerWhatItsToolsNeed() {
        server.add(withScopes("site", "openid profile email mcp:read"));
        JsonObject least = introspect(basic("site", "s3cret-s3cret"), tokenOf("site", "mcp:read"));
        assertThat(least.getBoolean("active")).isTrue();
        assertThat(least.fieldNames()).contains("sub", "scope", "exp").doesNotContain("username", "email", "name", "created_at", "last_login");
        JsonObject email = introspect(basic("site", "s3cret-s3cret"), tokenOf("site", "email mcp:read"));
        assertThat(email.getString("email")).isEqualTo("alice@example.com");
        assertThat(email.fieldNames()).doesNotContain("username", "name", "created_at", "last_login");
        JsonObject profile = introspect(basic("site", "s3cret-s3cret"), tokenOf("site", "profile mcp:read"));
        assertThat(profile.getString("name")).isEqualTo("Alice");
        assertThat(profile.getString("username")).isEqualTo("alice");
        assertThat(profile.fieldNames()).doesNotContain("email", "last_login");
        assertThat(introspect(MCP, tokenOf("site", "mcp:read")).fieldNames()).contains("username", "email", "name", "created_at");
    }

    private static Client withScopes(String id, String scopes) {
        Client plain = Clients.withGrants(id, "s3cret-s3cret", "authorization_code");
        return new Client(plain.id(), plain.name(), plain.secrets(), plain.authMethods(), plain.redirectUris(), plain.grantTypes(),
            Scopes.parse(scopes), List.of(), 0);
    }

    private static String tokenOf(String client, String scopes) {
        Approval approval = server.approve(client, scopes, List.of(RESOURCE));
        return server.postAs(basic(client, "s3cret-s3cret"), "/oauth/token", "grant_type", "authorization_code", "code", approval.code(),
            "code_verifier", approval.verifier(), "resource", RESOURCE).requireOk().json().getString("access_token");
    }

    @Test
    void credentialsThatAreSentHaveToBeRight() {
        String token = login().getString("access_token");
        server.postAs(basic("mcp-server", "wrong"), "/oauth/introspect", "token", token).requireError(401, "invalid_client");
        server.postAs("Bearer " + token, "/oauth/introspect", "token", token).requireError(401, "invalid_client");
        server.post("/oauth/introspect", "token", token, "client_id", "app").requireError(401, "invalid_client");
        server.post("/oauth/introspect", "token", token, "client_id", "mcp-server").requireError(401, "invalid_client");
        server.postAs(MCP, "/oauth/introspect").requireError(400, "invalid_request");
        assertThat(server.post("/oauth/introspect", "token", token).requireOk().json().getBoolean("active")).isTrue();
    }

    @Test
    void openIntrospectionIsForDirectCallersOnThisMachine() {
        String token = login().getString("access_token");
        HttpRequest.Builder proxied = server.request("/oauth/introspect", null).header("X-Forwarded-For", "192.0.2.1")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(RunningServer.encode("token", token)));
        server.send(proxied).requireError(401, "invalid_client");
    }

    @Test
    void closedIntrospectionAsksForCredentials() {
        try (RunningServer closed = RunningServer.start(new JsonObject().put("introspection", new JsonObject().put("openOnLoopback", false)))) {
            closed.post("/oauth/introspect", "token", "gha_" + "x".repeat(43)).requireError(401, "invalid_client");
            closed.postAs(basic("mcp-test-client", "mcp-test-secret"), "/oauth/introspect", "token", "x").requireOk();
        }
    }

    @Test
    void claimsFollowTheUser() {
        String token = login().getString("access_token");
        assertThat(introspect(MCP, token).containsKey("last_login")).isFalse();
        server.clock().advance(Duration.ofSeconds(5));
        Waiting.on(server.users().recordLogin(SUB, server.clock().millis()));
        Eventually.holds(() -> introspect(MCP, token).containsKey("last_login"));
    }

    @Test
    void whatAnotherProcessRevokesEndsWithinMoments() {
        String token = login().getString("access_token");
        assertThat(server.isActive(token)).isTrue();
        Waiting.on(server.users().setDisabled("alice", true, server.clock().millis()));
        Eventually.holds(() -> !server.isActive(token));
        Waiting.on(server.users().setDisabled("alice", false, server.clock().millis()));
        server.add(Clients.basicClient("doomed", "s3cret-s3cret"));
        String doomed = server.postAs(basic("doomed", "s3cret-s3cret"), "/oauth/token", "grant_type", "client_credentials")
            .requireOk().json().getString("access_token");
        assertThat(server.isActive(doomed)).isTrue();
        Waiting.on(server.clients().delete("doomed", server.clock().millis()));
        Eventually.holds(() -> !server.isActive(doomed));
    }

    @Test
    void tokensOutliveARestart() {
        RunningServer first = RunningServer.start();
        String token = first.postAs(basic("mcp-test-client", "mcp-test-secret"), "/oauth/token", "grant_type", "client_credentials")
            .requireOk().json().getString("access_token");
        first.close();
        try (RunningServer second = RunningServer.start(first.directory(), new JsonObject(), 1)) {
            assertThat(second.isActive(token)).isTrue();
        }
    }

    @Test
    void severalInstancesShareWhatTheyKnow() {
        try (RunningServer several = RunningServer.start(RunningServer.temporaryDirectory(), new JsonObject(), 2)) {
            String client = basic("mcp-test-client", "mcp-test-secret");
            for (int round = 0; round < 10; round++) {
                String token = several.postAs(client, "/oauth/token", "grant_type", "client_credentials").requireOk().json().getString("access_token");
                assertThat(several.postAtOnce(8, client, "/oauth/introspect", "token", token))
                    .allSatisfy(answer -> assertThat(answer.json().getBoolean("active")).isTrue());
                several.postAs(client, "/oauth/revoke", "token", token).requireOk();
                assertThat(several.postAtOnce(8, client, "/oauth/introspect", "token", token))
                    .allSatisfy(answer -> assertThat(answer.body()).isEqualTo(INACTIVE));
            }
        }
    }

    private static JsonObject introspect(String authorization, String token) {
        return server.postAs(authorization, "/oauth/introspect", "token", token).requireOk().json();
    }

    private static String serviceToken() {
        return server.postAs(SERVICE, "/oauth/token", "grant_type", "client_credentials").requireOk().json().getString("access_token");
    }

    private static JsonObject login() {
        Approval approval = server.approve("app");
        return server.post("/oauth/token", "grant_type", "authorization_code", "client_id", "app", "code", approval.code(),
            "code_verifier", approval.verifier()).requireOk().json();
    }
}
