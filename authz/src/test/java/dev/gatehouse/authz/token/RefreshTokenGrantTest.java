package dev.gatehouse.authz.token;

import static dev.gatehouse.authz.support.RunningServer.RESOURCE;
import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientPolicy;
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
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

class RefreshTokenGrantTest {

    private static final String SECRET = "s3cret-s3cret";
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start();
        server.add(Clients.publicClient("app"));
        server.add(Clients.publicClient("other-app"));
        server.add(Clients.basicClient("keeper", SECRET));
        server.add(Clients.withGrants("no-refresh", "s3cret-s3cret", "authorization_code"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void refreshYieldsANewPairAndTheSameRights() {
        JsonObject first = login();
        JsonObject second = refresh(first).requireOk().json();
        assertThat(second.getString("refresh_token")).matches("ghr_[A-Za-z0-9_-]{43}").isNotEqualTo(first.getString("refresh_token"));
        assertThat(second.getString("access_token")).isNotEqualTo(first.getString("access_token"));
        assertThat(second.getString("scope")).isEqualTo("mcp:read mcp:write");
        assertThat(server.isActive(second.getString("access_token"))).isTrue();
        refresh(second).requireOk();
    }

    @Test
    void reusedTokenRevokesWholeFamily() {
        JsonObject first = login();
        JsonObject second = refresh(first).requireOk().json();
        server.clock().advance(Duration.ofSeconds(60));
        refresh(first).requireError(400, "invalid_grant");
        assertThat(server.isActive(first.getString("access_token"))).isFalse();
        assertThat(server.isActive(second.getString("access_token"))).isFalse();
        refresh(second).requireError(400, "invalid_grant");
    }

    @Test
    void lostAnswerIsGivenAgainWithinTheGrace() {
        JsonObject first = login();
        JsonObject lost = refresh(first).requireOk().json();
        server.clock().advance(Duration.ofSeconds(59));
        JsonObject again = refresh(first).requireOk().json();
        assertThat(again.getString("refresh_token")).isEqualTo(lost.getString("refresh_token"));
        assertThat(server.isActive(again.getString("access_token"))).isTrue();
        refresh(again).requireOk();
    }

    @Test
    void lostAnswerIsGivenAgainBehindARestart() {
        JsonObject first = login();
        JsonObject lost = refresh(first).requireOk().json();
        server.restart(new JsonObject());
        server.clock().advance(Duration.ofSeconds(29));
        JsonObject again = refresh(first).requireOk().json();
        assertThat(again.getString("refresh_token")).isEqualTo(lost.getString("refresh_token"));
        assertThat(server.isActive(again.getString("access_token"))).isTrue();
        refresh(again).requireOk();
        refresh(first).requireError(400, "invalid_grant");
    }

    @Test
    void clientThatLosesAnswerAfterAnswerKeepsOneFamily() {
        JsonObject tokens = login();
        for (int round = 0; round < 100; round++) {
            JsonObject current = tokens;
            String successor = refresh(current).requireOk().json().getString("refresh_token");
            for (int lost = 0; lost < 3; lost++) {
                server.clock().advance(Duration.ofSeconds(5));
                tokens = refresh(current).requireOk().json();
                assertThat(tokens.getString("refresh_token")).isEqualTo(successor);
            }
        }
        JsonObject last = refresh(tokens).requireOk().json();
        assertThat(server.isActive(last.getString("access_token"))).isTrue();
        server.clock().advance(Duration.ofSeconds(61));
        refresh(tokens).requireError(400, "invalid_grant");
        assertThat(server.isActive(last.getString("access_token"))).isFalse();
    }

    @Test
    void tokenSpentLongAgoEndsOnlyThatCopyWhereItsHolderIsProven() {
        JsonObject first = server.postAs(basic("keeper", SECRET), "/oauth/token", codeOf("keeper")).requireOk().json();
        JsonObject second = refreshAs("keeper", first).requireOk().json();
        server.clock().advance(Duration.ofMinutes(59));
        JsonObject third = refreshAs("keeper", second).requireOk().json();
        server.clock().advance(Duration.ofMinutes(1));
        refreshAs("keeper", first).requireError(400, "invalid_grant");
        assertThat(server.isActive(third.getString("access_token"))).isTrue();
        JsonObject fourth = refreshAs("keeper", third).requireOk().json();
        refreshAs("keeper", second).requireError(400, "invalid_grant");
        assertThat(server.isActive(fourth.getString("access_token"))).as("spent a moment ago, so that this is a theft").isFalse();
    }

    @Test
    void tokenSpentLongAgoEndsTheFamilyOfAPublicClientWithoutAKey() {
        JsonObject first = login();
        JsonObject second = refresh(first).requireOk().json();
        server.clock().advance(Duration.ofDays(2));
        JsonObject third = refresh(second).requireOk().json();
        refresh(first).requireError(400, "invalid_grant");
        assertThat(server.isActive(third.getString("access_token"))).isFalse();
    }

    @Test
    void tokenOfAClientThatKeepsItStaysTheSameAndItsIdleTimeBeginsAnew() {
        server.add(keeping(Clients.basicClient("steady", SECRET)));
        JsonObject first = server.postAs(basic("steady", SECRET), "/oauth/token", codeOf("steady")).requireOk().json();
        for (int day = 0; day < 80; day += 10) {
            server.clock().advance(Duration.ofDays(10));
            JsonObject next = refreshAs("steady", first).requireOk().json();
            assertThat(next.getString("refresh_token")).isEqualTo(first.getString("refresh_token"));
            assertThat(server.isActive(next.getString("access_token"))).isTrue();
        }
        server.clock().advance(Duration.ofDays(14));
        refreshAs("steady", first).requireError(400, "invalid_grant");
        server.add(keeping(Clients.publicClient("public-steady")));
        JsonObject unbound = server.post("/oauth/token", withClient("public-steady", codeOf("public-steady"))).requireOk().json();
        assertThat(post("public-steady", unbound.getString("refresh_token")).requireOk().json().getString("refresh_token"))
            .as("a bearer token of a public client rotates").isNotEqualTo(unbound.getString("refresh_token"));
    }

    private static Client keeping(Client client) {
        return client.withPolicy(ClientPolicy.of(new JsonObject().put("keepsRefreshToken", true)));
    }

    private static String[] codeOf(String clientId) {
        Approval approval = server.approve(clientId);
        return new String[] {"grant_type", "authorization_code", "code", approval.code(), "code_verifier", approval.verifier()};
    }

    private static String[] withClient(String clientId, String... form) {
        String[] all = Arrays.copyOf(form, form.length + 2);
        all[form.length] = "client_id";
        all[form.length + 1] = clientId;
        return all;
    }

    private static Answer refreshAs(String clientId, JsonObject tokens) {
        return server.postAs(basic(clientId, SECRET), "/oauth/token", "grant_type", "refresh_token", "refresh_token",
            tokens.getString("refresh_token"));
    }

    @Test
    void graceEndsWithTheFirstUseOfTheSuccessor() {
        JsonObject first = login();
        JsonObject second = refresh(first).requireOk().json();
        JsonObject third = refresh(second).requireOk().json();
        refresh(first).requireError(400, "invalid_grant");
        assertThat(server.isActive(third.getString("access_token"))).isFalse();
        refresh(third).requireError(400, "invalid_grant");
    }

    @Test
    void manyRefreshesAtOnceLeaveOneFamilyAlive() {
        for (int round = 0; round < 100; round++) {
            String token = login().getString("refresh_token");
            List<Answer> answers = server.postAtOnce(50, null, "/oauth/token", "grant_type", "refresh_token", "client_id", "app",
                "refresh_token", token);
            Set<String> successors = answers.stream().map(answer -> answer.requireOk().json().getString("refresh_token"))
                .collect(Collectors.toSet());
            assertThat(successors).hasSize(1);
            refresh(answers.get(0).json()).requireOk();
        }
    }

    @Test
    void anotherClientIsRefusedAndTheFamilyStays() {
        JsonObject tokens = login();
        post("other-app", tokens.getString("refresh_token")).requireError(400, "invalid_grant");
        assertThat(server.isActive(tokens.getString("access_token"))).isTrue();
        refresh(tokens).requireOk();
    }

    @Test
    void scopeNarrowsTheAccessTokenOnly() {
        JsonObject tokens = login();
        refresh(tokens, "scope", "mcp:read mcp:admin").requireError(400, "invalid_scope");
        refresh(tokens, "scope", "\"").requireError(400, "invalid_scope");
        // Had a refusal rotated it, the token would be a reused one by now.
        server.clock().advance(Duration.ofSeconds(61));
        JsonObject narrowed = refresh(tokens, "scope", "mcp:read").requireOk().json();
        assertThat(narrowed.getString("scope")).isEqualTo("mcp:read");
        JsonObject wide = refresh(narrowed).requireOk().json();
        assertThat(wide.getString("scope")).isEqualTo("mcp:read mcp:write");
    }

    @Test
    void narrowingToABroadScopeKeepsWhatItImplies() {
        JsonObject tokens = login();
        JsonObject writing = refresh(tokens, "scope", "mcp:write").requireOk().json();
        assertThat(writing.getString("scope").split(" ")).containsExactlyInAnyOrder("mcp:write", "mcp:read");
        JsonObject reading = redeem(server.approve("app", "mcp:read", List.of(RESOURCE)));
        refresh(reading, "scope", "mcp:write").requireError(400, "invalid_scope");
    }

    @Test
    void resourceNarrowsTheAccessTokenAndMayNotWidenIt() {
        JsonObject tokens = redeem(server.approve("app", "mcp:read", List.of(RESOURCE, "http://localhost:8001/other")));
        refresh(tokens, "resource", "http://localhost:8001/third").requireError(400, "invalid_target");
        JsonObject narrowed = refresh(tokens, "resource", RESOURCE).requireOk().json();
        JsonObject claims = server.post("/oauth/introspect", "token", narrowed.getString("access_token")).json();
        assertThat(claims.getString("aud")).isEqualTo(RESOURCE);
    }

    @Test
    void unusedTokenExpires() {
        JsonObject tokens = login();
        server.clock().advance(Duration.ofDays(14));
        refresh(tokens).requireError(400, "invalid_grant");
    }

    @Test
    void familyEndsHoweverOftenItIsRefreshedAndNoTokenOutlivesIt() {
        JsonObject tokens = login();
        for (int day = 13; day < 90; day += 13) {
            server.clock().advance(Duration.ofDays(13));
            tokens = refresh(tokens).requireOk().json();
        }
        server.clock().advance(Duration.ofDays(12).minusMinutes(10));
        tokens = refresh(tokens).requireOk().json();
        assertThat(tokens.getInteger("expires_in")).isEqualTo(600);
        server.clock().advance(Duration.ofMinutes(10));
        assertThat(server.isActive(tokens.getString("access_token"))).isFalse();
        refresh(tokens).requireError(400, "invalid_grant");
    }

    /** Each refresh leaves a spent token behind, which is kept until the grant ends. */
    @Test
    void grantIsRefreshedABoundedNumberOfTimes() {
        Approval approval = server.approve("app");
        JsonObject tokens = refresh(redeem(approval)).requireOk().json();
        long tokensInLifetime = Duration.ofDays(90).toHours();
        refreshedBefore(approval, 9_999 + 4 * tokensInLifetime);
        JsonObject last = refresh(tokens).requireOk().json();
        refresh(last).requireError(400, "invalid_grant");
        assertThat(server.isActive(last.getString("access_token"))).as("what was issued lives on").isTrue();
        refresh(refresh(login()).requireOk().json()).requireOk();
    }

    private static void refreshedBefore(Approval approval, long times) {
        Waiting.on(server.database().write(statements -> statements.update(
            "UPDATE authorization_grant SET refreshes = refreshes + $1 - 1 WHERE grant_id = $2", times, approval.grantId())));
    }

    @Test
    void changedPasswordAndDisabledUserEndTheFamily() {
        JsonObject tokens = login();
        assertThat(server.isActive(tokens.getString("access_token"))).isTrue();
        Waiting.on(server.users().changePassword("alice", "$other", server.clock().millis()));
        refresh(tokens).requireError(400, "invalid_grant");
        JsonObject others = login();
        Waiting.on(server.users().setDisabled("alice", true, server.clock().millis()));
        refresh(others).requireError(400, "invalid_grant");
        Waiting.on(server.users().setDisabled("alice", false, server.clock().millis()));
        refresh(others).requireError(400, "invalid_grant");
        refresh(login()).requireOk();
    }

    @Test
    void clockThatIsSetBackRevivesNoRotatedToken() {
        JsonObject first = login();
        JsonObject second = refresh(first).requireOk().json();
        JsonObject third = refresh(second).requireOk().json();
        server.clock().advance(Duration.ofHours(-1));
        refresh(first).requireError(400, "invalid_grant");
        assertThat(server.isActive(third.getString("access_token"))).isFalse();
        server.clock().advance(Duration.ofHours(2));
        refresh(third).requireError(400, "invalid_grant");
        JsonObject other = login();
        JsonObject unused = refresh(other).requireOk().json();
        server.clock().advance(Duration.ofHours(-1));
        refresh(other).requireError(400, "invalid_grant");
        assertThat(server.isActive(unused.getString("access_token"))).isFalse();
    }

    @Test
    void accessTokenAndCodeAreNoRefreshTokens() {
        JsonObject tokens = login();
        post("app", tokens.getString("access_token")).requireError(400, "invalid_grant");
        post("app", server.approve("app").code()).requireError(400, "invalid_grant");
        server.post("/oauth/token", "grant_type", "refresh_token", "client_id", "app").requireError(400, "invalid_request");
        refresh(tokens).requireOk();
    }

    private static JsonObject login() {
        return redeem(server.approve("app"));
    }

    private static JsonObject redeem(Approval approval) {
        return server.post("/oauth/token", "grant_type", "authorization_code", "client_id", "app", "code", approval.code(),
            "code_verifier", approval.verifier()).requireOk().json();
    }

    private static Answer refresh(JsonObject tokens, String... more) {
        return post("app", tokens.getString("refresh_token"), more);
    }

    private static Answer post(String clientId, String token, String... more) {
        String[] form = new String[more.length + 6];
        System.arraycopy(new String[] {"grant_type", "refresh_token", "client_id", clientId, "refresh_token", token}, 0, form, 0, 6);
        System.arraycopy(more, 0, form, 6, more.length);
        return server.post("/oauth/token", form);
    }
}
