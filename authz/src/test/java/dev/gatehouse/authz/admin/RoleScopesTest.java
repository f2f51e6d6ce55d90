package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.auth.ClientSecrets;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.user.RoleStore.Role;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/** The scopes of the administration are for users with a role. */
class RoleScopesTest {

    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start();
        AdminClient.register(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"OWNER, admin:read admin:write", "OPERATOR, admin:read admin:write", "HELP_DESK, admin:read admin:write", "AUDITOR, admin:read"})
    void roleGivesTheScopesOfItsOperations(Role role, String scopes) {
        String sub = AdminClient.addUser(server, "scopes-" + role.wireName());
        AdminClient.redeem(server, sub, "admin:read admin:write").requireError(400, "invalid_scope");
        AdminClient.setRole(server, "scopes-" + role.wireName(), role);
        assertThat(AdminClient.redeem(server, sub, "admin:read admin:write").requireOk().json().getString("scope")).isEqualTo(scopes);
    }

    @Test
    void roleThatIsTakenAwayEndsTheScopesAtTheNextRefresh() {
        String sub = AdminClient.addUser(server, "former");
        AdminClient.setRole(server, "former", Role.OPERATOR);
        JsonObject tokens = AdminClient.redeem(server, sub, "admin:read admin:write").requireOk().json();
        AdminClient.setRole(server, "former", Role.AUDITOR);
        JsonObject reduced = refresh(tokens).requireOk().json();
        assertThat(reduced.getString("scope")).isEqualTo("admin:read");
        AdminClient.setRole(server, "former", null);
        refresh(reduced).requireError(400, "invalid_scope");
    }

    private static Answer refresh(JsonObject tokens) {
        return server.post("/oauth/token", "grant_type", "refresh_token", "client_id", AdminClient.CLIENT, "refresh_token", tokens.getString("refresh_token"));
    }

    @Test
    void clientGetsNoTokenOfItsOwnForTheAdministration() {
        server.add(new Client("robot", "Robot", List.of(new Client.Secret(ClientSecrets.storedForm("s3cret"), 0, null)),
            Set.of(ClientAuthMethod.CLIENT_SECRET_BASIC), List.of(), Set.of("client_credentials"), Scopes.of("admin:read", "mcp:read"), List.of(), 0));
        String authorization = RunningServer.basic("robot", "s3cret");
        server.postAs(authorization, "/oauth/token", "grant_type", "client_credentials", "resource", server.issuer() + AdminOptions.PATH)
            .requireError(400, "invalid_target");
        server.postAs(authorization, "/oauth/token", "grant_type", "client_credentials", "scope", "admin:read").requireError(400, "invalid_scope");
        assertThat(server.postAs(authorization, "/oauth/token", "grant_type", "client_credentials").requireOk().json().getString("scope")).isEqualTo("mcp:read");
    }

    @Test
    void selfRegisteredClientNeverHasTheScopes() {
        JsonObject registered = server.postJson("/oauth/register", new JsonObject().put("redirect_uris", List.of("http://127.0.0.1/callback"))
            .put("scope", "admin:read admin:write mcp:read")).json();
        assertThat(registered.getString("scope")).contains("mcp:read").doesNotContain("admin");
    }
}
