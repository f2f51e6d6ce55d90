package dev.gatehouse.authz.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.sql.SqlRow;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

/** Pushed authorization requests (RFC 9126). */
final class PushedRequestTest {

    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start();
        server.add(Clients.publicClient("app"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void onlyParametersThatMeanSomethingAreKept() {
        assertThat(push("state", "xyz", "junk", "j".repeat(60_000)).status()).isEqualTo(201);
        assertThat(rows()).extracting(row -> row.text("parameters")).filteredOn(kept -> kept.contains("state=xyz")).singleElement().asString()
            .contains("code_challenge=", "scope=mcp").doesNotContain("junk").hasSizeLessThan(1000);
    }

    @Test
    void parametersThatAreTooLongAreRefusedAndNothingIsKept() {
        int before = rows().size();
        push("state", "s".repeat(20_000), "prompt", "login").requireError(413, "invalid_request");
        assertThat(rows()).hasSize(before);
        assertThat(push("state", "s".repeat(2_000), "prompt", "login").status()).isEqualTo(201);
    }

    @Test
    void clientsHeldToFapiAndRequestsOfOpenIdConnectNameTheirRedirectUri() {
        server.add(Clients.publicClient("fapi").withPolicy(ClientPolicy.of(new JsonObject().put("requirePushedRequests", true))));
        pushWithoutRedirect("fapi", "mcp:read").requireError(400, "invalid_request");
        assertThat(pushWithoutRedirect("fapi", "mcp:read", "redirect_uri", Clients.REDIRECT_URI).status()).isEqualTo(201);
        pushWithoutRedirect("app", "openid mcp:read").requireError(400, "invalid_request");
        assertThat(pushWithoutRedirect("app", "mcp:read").status()).isEqualTo(201);
    }

    private static Answer pushWithoutRedirect(String client, String scope, String... more) {
        return server.post("/oauth/par", Stream.concat(Stream.of("client_id", client, "response_type", "code", "scope", scope, "code_challenge",
            Approval.challengeOf(Approval.newVerifier()), "code_challenge_method", "S256"), Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void oneParameterThatIsTooLongIsRefusedAndNothingIsKept() {
        int before = rows().size();
        push("state", "s".repeat(4_097), "prompt", "login").requireError(400, "invalid_request");
        push("nonce", "n".repeat(1_025), "prompt", "login").requireError(400, "invalid_request");
        push("login_hint", "l".repeat(513), "prompt", "login").requireError(400, "invalid_request");
        assertThat(rows()).hasSize(before);
        assertThat(push("state", "s".repeat(4_096), "login_hint", "l".repeat(512)).status()).isEqualTo(201);
    }

    private static Answer push(String name, String value, String other, String otherValue) {
        return server.post("/oauth/par", "client_id", "app", "response_type", "code", "redirect_uri", Clients.REDIRECT_URI, "scope", "mcp:read",
            "code_challenge", Approval.challengeOf(Approval.newVerifier()), "code_challenge_method", "S256", name, value, other, otherValue);
    }

    private static List<SqlRow> rows() {
        return Waiting.on(server.database().read("SELECT parameters FROM pushed_request"));
    }
}
