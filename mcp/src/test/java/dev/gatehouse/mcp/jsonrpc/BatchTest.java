package dev.gatehouse.mcp.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.Anonymous;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.StdioHost;
import dev.gatehouse.mcp.support.StreamableHttpCase;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

/** Several messages in one POST or line, which revision 2025-03-26 alone has. */
class BatchTest extends StreamableHttpCase {

    private static final JsonObject INITIALIZED = new JsonObject().put("jsonrpc", "2.0").put("method", "notifications/initialized");

    private McpPeer older;

    @BeforeEach
    void openSession() throws Exception {
        older = newPeer("alice");
        older.withSession(Waiting.on(older.send("initialize", McpPeer.INITIALIZE.copy().put("protocolVersion", "2025-03-26")))
            .getHeader("Mcp-Session-Id"));
    }

    private static JsonObject call(Object id, String tool, JsonObject arguments) {
        return new JsonObject().put("jsonrpc", "2.0").put("id", id).put("method", "tools/call")
            .put("params", new JsonObject().put("name", tool).put("arguments", arguments));
    }

    private static List<JsonObject> events(HttpResponse<Buffer> response) {
        assertThat(response.getHeader("Content-Type")).isEqualTo("text/event-stream");
        return response.bodyAsString().lines().filter(line -> line.startsWith("data: {")).map(line -> new JsonObject(line.substring(6))).toList();
    }

    private static JsonObject byId(List<JsonObject> answers, Object id) {
        return answers.stream().filter(answer -> id.equals(answer.getValue("id"))).findFirst().orElseThrow();
    }

    private static int code(JsonObject answer) {
        return answer.getJsonObject("error").getInteger("code");
    }

    @Test
    void eachRequestIsAnsweredOnceAndTheBadOnesAlone() throws Exception {
        JsonArray batch = JsonArray.of(call(101, "slow", new JsonObject()), INITIALIZED, call("b", "echo", text("hi")),
            call(103, "nonesuch", new JsonObject()), 7,
            new JsonObject().put("jsonrpc", "2.0").put("id", 104).put("method", "initialize").put("params", McpPeer.INITIALIZE));
        List<JsonObject> answers = events(Waiting.on(older.post(batch.encode())));

        assertThat(answers).hasSize(5);
        assertThat(byId(answers, 101).encode()).contains("slow");
        assertThat(byId(answers, "b").encode()).contains("alice:hi");
        assertThat(code(byId(answers, 103))).isEqualTo(-32602);
        assertThat(code(byId(answers, 104))).isEqualTo(-32600);
        assertThat(answers).filteredOn(answer -> answer.getValue("id") == null).singleElement().matches(answer -> code(answer) == -32600);
    }

    @Test
    void notificationsAloneAreAccepted() throws Exception {
        HttpResponse<Buffer> response = Waiting.on(older.post(JsonArray.of(INITIALIZED, INITIALIZED).encode()));
        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.body()).isNull();
    }

    @Test
    void oneScopeTooFewIsAChallengeForAllAndNothingRuns() throws Exception {
        McpPeer reader = newPeer("alice:mcp:read").withSession(older.sessionId);
        String batch = JsonArray.of(call(1, "pending", new JsonObject()), call(2, "write", new JsonObject())).encode();
        HttpResponse<Buffer> response = Waiting.on(reader.post(batch));
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.getHeader("WWW-Authenticate")).contains("mcp:read mcp:write");
        assertThat(tools.begun.future().isComplete()).isFalse();

        older.post(batch);
        Waiting.on(tools.begun.future());
    }

    @Test
    void anEmptyOneAndOneTooLongAreRefused() throws Exception {
        List<JsonObject> calls = IntStream.rangeClosed(1, 64).mapToObj(i -> call(i, "open", new JsonObject())).toList();
        JsonArray tooMany = new JsonArray(calls).copy().add(call(65, "open", new JsonObject()));
        for (JsonArray batch : List.of(new JsonArray(), tooMany)) {
            HttpResponse<Buffer> response = Waiting.on(older.post(batch.encode()));
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(code(response.bodyAsJsonObject())).isEqualTo(-32600);
        }
        assertThat(events(Waiting.on(older.post(new JsonArray(calls).encode())))).hasSize(64);
    }

    @Test
    void noOtherRevisionTakesOne() throws Exception {
        String batch = JsonArray.of(call(1, "open", new JsonObject())).encode();
        for (McpPeer peer : List.of(alice, newPeer("alice"))) {
            HttpResponse<Buffer> response = Waiting.on(peer.post(batch));
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(code(response.bodyAsJsonObject())).isEqualTo(-32600);
        }
        assertThat(Waiting.on(older.post(batch)).statusCode()).isEqualTo(200);
    }

    @Test
    void aProcessAnswersEachWithALine() throws Exception {
        StdioHost host = new StdioHost(vertx, tools.features(), () -> Future.succeededFuture(
            new Anonymous("sign in")));
        String batch = JsonArray.of(call(1, "open", new JsonObject()), INITIALIZED, 7, call(2, "nonesuch", new JsonObject())).encode();
        host.initialize();
        host.write(batch);
        assertThat(code(host.read())).isEqualTo(-32600);
        host.request("again", "initialize", McpPeer.INITIALIZE.copy().put("protocolVersion", "2025-03-26"));
        host.read();
        host.write(batch);

        List<JsonObject> answers = host.read(3);
        assertThat(byId(answers, 1).encode()).contains("anybody");
        assertThat(code(byId(answers, 2))).isEqualTo(-32602);
        assertThat(answers).filteredOn(answer -> answer.getValue("id") == null).hasSize(1);
    }
}
