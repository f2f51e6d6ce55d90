package dev.gatehouse.mcp.feature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.CallObserver;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.McpResource;
import dev.gatehouse.mcp.api.ResourceContents;
import dev.gatehouse.mcp.api.ResourceDefinition;
import dev.gatehouse.mcp.api.ResourceRead;
import dev.gatehouse.mcp.api.Schemas;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.mcp.support.EventReader;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.StatelessPeer;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The arguments that tools and resources get, and the results that clients get. */
@Timeout(60)
class OfferingTest {

    private final Vertx vertx = Vertx.vertx();
    private SampleServer server;

    private record Offered(String name, Function<ToolCall, Future<ToolResult>> body) implements Tool {

        @Override
        public ToolDefinition definition() {
            return new ToolDefinition(name, name, "A tool", Schemas.NO_ARGUMENTS, null, ToolHints.reads());
        }

        @Override
        public Set<String> scopes() {
            return Set.of();
        }

        @Override
        public Future<ToolResult> call(ToolCall call) {
            return body.apply(call);
        }
    }

    /** A file below a project. */
    private static final class Files implements McpResource {

        @Override
        public ResourceDefinition definition() {
            return new ResourceDefinition("repo://{project}/{+path}", "file", "File", "A file", "text/plain");
        }

        @Override
        public Set<String> scopes() {
            return Set.of();
        }

        @Override
        public Future<ResourceContents> read(ResourceRead read) {
            return Future.succeededFuture(new ResourceContents(read.uri(), "text/plain", new TreeMap<>(read.variables()).toString()));
        }

        @Override
        public Future<List<String>> complete(Caller caller, String argument, String prefix, Map<String, String> others) {
            return Future.succeededFuture(List.of(others.getOrDefault("project", "none") + "/" + prefix));
        }
    }

    private static Future<ToolResult> steps(ToolCall call) {
        Future<Void> told = Future.succeededFuture();
        for (double step : new double[] {1, 1, 0.5, Double.NaN, 2, Double.POSITIVE_INFINITY, 3}) {
            told = told.compose(before -> call.notifier().progress(step, 3.0, null));
        }
        return told.map(ToolResult.of("done"));
    }

    private static Future<ToolResult> sample(ToolCall call) {
        Map<String, Object> params = Map.of("maxTokens", 10, "messages", List.of(),
            "tools", List.of(Map.of("name", "weather", "inputSchema", Map.of("type", "object"))));
        return call.inputs().ask("model", InputRequest.sampling(params)).map(answer -> ToolResult.of(String.valueOf(answer.result().get("content"))));
    }

    @BeforeEach
    void start() {
        McpFeatures features = new McpFeatures("offering", "Offering", "1", null,
            List.of(new Offered("steps", OfferingTest::steps), new Offered("sample", OfferingTest::sample)), List.of(new Files()), List.of(),
            CallObserver.NONE);
        server = Waiting.on(SampleServer.start(vertx, features, McpTransportOptions.forHosts(Set.of()), Clock.systemUTC()));
    }

    @AfterEach
    void stop() {
        Waiting.on(vertx.close());
    }

