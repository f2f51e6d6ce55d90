package dev.gatehouse.authz.token;

import static dev.gatehouse.authz.support.RunningServer.RESOURCE;
import static dev.gatehouse.authz.support.RunningServer.SUB;
import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

class AuthorizationCodeGrantTest {

    private static final String OTHER = "http://localhost:8001/other";
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start();
        server.add(Clients.publicClient("app"));
        server.add(Clients.publicClient("other-app"));
        server.add(Clients.basicClient("service", "s3cret-s3cret"));
        server.add(Clients.withGrants("no-refresh", "s3cret-s3cret", "authorization_code"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void codeBecomesTokensOfTheUser() {
        Answer answer = redeem(server.approve("app")).requireOk();
        JsonObject tokens = answer.json();
        assertThat(tokens.getString("access_token")).matches("gha_[A-Za-z0-9_-]{43}");
        assertThat(tokens.getString("refresh_token")).matches("ghr_[A-Za-z0-9_-]{43}");
        assertThat(tokens.getString("token_type")).isEqualTo("Bearer");
        assertThat(tokens.getInteger("expires_in")).isEqualTo(3600);
        assertThat(tokens.getString("scope")).isEqualTo("mcp:read mcp:write");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        JsonObject claims = claims(tokens);
        assertThat(claims.getString("sub")).isEqualTo(SUB);
        assertThat(claims.getString("client_id")).isEqualTo("app");
        assertThat(claims.getString("aud")).isEqualTo(RESOURCE);
        assertThat(claims.getString("username")).isEqualTo("alice");
        assertThat(claims.getString("email")).isEqualTo("alice@example.com");
        assertThat(claims.getString("name")).isEqualTo("Alice");
        assertThat(claims.getString("created_at")).isEqualTo("2026-01-02T03:04:05Z");
    }

    @Test
    void confidentialClientHasToProveItself() {
        Approval approval = server.approve("service");
        redeem(approval, "client_id", "service").requireError(401, "invalid_client");
        redeemAs(basic("service", "wrong"), approval).requireError(401, "invalid_client");
        redeemAs(basic("service", "s3cret-s3cret"), approval).requireOk();
    }

    @Test
    void clientWithoutTheRefreshGrantGetsNoRefreshToken() {
        JsonObject tokens = redeemAs(basic("no-refresh", "s3cret-s3cret"), server.approve("no-refresh")).requireOk().json();
        assertThat(tokens.containsKey("refresh_token")).isFalse();
    }

    @Test
    void replayRevokesWhatTheFirstRedemptionIssued() {
        Approval approval = server.approve("app");
        JsonObject tokens = redeem(approval).requireOk().json();
        assertThat(server.isActive(tokens.getString("access_token"))).isTrue();
        redeem(approval).requireError(400, "invalid_grant");
        assertThat(server.isActive(tokens.getString("access_token"))).isFalse();
        refresh("app", tokens).requireError(400, "invalid_grant");
    }

    @Test
    void replayWithoutTheProofLeavesTheTokensAlone() {
        Approval approval = server.approve("app");
        JsonObject tokens = redeem(approval).requireOk().json();
        redeem(new Approval(approval.code(), "x".repeat(43), "", approval.redirectUri())).requireError(400, "invalid_grant");
        redeem(approval, "client_id", "other-app").requireError(400, "invalid_grant");
        redeem(approval, "redirect_uri", "http://127.0.0.1/elsewhere").requireError(400, "invalid_grant");
        assertThat(server.isActive(tokens.getString("access_token"))).isTrue();
        refresh("app", tokens).requireOk();
    }

    @Test
    void ofManyRedemptionsAtOnceOneWins() {
        for (int round = 0; round < 20; round++) {
            Approval approval = server.approve("app");
            List<Answer> answers = server.postAtOnce(50, null, "/oauth/token", "grant_type", "authorization_code", "client_id", "app",
                "code", approval.code(), "code_verifier", approval.verifier());
            assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
            assertThat(answers).filteredOn(answer -> answer.status() != 200).hasSize(49)
                .allSatisfy(answer -> answer.requireError(400, "invalid_grant"));
        }
    }

    @Test
    void codeOfAnotherClientIsRefusedAndStaysGood() {
        Approval approval = server.approve("app");
        redeem(approval, "client_id", "other-app").requireError(400, "invalid_grant");
        redeemAs(basic("service", "s3cret-s3cret"), approval).requireError(400, "invalid_grant");
        redeem(approval).requireOk();
    }

    @Test
    void verifierHasToBeTheOneOfTheChallenge() {
        Approval approval = server.approve("app");
        post("code", approval.code()).requireError(400, "invalid_grant");
        post("code", approval.code(), "code_verifier", "x".repeat(42)).requireError(400, "invalid_request");
        post("code", approval.code(), "code_verifier", "x".repeat(129)).requireError(400, "invalid_request");
        post("code", approval.code(), "code_verifier", "x".repeat(42) + "!").requireError(400, "invalid_request");
        post("code", approval.code(), "code_verifier", "x".repeat(43)).requireError(400, "invalid_grant");
        post("code", approval.code(), "code_verifier", approval.verifier()).requireOk();
    }

    @Test
    void codeEndsAfterAFewWrongVerifiers() {
        Approval approval = server.approve("app");
        for (int tries = 0; tries < 5; tries++) {
            post("code", approval.code(), "code_verifier", "x".repeat(43)).requireError(400, "invalid_grant");
        }
        redeem(approval).requireError(400, "invalid_grant");
    }

    @Test
    void redirectUriMayBeLeftOutButNotChanged() {
        Approval approval = server.approve("app");
        redeem(approval, "redirect_uri", approval.redirectUri() + "/").requireError(400, "invalid_grant");
        redeem(approval, "redirect_uri", approval.redirectUri()).requireOk();
        redeem(server.approve("app")).requireOk();
    }

    @Test
    void codeExpires() {
        Approval late = server.approve("app");
        server.clock().advance(Duration.ofSeconds(60));
        redeem(late).requireError(400, "invalid_grant");
        Approval inTime = server.approve("app");
        server.clock().advance(Duration.ofSeconds(59));
        redeem(inTime).requireOk();
    }

    @Test
    void alteredCodeAndTokensOfOtherKindsAreNoCodes() {
        Approval approval = server.approve("app");
        JsonObject tokens = redeem(server.approve("app")).requireOk().json();
        for (String text : List.of(approval.code() + "x", approval.code().toUpperCase(java.util.Locale.ROOT), "ghc_", "' OR 1=1",
            approval.code().substring(4), tokens.getString("refresh_token"), tokens.getString("access_token"), deviceCode(), pushedRequest())) {
            post("code", text, "code_verifier", approval.verifier()).requireError(400, "invalid_grant");
        }
        redeem(approval).requireOk();
    }

    private static String deviceCode() {
        server.add(Clients.withGrants("tv", "s3cret-s3cret", GrantType.DEVICE_CODE.wireName()));
        return server.postAs(basic("tv", "s3cret-s3cret"), "/oauth/device_authorization", "scope", "mcp:read").requireOk().json().getString("device_code");
    }

    private static String pushedRequest() {
        return server.post("/oauth/par", "client_id", "app", "response_type", "code", "redirect_uri", Clients.REDIRECT_URI,
            "code_challenge", Approval.challengeOf(Approval.newVerifier()), "code_challenge_method", "S256").json().getString("request_uri");
    }

    @Test
    void resourceNarrowsTheAudienceAndMayNotWidenIt() {
        Approval approval = server.approve("app", "mcp:read", List.of(RESOURCE, OTHER));
        redeem(approval, "resource", "http://localhost:8001/third").requireError(400, "invalid_target");
        redeem(approval, "resource", "not a URI").requireError(400, "invalid_target");
        JsonObject tokens = redeem(approval, "resource", OTHER).requireOk().json();
        assertThat(claims(tokens).getString("aud")).isEqualTo(OTHER);
        JsonObject both = redeem(server.approve("app", "mcp:read", List.of(RESOURCE, OTHER))).requireOk().json();
        assertThat(claims(both).getJsonArray("aud")).containsExactly(RESOURCE, OTHER);
    }

    @Test
    void disabledUserGetsNoTokens() {
        Approval approval = server.approve("app");
        Waiting.on(server.users().setDisabled("alice", true, server.clock().millis()));
        redeem(approval).requireError(400, "invalid_grant");
        Waiting.on(server.users().setDisabled("alice", false, server.clock().millis()));
        redeem(approval).requireError(400, "invalid_grant");
        redeem(server.approve("app")).requireOk();
    }

    @Test
    void deletedClientGetsNoTokens() {
        server.add(Clients.publicClient("short-lived"));
        redeem(server.approve("short-lived"), "client_id", "short-lived").requireOk();
        Approval approval = server.approve("short-lived");
        Waiting.on(server.clients().delete("short-lived", server.clock().millis()));
        String error = redeem(approval, "client_id", "short-lived").json().getString("error");
        assertThat(error).isIn("invalid_client", "invalid_grant");
    }

    private static JsonObject claims(JsonObject tokens) {
        return server.post("/oauth/introspect", "token", tokens.getString("access_token")).requireOk().json();
    }

    private static Answer refresh(String clientId, JsonObject tokens) {
        return server.post("/oauth/token", "grant_type", "refresh_token", "client_id", clientId,
            "refresh_token", tokens.getString("refresh_token"));
    }

    private static Answer redeem(Approval approval) {
        return redeem(approval, "client_id", "app");
    }

    private static Answer redeem(Approval approval, String name, String value) {
        String clientId = name.equals("client_id") ? value : "app";
        return server.post("/oauth/token", "grant_type", "authorization_code", "client_id", clientId, "code", approval.code(),
            "code_verifier", approval.verifier(), name.equals("client_id") ? "ignored" : name, value);
    }

    private static Answer redeemAs(String authorization, Approval approval) {
        return server.postAs(authorization, "/oauth/token", "grant_type", "authorization_code", "code", approval.code(),
            "code_verifier", approval.verifier());
    }

    private static Answer post(String... parameters) {
        String[] form = new String[parameters.length + 4];
        System.arraycopy(new String[] {"grant_type", "authorization_code", "client_id", "app"}, 0, form, 0, 4);
        System.arraycopy(parameters, 0, form, 4, parameters.length);
        return server.post("/oauth/token", form);
    }
}
