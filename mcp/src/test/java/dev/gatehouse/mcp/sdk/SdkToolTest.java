package dev.gatehouse.mcp.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.CallObserver;
import dev.gatehouse.mcp.feature.McpFeatures;
import dev.gatehouse.mcp.support.EventReader;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.testing.McpAnswer;
import dev.gatehouse.mcp.testing.McpTestClient;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.server.McpServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ElicitFormRequest;
import io.modelcontextprotocol.spec.McpSchema.ImageContent;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tools of the MCP Java SDK, on our server. */
class SdkToolTest {

    private static final Map<String, Object> SCHEMA = Map.of("type", "object", "required", List.of("text"),
        "properties", Map.of("text", Map.of("type", "string")));

    private Vertx vertx;
    private SampleServer server;
    private McpTestClient client;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        McpFeatures features = new McpFeatures("sdk", "SDK", "1", null, List.of(
            SdkTool.of(async("echo", (text, exchange) -> Mono.just(result(text))), Set.of()),
            SdkTool.of(async("fails", (text, exchange) -> Mono.error(new IllegalStateException("a secret"))), Set.of()),
            SdkTool.of(async("ask", (text, exchange) -> exchange.createElicitation(form())
                .map(answer -> result(text + " " + answer.content().get("text")))), Set.of()),
            SdkTool.of(vertx, new SyncToolSpecification(tool("ask_blocking"), (exchange, request) -> {
                exchange.progressNotification(new ProgressNotification(request.meta().get("progressToken"), 1.0, null, "asking", null));
                assertThat(Context.isOnEventLoopThread()).isFalse();
                return result(request.arguments().get("text") + " " + exchange.createElicitation(form()).content().get("text"));
            }), Set.of()),
            SdkTool.of(async("image", (text, exchange) -> Mono.just(new CallToolResult(
                List.of(new ImageContent(null, "AQID", "image/png", null)), false, null, null))), Set.of())), List.of(), List.of(), CallObserver.NONE);
        server = Waiting.on(SampleServer.start(vertx, features, McpTransportOptions.forHosts(Set.of()), Clock.systemUTC()));
        client = McpTestClient.of(vertx, "http://localhost:" + server.port() + "/mcp").withToken("alice");
    }

    @AfterEach
    void stop() {
        Waiting.on(vertx.close());
    }

    private interface Body {
        Mono<CallToolResult> run(String text, McpAsyncServerExchange exchange);
    }

    private static AsyncToolSpecification async(String name, Body body) {
        return new AsyncToolSpecification(tool(name), (exchange, request) -> body.run((String) request.arguments().get("text"), exchange));
    }

    private static Tool tool(String name) {
        return new Tool(name, null, "A tool of the SDK", SCHEMA, null, null, null, null);
    }

    private static CallToolResult result(String text) {
        return new CallToolResult(List.of(new TextContent(null, text, null)), false, null, null);
    }

    private static ElicitFormRequest form() {
        return new ElicitFormRequest("What?", SCHEMA, null);
    }

    private McpAnswer call(McpTestClient caller, String tool) {
        return Waiting.on(caller.call(tool, new JsonObject().put("text", "hi")));
    }

    @Test
    void aToolAnswersWithItsContent() {
        assertThat(call(client, "echo").text()).isEqualTo("hi");
        assertThat(call(client, "image").message().encode()).contains("\"image\"", "AQID", "image/png");
    }

    @Test
    void aToolThatFailsTellsNoSecret() {
        assertThat(call(client, "fails").message().encode()).contains("\"isError\":true").doesNotContain("a secret");
    }

    @Test
    void argumentsAreCheckedBeforeTheToolRuns() {
        assertThat(Waiting.on(client.call("echo", new JsonObject().put("text", 7))).message().encode()).contains("\"isError\":true", "Invalid arguments");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ask", "ask_blocking"})
    void aToolAsksTheUser(String tool) {
        McpTestClient answering = client.answering((method, params) -> new JsonObject().put("action", "accept").put("content", new JsonObject().put("text", "Rome")));
        assertThat(call(answering, tool).text()).isEqualTo("hi Rome");
        assertThat(call(client, tool).message().encode()).doesNotContain("Rome");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ask", "ask_blocking"})
    void aToolAsksTheUserOfASession(String tool) throws Exception {
        McpPeer alice = new McpPeer(vertx, server.port(), "alice");
        alice.withSession(Waiting.on(alice.send("initialize", McpPeer.INITIALIZE.copy()
            .put("capabilities", new JsonObject().put("elicitation", new JsonObject())))).getHeader("Mcp-Session-Id"));
        JsonObject params = new JsonObject().put("name", tool).put("arguments", new JsonObject().put("text", "hi"))
            .put("_meta", new JsonObject().put("progressToken", "mine"));
        EventReader stream = EventReader.post(vertx, server.port(), "/mcp", "alice", Map.of("Mcp-Session-Id", alice.sessionId),
            alice.message("tools/call", params));
        stream.next();
        JsonObject first = stream.nextMessage();
        if (tool.equals("ask_blocking")) {
            assertThat(first.getJsonObject("params").getString("progressToken")).isEqualTo("mine");
            first = stream.nextMessage();
        }
        assertThat(first.getString("method")).isEqualTo("elicitation/create");
        alice.post(new JsonObject().put("jsonrpc", "2.0").put("id", first.getValue("id")).put("result", new JsonObject().put("action", "accept")
            .put("content", new JsonObject().put("text", "Rome"))).encode());
        assertThat(stream.nextMessage().encode()).contains("hi Rome");
    }
}