    private JsonObject request(String era, String method, JsonObject params) {
        return (era.equals("stateless") ? Waiting.on(new StatelessPeer(vertx, server.port(), "alice").send(method, params))
            : Waiting.on(Waiting.on(new McpPeer(vertx, server.port(), "alice").initialize()).send(method, params))).bodyAsJsonObject();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateless", "stateful"})
    void theVariablesOfATemplateReachTheResourceAndOneMayHaveSlashes(String era) {
        assertThat(request(era, "resources/read", new JsonObject().put("uri", "repo://tool/src/a%20b.c")).encode())
            .contains("{path=src/a b.c, project=tool}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateless", "stateful"})
    void whatHasBeenFilledInAlreadyReachesTheCompletionOfAResource(String era) {
        JsonObject params = new JsonObject().put("ref", new JsonObject().put("type", "ref/resource").put("uri", "repo://{project}/{+path}"))
            .put("argument", new JsonObject().put("name", "path").put("value", "src"));
        assertThat(request(era, "completion/complete", params).encode()).contains("none/src");
        params.put("context", new JsonObject().put("arguments", new JsonObject().put("project", "tool")));
        assertThat(request(era, "completion/complete", params).encode()).contains("tool/src");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateless", "stateful"})
    void progressOnlyIncreases(String era) throws Exception {
        JsonObject params = new JsonObject().put("name", "steps").put("arguments", new JsonObject());
        EventReader stream;
        if (era.equals("stateless")) {
            JsonObject message = new StatelessPeer(vertx, server.port(), "alice").message("tools/call", params);
            message.getJsonObject("params").getJsonObject("_meta").put("progressToken", 1);
            stream = EventReader.post(vertx, server.port(), "/mcp", "alice", StatelessPeer.headers(message), message);
        } else {
            McpPeer peer = Waiting.on(new McpPeer(vertx, server.port(), "alice").initialize());
            stream = EventReader.post(vertx, server.port(), "/mcp", "alice", Map.of("Mcp-Session-Id", peer.sessionId),
                peer.message("tools/call", params.put("_meta", new JsonObject().put("progressToken", 1))));
            stream.next();
        }
        for (double expected : new double[] {1, 2, 3}) {
            assertThat(stream.nextMessage().getJsonObject("params").getDouble("progress")).isEqualTo(expected);
        }
        assertThat(stream.nextMessage().encode()).contains("done");
    }

    @Test
    void aModelIsOfferedToolsOnlyIfItsClientTakesThemInTheStatelessEra() {
        JsonObject sampling = new JsonObject().put("sampling", new JsonObject());
        JsonObject refused = call(sampling);
        assertThat(refused.getJsonObject("error").getInteger("code")).isEqualTo(-32021);
        assertThat(refused.getJsonObject("error").getJsonObject("data").getJsonObject("requiredCapabilities"))
            .isEqualTo(new JsonObject().put("sampling", new JsonObject().put("tools", new JsonObject())));

        sampling.getJsonObject("sampling").put("tools", new JsonObject());
        assertThat(call(sampling).encode()).contains("input_required", "weather");
    }

    private JsonObject call(JsonObject capabilities) {
        StatelessPeer peer = new StatelessPeer(vertx, server.port(), "alice");
        JsonObject message = peer.message("tools/call", StatelessPeer.call("sample", new JsonObject(), new JsonObject()));
        message.getJsonObject("params").getJsonObject("_meta").put("io.modelcontextprotocol/clientCapabilities", capabilities);
        return Waiting.on(peer.send(message, StatelessPeer.headers(message))).bodyAsJsonObject();
    }

    @Test
    void aModelIsOfferedToolsOnlyIfItsClientTakesThemInASession() throws Exception {
        McpPeer without = initialized(new JsonObject());
        assertThat(Waiting.on(without.call("sample", new JsonObject())).bodyAsString()).contains("\"isError\":true", "sampling.tools");

        McpPeer with = initialized(new JsonObject().put("tools", new JsonObject()));
        EventReader stream = EventReader.post(vertx, server.port(), "/mcp", "alice", Map.of("Mcp-Session-Id", with.sessionId),
            with.message("tools/call", new JsonObject().put("name", "sample").put("arguments", new JsonObject())));
        stream.next();
        JsonObject question = stream.nextMessage();
        assertThat(question.getString("method")).isEqualTo("sampling/createMessage");
        assertThat(question.getJsonObject("params").getJsonArray("tools").getJsonObject(0).getString("name")).isEqualTo("weather");
        JsonArray use = JsonArray.of(new JsonObject().put("type", "tool_use").put("id", "1").put("name", "weather").put("input", new JsonObject()));
        assertThat(Waiting.on(with.post(new JsonObject().put("jsonrpc", "2.0").put("id", question.getValue("id"))
            .put("result", new JsonObject().put("role", "assistant").put("model", "m").put("content", use)).encode())).statusCode()).isEqualTo(202);
        assertThat(stream.nextMessage().encode()).contains("tool_use");
    }

    private McpPeer initialized(JsonObject sampling) {
        McpPeer peer = new McpPeer(vertx, server.port(), "alice");
        JsonObject params = McpPeer.INITIALIZE.copy().put("capabilities", new JsonObject().put("sampling", sampling));
        return peer.withSession(Waiting.on(peer.send("initialize", params)).getHeader("Mcp-Session-Id"));
    }
}
