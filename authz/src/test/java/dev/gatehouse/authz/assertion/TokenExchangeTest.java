package dev.gatehouse.authz.assertion;

import static dev.gatehouse.authz.support.RunningServer.RESOURCE;
import static dev.gatehouse.authz.support.RunningServer.SUB;
import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.token.AccessToken;
import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.authz.token.AccessTokenStore;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.jose.UnverifiedJwt;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

class TokenExchangeTest {

    private static final String GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    private static final String OTHER_RESOURCE = "http://localhost:8002/mcp";

    private RunningServer server;

    @BeforeEach
    void start() {
        server = RunningServer.start(new JsonObject().put("resources", new JsonArray()
            .add(new JsonObject().put("resource", OTHER_RESOURCE).put("tokenFormat", "jwt"))));
        server.add(Clients.publicClient("app"));
        server.add(Clients.withGrants("agent", "s3cret", "authorization_code", "refresh_token", GRANT));
        server.add(Clients.withGrants("stranger", "s3cret", GRANT));
        server.add(Clients.withGrants("worker", "s3cret", "client_credentials"));
        Client gateway = Clients.resourceServer("gateway", "s3cret", RESOURCE);
        server.add(new Client(gateway.id(), gateway.name(), gateway.secrets(), gateway.authMethods(), gateway.redirectUris(),
            Set.of(GRANT), gateway.scopes(), gateway.servedResources(), 0)
            .withPolicy(ClientPolicy.of(new JsonObject().put("resources", new JsonArray().add(RESOURCE).add(OTHER_RESOURCE)))));
        server.add(new Client("insider", gateway.name(), gateway.secrets(), gateway.authMethods(), gateway.redirectUris(),
            Set.of(GRANT), Scopes.of("openid", "mcp:read"), gateway.servedResources(), 0));
        server.add(new Client("relay", gateway.name(), gateway.secrets(), gateway.authMethods(), gateway.redirectUris(),
            Set.of(GRANT), gateway.scopes(), gateway.servedResources(), 0));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void resourceServerGetsATokenForAnotherResourceOnItsUsersBehalf() {
        String subject = usersToken("app", null);
        JsonObject answer = exchange("gateway", subject, "resource", OTHER_RESOURCE, "scope", "mcp:read").requireOk().json();
        assertThat(answer.getString("issued_token_type")).isEqualTo(ACCESS_TOKEN);
        assertThat(answer.getString("token_type")).isEqualTo("Bearer");
        assertThat(answer.getString("scope")).isEqualTo("mcp:read");
        assertThat(answer.containsKey("refresh_token")).isFalse();
        String token = answer.getString("access_token");
        assertThat(UnverifiedJwt.looksLikeOne(token)).isTrue();
        JsonObject told = introspect(token);
        assertThat(told.getString("sub")).isEqualTo(SUB);
        assertThat(told.getString("client_id")).isEqualTo("gateway");
        assertThat(told.getString("aud")).isEqualTo(OTHER_RESOURCE);
        assertThat(server.isActive(subject)).isTrue();
    }

    @Test
    void resourceThatThePersonWasNeverShownIsRefusedUnlessTheClientsPolicyNamesIt() {
        String subject = usersToken("app", null);
        exchange("relay", subject, "resource", OTHER_RESOURCE, "scope", "mcp:read").requireError(400, "invalid_target");
        exchange("relay", subject, "resource", "http://localhost:9999/anything").requireError(400, "invalid_target");
        exchange("relay", subject, "resource", RESOURCE, "resource", OTHER_RESOURCE).requireError(400, "invalid_target");
        assertThat(introspect(exchange("relay", subject, "scope", "mcp:read").requireOk().json().getString("access_token")).getString("aud"))
            .isEqualTo(RESOURCE);
        exchange("gateway", subject, "resource", OTHER_RESOURCE, "scope", "mcp:read").requireOk();
        String own = usersToken("agent", basic("agent", "s3cret"));
        exchange("agent", own, "resource", OTHER_RESOURCE).requireError(400, "invalid_target");
        Approval shown = server.approve("agent", "mcp:read", List.of(RESOURCE, OTHER_RESOURCE));
        String forOne = server.postAs(basic("agent", "s3cret"), "/oauth/token", "grant_type", "authorization_code", "code", shown.code(),
            "code_verifier", shown.verifier(), "resource", RESOURCE).requireOk().json().getString("access_token");
        exchange("agent", forOne, "resource", OTHER_RESOURCE).requireOk();
    }

    @Test
    void aResourceServerGetsNoTokenForUserInfoThoughThePersonWasShownIt() {
        String userInfo = server.issuer() + "/oauth/userinfo";
        Approval shown = server.approve("agent", "openid mcp:read", List.of(RESOURCE, userInfo));
        String subject = server.postAs(basic("agent", "s3cret"), "/oauth/token", "grant_type", "authorization_code", "code", shown.code(),
            "code_verifier", shown.verifier(), "resource", RESOURCE).requireOk().json().getString("access_token");
        assertThat(introspect(subject).getString("aud")).isEqualTo(RESOURCE);
        exchange("insider", subject, "resource", userInfo, "scope", "openid").requireError(400, "invalid_target");
        assertThat(introspect(exchange("insider", subject, "scope", "mcp:read").requireOk().json().getString("access_token")).getString("aud"))
            .isEqualTo(RESOURCE);
        assertThat(introspect(exchange("agent", subject, "resource", userInfo, "scope", "openid").requireOk().json().getString("access_token"))
            .getString("aud")).as("its own client does").isEqualTo(userInfo);
    }

    @Test
    void anEndingThatTheOperatorTypedOtherwiseMakesNoDifference() {
        Client relay = Waiting.on(server.clients().find("relay")).orElseThrow();
        server.add(new Client("slashed", relay.name(), relay.secrets(), relay.authMethods(), relay.redirectUris(), Set.of(GRANT), relay.scopes(),
            List.of(RESOURCE + "/"), 0).withPolicy(ClientPolicy.of(new JsonObject().put("resources",
                new JsonArray().add(RESOURCE).add(OTHER_RESOURCE + "/")))));
        String subject = usersToken("app", null);
        exchange("slashed", subject, "resource", OTHER_RESOURCE, "scope", "mcp:read").requireOk();
        assertThat(server.postAs(basic("slashed", "s3cret"), "/oauth/introspect", "token", subject).requireOk().json().getBoolean("active")).isTrue();
        server.add(new Client("elsewhere", relay.name(), relay.secrets(), relay.authMethods(), relay.redirectUris(), Set.of(GRANT), relay.scopes(),
            List.of(OTHER_RESOURCE + "/"), 0));
        exchange("elsewhere", subject).requireError(400, "invalid_request");
        assertThat(server.postAs(basic("elsewhere", "s3cret"), "/oauth/introspect", "token", subject).requireOk().json().getBoolean("active")).isFalse();
    }

    @Test
    void clientNarrowsItsOwnTokenAndKeepsItsAudienceAndEnd() {
        String subject = usersToken("agent", basic("agent", "s3cret"));
        long end = introspect(subject).getLong("exp");
        server.clock().advance(Duration.ofMinutes(50));
        Answer answer = exchange("agent", subject, "scope", "mcp:read").requireOk();
        assertThat(answer.json().getInteger("expires_in")).isEqualTo(600);
        JsonObject told = introspect(answer.json().getString("access_token"));
        assertThat(told.getLong("exp")).isEqualTo(end);
        assertThat(told.getString("aud")).isEqualTo(RESOURCE);
        assertThat(told.getString("scope")).isEqualTo("mcp:read");
        assertThat(exchange("agent", subject).requireOk().json().getString("scope")).isEqualTo("mcp:read mcp:write");
    }

    @Test
    void newTokenNeverMayMoreThanTheOldOne() {
        String narrow = exchange("gateway", usersToken("app", null), "scope", "mcp:read").requireOk().json().getString("access_token");
        exchange("gateway", narrow, "scope", "mcp:write").requireError(400, "invalid_scope");
        exchange("gateway", narrow, "scope", "mcp:read mcp:write").requireError(400, "invalid_scope");
        exchange("gateway", narrow, "scope", "nothing:known").requireError(400, "invalid_scope");
        exchange("gateway", narrow, "resource", "https://elsewhere.example/mcp").requireError(400, "invalid_target");
        exchange("gateway", narrow, "audience", "not a resource").requireError(400, "invalid_target");
        assertThat(exchange("gateway", narrow).requireOk().json().getString("scope")).isEqualTo("mcp:read");
    }

    @Test
    void subjectTokenMustBeLiveAndTheCallersBusiness() {
        String subject = usersToken("app", null);
        exchange("stranger", subject).requireError(400, "invalid_request");
        exchange("gateway", "gha_" + "x".repeat(43)).requireError(400, "invalid_request");
        exchange("gateway", "a.b.c").requireError(400, "invalid_request");
        exchange("gateway", "nonsense").requireError(400, "invalid_request");
        exchange("gateway", subject).requireOk();
        server.post("/oauth/revoke", "client_id", "app", "token", subject).requireOk();
        exchange("gateway", subject).requireError(400, "invalid_request");
        String expired = usersToken("app", null);
        server.clock().advance(Duration.ofHours(1));
        exchange("gateway", expired).requireError(400, "invalid_request");
    }

    @Test
    void requestSaysWhatItBringsAndWants() {
        String subject = usersToken("app", null);
        String gateway = basic("gateway", "s3cret");
        server.postAs(gateway, "/oauth/token", "grant_type", GRANT, "subject_token", subject).requireError(400, "invalid_request");
        server.postAs(gateway, "/oauth/token", "grant_type", GRANT, "subject_token_type", ACCESS_TOKEN).requireError(400, "invalid_request");
        server.postAs(gateway, "/oauth/token", "grant_type", GRANT, "subject_token", subject, "subject_token_type",
            "urn:ietf:params:oauth:token-type:refresh_token").requireError(400, "invalid_request");
        exchange("gateway", subject, "requested_token_type", "urn:ietf:params:oauth:token-type:refresh_token").requireError(400, "invalid_request");
        exchange("gateway", subject, "actor_token", subject).requireError(400, "invalid_request");
        exchange("gateway", subject, "requested_token_type", ACCESS_TOKEN).requireOk();
        exchange("worker", subject).requireError(400, "unauthorized_client");
        server.post("/oauth/token", "grant_type", GRANT, "client_id", "app", "subject_token", subject, "subject_token_type", ACCESS_TOKEN)
            .requireError(400, "unauthorized_client");
    }

    @Test
    void tokenEndsWithTheClientThatThePersonAgreedTo() {
        String exchanged = exchange("gateway", usersToken("app", null), "resource", OTHER_RESOURCE).requireOk().json().getString("access_token");
        assertThat(server.isActive(exchanged)).as("and is known by now").isTrue();
        Waiting.on(server.clients().delete("stranger", server.clock().millis()));
        assertThat(server.isActive(exchanged)).isTrue();
        Waiting.on(server.clients().delete("app", server.clock().millis()));
        Eventually.holds(() -> !server.isActive(exchanged));
    }

    @Test
    void tokenEndsWithTheGrantOfTheOneItWasExchangedFor() {
        Approval approval = server.approve("app");
        JsonObject first = redeem("app", null, approval);
        String exchanged = exchange("gateway", first.getString("access_token"), "resource", OTHER_RESOURCE).requireOk()
            .json().getString("access_token");
        assertThat(server.isActive(exchanged)).isTrue();
        server.post("/oauth/revoke", "client_id", "app", "token", first.getString("refresh_token")).requireOk();
        assertThat(server.isActive(exchanged)).isFalse();
    }

    @Test
    void boundTokenIsNotExchangedForAFreeOne() {
        String text = "gha_" + SecretToken.hash("bound");
        long now = server.clock().millis();
        Waiting.on(new AccessTokenStore(server.database()).issue(new AccessToken(SecretToken.hash(text), null, "agent", "agent",
            Scopes.of("mcp:read"), List.of(RESOURCE), now, now + 60_000, Confirmation.ofKey("some-key"))));
        assertThat(server.isActive(text)).isTrue();
        exchange("agent", text).requireError(400, "invalid_request");
    }

    private String usersToken(String client, String authorization) {
        return redeem(client, authorization, server.approve(client)).getString("access_token");
    }

    private JsonObject redeem(String client, String authorization, Approval approval) {
        List<String> form = new ArrayList<>(List.of("grant_type", "authorization_code", "code", approval.code(), "redirect_uri",
            approval.redirectUri(), "code_verifier", approval.verifier()));
        if (authorization == null) {
            form.addAll(List.of("client_id", client));
        }
        return server.postAs(authorization, "/oauth/token", form.toArray(String[]::new)).requireOk().json();
    }

    private Answer exchange(String client, String subject, String... more) {
        List<String> form = new ArrayList<>(List.of("grant_type", GRANT, "subject_token", subject, "subject_token_type", ACCESS_TOKEN));
        form.addAll(List.of(more));
        return server.postAs(basic(client, "s3cret"), "/oauth/token", form.toArray(String[]::new));
    }

    private JsonObject introspect(String token) {
        return server.post("/oauth/introspect", "token", token).requireOk().json();
    }
}
