package dev.gatehouse.authz.introspect;

import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RevocationTest {

    private static final String SERVICE = basic("service", "s3cret-s3cret");
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start();
        server.add(Clients.publicClient("app"));
        server.add(Clients.publicClient("other-app"));
        server.add(Clients.basicClient("service", "s3cret-s3cret"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void accessTokenEndsAloneAndAtOnce() {
        JsonObject tokens = login();
        assertThat(server.isActive(tokens.getString("access_token"))).isTrue();
        Answer answer = revoke("app", tokens.getString("access_token")).requireOk();
        assertThat(answer.body()).isEmpty();
        assertThat(server.isActive(tokens.getString("access_token"))).isFalse();
        refresh(tokens).requireOk();
    }

    @Test
    void refreshTokenEndsTheWholeGrantAtOnce() {
        JsonObject first = login();
        JsonObject second = refresh(first).requireOk().json();
        assertThat(server.isActive(first.getString("access_token"))).isTrue();
        assertThat(server.isActive(second.getString("access_token"))).isTrue();
        revoke("app", second.getString("refresh_token"), "token_type_hint", "access_token").requireOk();
        assertThat(server.isActive(first.getString("access_token"))).isFalse();
        assertThat(server.isActive(second.getString("access_token"))).isFalse();
        refresh(second).requireError(400, "invalid_grant");
    }

    @Test
    void tokensOfAnotherClientStay() {
        JsonObject tokens = login();
        revoke("other-app", tokens.getString("access_token")).requireOk();
        revoke("other-app", tokens.getString("refresh_token")).requireOk();
        server.postAs(SERVICE, "/oauth/revoke", "token", tokens.getString("refresh_token")).requireOk();
        assertThat(server.isActive(tokens.getString("access_token"))).isTrue();
        refresh(tokens).requireOk();
    }

    @Test
    void confidentialClientHasToProveItself() {
        String token = server.postAs(SERVICE, "/oauth/token", "grant_type", "client_credentials").json().getString("access_token");
        revoke("service", token).requireError(401, "invalid_client");
        server.postAs(basic("service", "wrong"), "/oauth/revoke", "token", token).requireError(401, "invalid_client");
        server.post("/oauth/revoke", "token", token).requireError(401, "invalid_client");
        assertThat(server.isActive(token)).isTrue();
        server.postAs(SERVICE, "/oauth/revoke", "token", token).requireOk();
        assertThat(server.isActive(token)).isFalse();
    }

    @Test
    void unknownTokenIsNoError() {
        revoke("app", "gha_" + "x".repeat(43)).requireOk();
        revoke("app", "nonsense").requireOk();
        server.post("/oauth/revoke", "client_id", "app").requireError(400, "invalid_request");
    }

    private static JsonObject login() {
        Approval approval = server.approve("app");
        return server.post("/oauth/token", "grant_type", "authorization_code", "client_id", "app", "code", approval.code(),
            "code_verifier", approval.verifier()).requireOk().json();
    }

    private static Answer refresh(JsonObject tokens) {
        return server.post("/oauth/token", "grant_type", "refresh_token", "client_id", "app",
            "refresh_token", tokens.getString("refresh_token"));
    }

    private static Answer revoke(String clientId, String token) {
        return revoke(clientId, token, "unknown", "ignored");
    }

    private static Answer revoke(String clientId, String token, String name, String value) {
        return server.post("/oauth/revoke", "client_id", clientId, "token", token, name, value);
    }
}
