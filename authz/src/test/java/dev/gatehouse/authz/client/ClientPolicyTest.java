package dev.gatehouse.authz.client;

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

import java.time.Duration;

/** The settings of a client apply at all endpoints. */
final class ClientPolicyTest {

    private static final String OTHER = "https://mcp.example";
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start(new JsonObject().put("resources", new JsonArray().add(new JsonObject().put("resource", OTHER))));
        JsonObject lifetimes = new JsonObject().put("accessTokenSeconds", 60).put("refreshTokenIdleSeconds", 120);
        add(Clients.basicClient("short", "s3cret-s3cret"), lifetimes);
        add(Clients.basicClient("one", "s3cret-s3cret"), new JsonObject().put("resources", new JsonArray().add(OTHER)));
        add(Clients.basicClient("two", "s3cret-s3cret"), new JsonObject().put("resources", new JsonArray().add(OTHER).add("https://else.example")));
        add(Clients.basicClient("free", "s3cret-s3cret"), new JsonObject());
    }

    private static void add(Client client, JsonObject policy) {
        server.add(client.withPolicy(ClientPolicy.of(policy)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static Answer credentials(String client, String... more) {
        String[] form = new String[more.length + 2];
        form[0] = "grant_type";
        form[1] = "client_credentials";
        System.arraycopy(more, 0, form, 2, more.length);
        return server.postAs(basic(client, "s3cret-s3cret"), "/oauth/token", form);
    }

    private static JsonObject redeem(String client) {
        Approval approval = server.approve(client);
        return server.postAs(basic(client, "s3cret-s3cret"), "/oauth/token", "grant_type", "authorization_code", "code", approval.code(),
            "code_verifier", approval.verifier(), "redirect_uri", approval.redirectUri()).requireOk().json();
    }

    private static Answer refresh(String client, JsonObject tokens) {
        return server.postAs(basic(client, "s3cret-s3cret"), "/oauth/token", "grant_type", "refresh_token",
            "refresh_token", tokens.getString("refresh_token"));
    }

    @Test
    void tokensLiveAsLongAsTheOperatorSays() {
        assertThat(credentials("short").requireOk().json().getInteger("expires_in")).isEqualTo(60);
        assertThat(credentials("free").requireOk().json().getInteger("expires_in")).isEqualTo(3600);
        JsonObject tokens = redeem("short");
        JsonObject others = redeem("free");
        assertThat(tokens.getInteger("expires_in")).isEqualTo(60);
        JsonObject next = refresh("short", tokens).requireOk().json();
        assertThat(next.getInteger("expires_in")).isEqualTo(60);
        server.clock().advance(Duration.ofSeconds(121));
        refresh("short", next).requireError(400, "invalid_grant");
        refresh("free", others).requireOk();
    }

    @Test
    void clientGetsTokensForItsResourcesOnly() {
        credentials("one", "resource", RESOURCE).requireError(400, "invalid_target");
        credentials("one", "resource", OTHER + "/").requireOk();
        credentials("one", "resource", OTHER, "resource", RESOURCE).requireError(400, "invalid_target");
        credentials("free", "resource", RESOURCE).requireOk();
    }

    @Test
    void clientThatAsksForNoneGetsItsOnlyOne() {
        Answer answer = credentials("one").requireOk();
        assertThat(server.post("/oauth/introspect", "token", answer.json().getString("access_token")).json().getValue("aud")).isEqualTo(OTHER);
        credentials("two").requireError(400, "invalid_target");
    }

    @Test
    void resourceIsTheSameWithTheOtherEnding() {
        add(Clients.basicClient("slashed", "s3cret-s3cret"), new JsonObject().put("resources", new JsonArray().add(OTHER + "/")));
        credentials("slashed").requireOk();
        credentials("slashed", "resource", OTHER).requireOk();
        credentials("slashed", "resource", RESOURCE).requireError(400, "invalid_target");
    }
}
