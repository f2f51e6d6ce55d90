package dev.gatehouse.authz.token;

import static dev.gatehouse.authz.support.RunningServer.RESOURCE;
import static dev.gatehouse.authz.support.RunningServer.SUB;
import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.user.GroupStore;
import dev.gatehouse.authz.user.UserGroupStore;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.jose.UnverifiedJwt;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;

/** Claims about a user are where the configuration puts them, and nowhere else. */
class ReleasedClaimsTest {

    private static final String AGENT = basic("agent", "s3cret");
    private static final String GATEWAY = basic("gateway", "s3cret");
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start(new JsonObject()
            .put("resources", new JsonArray().add(new JsonObject().put("resource", RESOURCE).put("tokenFormat", "jwt")))
            .put("claims", new JsonArray()
                .add(claim("groups", "groups", "access_token", "introspection"))
                .add(claim("teams", "groups", "id_token", "introspection").put("groups", new JsonArray().add("octo/dev").add("octo/ops")).put("source", "github"))
                .add(claim("email", "email", "id_token").put("scope", "mcp:write"))
                .add(claim("login", "username", "access_token"))));
        server.add(Clients.withGrants("agent", "s3cret", "authorization_code", "refresh_token", "client_credentials"));
        server.add(Clients.resourceServer("gateway", "s3cret", RESOURCE));
        GroupStore groups = new GroupStore(server.database());
        for (String name : List.of("Readers", "Editors")) {
            Waiting.on(groups.create(name, 1));
            Waiting.on(groups.setMember(name, "alice", true, 1));
        }
        Waiting.on(server.database().write(statements -> UserGroupStore.replace(statements, SUB, "github", List.of("octo/dev", "octo/lunch"), 1)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonObject claim(String name, String value, String... places) {
        return new JsonObject().put("name", name).put("value", value).put("in", new JsonArray(List.of(places)));
    }

    private static JsonObject logIn(String scopes) {
        Approval approval = server.approve("agent", scopes, List.of(RESOURCE));
        return server.postAs(AGENT, "/oauth/token", "grant_type", "authorization_code", "code", approval.code(), "code_verifier", approval.verifier())
            .requireOk().json();
    }

    private static JsonObject claims(JsonObject tokens, String token) {
        return UnverifiedJwt.parse(tokens.getString(token)).claims();
    }

    private static JsonObject introspect(String authorization, JsonObject tokens) {
        return server.postAs(authorization, "/oauth/introspect", "token", tokens.getString("access_token")).requireOk().json();
    }

    @Test
    void eachReceiverGetsItsClaims() {
        JsonObject tokens = logIn("openid mcp:read mcp:write");
        JsonObject access = claims(tokens, "access_token");
        assertThat(access.getJsonArray("groups")).containsExactly("Editors", "Readers");
        assertThat(access.getString("login")).isEqualTo("alice");
        assertThat(access.fieldNames()).doesNotContain("teams", "email");
        JsonObject id = claims(tokens, "id_token");
        assertThat(id.getJsonArray("teams")).as("chosen names of one source").containsExactly("octo/dev");
        assertThat(id.getString("email")).isEqualTo("alice@example.com");
        assertThat(id.fieldNames()).doesNotContain("groups", "login");
        JsonObject known = introspect(GATEWAY, tokens);
        assertThat(known.getJsonArray("groups")).containsExactly("Editors", "Readers");
        assertThat(known.getJsonArray("teams")).containsExactly("octo/dev");
        assertThat(known.containsKey("login")).isFalse();
        assertThat(server.send(server.request("/.well-known/openid-configuration", null)).json().getJsonArray("claims_supported"))
            .contains("teams", "email").doesNotContain("groups", "login");
    }

    @Test
    void clientOfTheTokenSeesOnlyTheClaimsOfItsIdToken() {
        JsonObject known = introspect(AGENT, logIn("openid mcp:read"));
        assertThat(known.getBoolean("active")).isTrue();
        assertThat(known.getJsonArray("teams")).containsExactly("octo/dev");
        assertThat(known.containsKey("groups")).isFalse();
    }

    @Test
    void claimWithAScopeNeedsTheScope() {
        assertThat(claims(logIn("openid mcp:read"), "id_token").containsKey("email")).isFalse();
        assertThat(claims(logIn("openid mcp:read mcp:write"), "id_token").containsKey("email")).isTrue();
    }

    @Test
    void clientsOwnTokenHasNoClaimsOfAUser() {
        JsonObject tokens = server.postAs(AGENT, "/oauth/token", "grant_type", "client_credentials", "resource", RESOURCE, "scope", "mcp:read")
            .requireOk().json();
        assertThat(claims(tokens, "access_token").fieldNames()).contains("scope").doesNotContain("groups", "login");
        assertThat(introspect(GATEWAY, tokens).fieldNames()).contains("scope").doesNotContain("groups", "teams");
    }

    @Test
    void claimOfTheServerItselfCannotBeReplaced() {
        assertThatThrownBy(() -> RunningServer.start(new JsonObject().put("claims", new JsonArray().add(claim("sub", "email", "id_token")))))
            .hasStackTraceContaining("claims: sub is a claim of the server itself");
    }
}
