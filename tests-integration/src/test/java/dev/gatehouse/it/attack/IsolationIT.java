package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Two users at once: each gets the answers to its own requests, in both eras. */
@Gatehouse
final class IsolationIT {
    private static final int CALLS = 1_000;
    private final RunningGatehouse gatehouse;

    IsolationIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    /** A call on its way, and whose it is. */
    private record Call(String user, int id, CompletableFuture<HttpResponse<String>> answer) {
    }

    @Test
    void aThousandInterleavedCallsOfTwoUsersAreNeverMixedUp() {
        Commands.addUser(gatehouse.home(), "twin", "a password");
        String[] users = {"testuser", "twin"};
        String[] tokens = {gatehouse.tokens().access(),
            new Journey(new Browser(gatehouse.issuer()), "twin", "a password").tokens(gatehouse.client()).access()};
        String[] sessions = {McpSession.open(gatehouse.mcp(), tokens[0]).id(), McpSession.open(gatehouse.mcp(), tokens[1]).id()};

        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            int who = i % 2;
            // The same ids for both, and both eras by turns.
            boolean stateless = i / 2 % 2 == 0;
            calls.add(new Call(users[who], i / 2, stateless ? stateless(tokens[who], i / 2) : stateful(tokens[who], sessions[who], i / 2)));
        }
        for (Call call : calls) {
            HttpResponse<String> response = call.answer().join();
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            JsonObject answer = McpSession.answer(response);
            assertThat(answer.getInteger("id")).isEqualTo(call.id());
            String other = call.user().equals("twin") ? "testuser" : "twin";
            assertThat(answer.getJsonObject("result").encode()).contains(call.user()).doesNotContain("\"" + other + "\"");
        }
    }

    private static JsonObject profile(int id, JsonObject params) {
        return new JsonObject().put("jsonrpc", "2.0").put("id", id).put("method", "tools/call")
            .put("params", params.put("name", "get_user_profile").put("arguments", new JsonObject()));
    }

    private CompletableFuture<HttpResponse<String>> stateful(String token, String session, int id) {
        return Http.postLater(gatehouse.mcp(), Http.JSON, profile(id, new JsonObject()).encode(), "Authorization", "Bearer " + token,
            "Accept", "application/json, text/event-stream", "Mcp-Session-Id", session, "MCP-Protocol-Version", McpSession.VERSION);
    }

    private CompletableFuture<HttpResponse<String>> stateless(String token, int id) {
        JsonObject meta = new JsonObject().put("io.modelcontextprotocol/protocolVersion", "2026-07-28")
            .put("io.modelcontextprotocol/clientCapabilities", new JsonObject());
        return Http.postLater(gatehouse.mcp(), Http.JSON, profile(id, new JsonObject().put("_meta", meta)).encode(), "Authorization", "Bearer " + token,
            "Accept", "application/json, text/event-stream", "MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/call",
            "Mcp-Name", "get_user_profile");
    }
}
