package dev.gatehouse.it.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.ServerMemory;
import dev.gatehouse.it.support.StdioServer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stdio server as a subprocess: what it survives, and what it says without a usable credential. */
@Gatehouse
@ResourceLock(value = "notes of the demo user", mode = ResourceAccessMode.READ)
final class StdioIT {
    private final RunningGatehouse gatehouse;

    StdioIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @Test
    void malformedLinesAreAnsweredAndTheServerGoesOn() {
        try (StdioServer server = StdioServer.start(gatehouse, gatehouse.tokens().access()).initialize()) {
            server.send("not JSON");
            assertThat(server.next().getJsonObject("error").getInteger("code")).isEqualTo(-32700);
            server.send("");
            server.send("[]");
            assertThat(server.next().getJsonObject("error").getInteger("code")).isEqualTo(-32600);
            assertThat(server.tool(1, "get_user_profile", new JsonObject()).encode()).contains("testuser");
            assertThat(server.endOfInput()).isZero();
        }
    }

    @Test
    void answersUnderWayAreWrittenBeforeItEnds() {
        try (StdioServer server = StdioServer.start(gatehouse, gatehouse.tokens().access()).initialize()) {
            server.send("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/call\",\"params\":{\"name\":\"list_secure_notes\",\"arguments\":{}}}");
            assertThat(server.endOfInput()).isZero();
            assertThat(server.next().getInteger("id")).isEqualTo(5);
        }
    }

    @Test
    void debugLogsStayOffStandardOutput() {
        try (StdioServer server = StdioServer.start(gatehouse, gatehouse.tokens().access(), "--debug").initialize()) {
            assertThat(server.tool(1, "get_user_profile", new JsonObject()).getBoolean("isError", false)).isFalse();
            assertThat(server.errors()).isNotBlank();
        }
    }

    @Test
    void thousandsOfCallsLeaveNothingBehindInOneProcess() {
        try (StdioServer server = StdioServer.start(gatehouse, gatehouse.tokens().access()).initialize()) {
            callMany(server, 0, 1_000);
            long before = ServerMemory.of(server.pid()).live();
            assertThat(before).as("what a server of ours holds at least").isGreaterThan(2_000_000);
            callMany(server, 1_000, 5_000);
            assertThat(ServerMemory.of(server.pid()).live()).isBetween(before / 2, before + 1_000_000);
            assertThat(server.endOfInput()).isZero();
        }
    }

    /** Twenty at a time, as a busy host does. */
    private static void callMany(StdioServer server, int from, int to) {
        for (int id = from; id < to; id += 20) {
            for (int i = id; i < id + 20; i++) {
                server.send(new JsonObject().put("jsonrpc", "2.0").put("id", i).put("method", "tools/call").put("params",
                    new JsonObject().put("name", "get_user_profile").put("arguments", new JsonObject())).encode());
            }
            for (int i = id; i < id + 20; i++) {
                assertThat(nextResponse(server).getJsonObject("result").getBoolean("isError", false)).isFalse();
            }
        }
    }

    /** Other classes change the notes of the same user meanwhile, and the server notifies of it. */
    private static JsonObject nextResponse(StdioServer server) {
        JsonObject message = server.next();
        while (message.containsKey("method")) {
            message = server.next();
        }
        return message;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gha_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "nonsense"})
    void unusableTokenIsToldAndToolsAreStillListed(String token) {
        try (StdioServer server = StdioServer.start(gatehouse, token).initialize()) {
            assertThat(server.call(1, "tools/list", new JsonObject()).getJsonObject("result").getJsonArray("tools"))
                .hasSize(8);
            JsonObject refused = server.tool(2, "get_user_profile", new JsonObject());
            assertThat(refused.getBoolean("isError")).isTrue();
            assertThat(refused.encode()).contains("Authentication required").contains("MCP_ACCESS_TOKEN");
        }
    }

    @Test
    void tokenOfAnotherResourceIsRefused() {
        String foreign = gatehouse.tokens("resource", "http://localhost:5988/mcp").access();
        try (StdioServer server = StdioServer.start(gatehouse, foreign).initialize()) {
            assertThat(server.tool(1, "get_user_profile", new JsonObject()).getBoolean("isError")).isTrue();
        }
    }

    @Test
    void missingScopeIsNamed() {
        try (StdioServer server = StdioServer.start(gatehouse, gatehouse.tokens("scope", "mcp:read").access())
            .initialize()) {
            assertThat(server.tool(1, "get_user_profile", new JsonObject()).getBoolean("isError", false)).isFalse();
            JsonObject answer = server.call(2, "tools/call", new JsonObject().put("name", "create_secure_note")
                .put("arguments", new JsonObject().put("content", "x")));
            assertThat(answer.encode()).contains("mcp:write");
            assertThat(server.tool(3, "list_secure_notes", new JsonObject()).getBoolean("isError", false)).isFalse();
        }
    }

    @Test
    void notesAreSharedWithTheHttpServer() {
        String token = gatehouse.tokens().access();
        String content = "shared " + Pkce.random();
        try (StdioServer one = StdioServer.start(gatehouse, token).initialize();
             StdioServer two = StdioServer.start(gatehouse, token).initialize()) {
            one.tool(1, "create_secure_note", new JsonObject().put("content", content));
            assertThat(two.tool(1, "list_secure_notes", new JsonObject()).encode()).contains(content);
            McpSession http = McpSession.open(gatehouse.mcp(), token);
            assertThat(http.tool("list_secure_notes", new JsonObject()).encode()).contains(content);
        }
    }

    @Test
    void unreachableAuthorizationServerIsNamed() {
        String nobody = "http://localhost:" + Ports.free();
        try (StdioServer server = StdioServer.start(gatehouse.home(), "gha_" + Pkce.random(), Product.command("mcp",
            "--transport", "stdio", "--auth-server", nobody, "--resource", gatehouse.mcp())).initialize()) {
            JsonObject refused = server.tool(1, "get_user_profile", new JsonObject());
            assertThat(refused.getBoolean("isError")).isTrue();
            assertThat(refused.encode()).contains(nobody);
        }
    }
}
