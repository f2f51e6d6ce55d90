package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.StatelessPeer;
import dev.gatehouse.mcp.support.StreamableHttpCase;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Requests in a session of Streamable HTTP and their responses. */
class StreamableHttpTest extends StreamableHttpCase {

    @Test
    void callsAToolAndAnswersPlainJson() throws Exception {
        HttpResponse<Buffer> response = Waiting.on(alice.call("echo", text("hi")));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.getHeader("Content-Type")).isEqualTo("application/json");
        JsonObject result = response.bodyAsJsonObject().getJsonObject("result");
        assertThat(resultText(response)).isEqualTo("alice:hi");
        assertThat(result.getJsonObject("structuredContent")).isEqualTo(new JsonObject().put("subject", "alice").put("text", "hi"));
        assertThat(result.getBoolean("isError")).isFalse();
    }

    @Test
    void becomesAStreamFromTheFirstNotificationOn() throws Exception {
        HttpResponse<Buffer> response = Waiting.on(alice.send("tools/call", new JsonObject().put("name", "progress")
            .put("arguments", new JsonObject()).put("_meta", new JsonObject().put("progressToken", "p1"))));

        assertThat(response.getHeader("Content-Type")).isEqualTo("text/event-stream");
        List<JsonObject> events = events(response.bodyAsString());
        assertThat(events).hasSize(3);
        assertThat(events.get(1).getJsonObject("params").getString("progressToken")).isEqualTo("p1");
        assertThat(events.get(2).getJsonObject("result").getJsonArray("content").getJsonObject(0).getString("text")).isEqualTo("done");
    }

    private static List<JsonObject> events(String body) {
        return body.lines().filter(line -> line.startsWith("data: {")).map(line -> new JsonObject(line.substring(6))).toList();
    }

    @Test
    void listsToolsWithTitlesAnnotationsAndSchemas() throws Exception {
        HttpResponse<Buffer> response = Waiting.on(alice.send("tools/list", new JsonObject()));

        JsonObject echo = response.bodyAsJsonObject().getJsonObject("result").getJsonArray("tools").getJsonObject(0);
        assertThat(echo.getString("title")).isEqualTo("Sample echo");
        assertThat(echo.getJsonObject("annotations").getBoolean("readOnlyHint")).isTrue();
        assertThat(echo.getJsonObject("outputSchema").getString("type")).isEqualTo("object");
    }

    private static JsonObject numbers(HttpResponse<Buffer> list) {
        return list.bodyAsJsonObject().getJsonObject("result").getJsonArray("tools").stream().map(JsonObject.class::cast)
            .filter(tool -> tool.getString("name").equals("numbers")).findFirst().orElseThrow();
    }

    @Test
    void structuredContentThatIsNoObjectIsForTheEraThatAllowsIt() throws Exception {
        StatelessPeer stateless = new StatelessPeer(vertx, server.port(), "alice");
        assertThat(numbers(Waiting.on(stateless.send("tools/list", new JsonObject()))).getJsonObject("outputSchema").getString("type")).isEqualTo("array");
        assertThat(Waiting.on(stateless.call("numbers", new JsonObject())).bodyAsJsonObject().getJsonObject("result")
            .getJsonArray("structuredContent")).containsExactly(1, 2);

        assertThat(numbers(Waiting.on(alice.send("tools/list", new JsonObject()))).containsKey("outputSchema")).isFalse();
        HttpResponse<Buffer> answer = Waiting.on(alice.call("numbers", new JsonObject()));
        assertThat(resultText(answer)).isEqualTo("[1,2]");
        assertThat(answer.bodyAsJsonObject().getJsonObject("result").containsKey("structuredContent")).isFalse();
    }

    @Test
    void whatIsLoggedArrivesAsItIsAndNoLowerThanAskedFor() throws Exception {
        List<JsonObject> all = events(Waiting.on(alice.call("logs", new JsonObject())).bodyAsString());
        assertThat(all).hasSize(3);
        assertThat(all.get(1).getJsonObject("params")).isEqualTo(new JsonObject().put("level", "error").put("logger", "sample")
            .put("data", new JsonObject().put("disk", "full")));

        Waiting.on(alice.send("logging/setLevel", new JsonObject().put("level", "error")));
        assertThat(events(Waiting.on(alice.call("logs", new JsonObject())).bodyAsString())).hasSize(2).first().isEqualTo(all.get(1));
    }

    @Test
    void readsListsAndCompletesResources() throws Exception {
        assertThat(Waiting.on(alice.send("resources/list", new JsonObject())).bodyAsString()).contains("user://profile").doesNotContain("note_id");
        assertThat(Waiting.on(alice.send("resources/templates/list", new JsonObject())).bodyAsString()).contains("user://notes/{note_id}");
        assertThat(Waiting.on(alice.send("resources/read", new JsonObject().put("uri", "user://profile"))).bodyAsString()).contains("\"text\":\"alice\"");
        assertThat(Waiting.on(alice.send("resources/read", new JsonObject().put("uri", "user://notes/1"))).bodyAsString()).contains("\"text\":\"first\"");
        JsonObject completion = new JsonObject()
            .put("ref", new JsonObject().put("type", "ref/resource").put("uri", "user://notes/{note_id}"))
            .put("argument", new JsonObject().put("name", "note_id").put("value", "1"));
        assertThat(Waiting.on(alice.send("completion/complete", completion)).bodyAsJsonObject().getJsonObject("result").getJsonObject("completion")
            .getJsonArray("values")).isEqualTo(new JsonArray().add("1").add("12"));
    }

    @Test
    void aMissingResourceAndABrokenOneAreErrorsWithoutInternals() throws Exception {
        JsonObject missing = Waiting.on(alice.send("resources/read", new JsonObject().put("uri", "user://notes/77"))).bodyAsJsonObject();
        HttpResponse<Buffer> broken = Waiting.on(alice.send("resources/read", new JsonObject().put("uri", "user://notes/broken")));

        assertThat(missing.getJsonObject("error").getInteger("code")).isEqualTo(-32002);
        assertThat(broken.bodyAsJsonObject().getJsonObject("error").getInteger("code")).isEqualTo(-32603);
        assertThat(broken.bodyAsString()).doesNotContain(SampleTools.SECRET).doesNotContain("Exception");
    }

    @Test
    void aRefusalTellsItsReason() throws Exception {
        assertThat(resultText(Waiting.on(alice.call("refuses", new JsonObject())))).isEqualTo("Quota used up");
    }

    @Test
    void argumentsAreCheckedBySchema() throws Exception {
        HttpResponse<Buffer> response = Waiting.on(alice.call("echo", new JsonObject().put("text", 5)));

        assertThat(response.bodyAsJsonObject().getJsonObject("result").getBoolean("isError")).isTrue();
        assertThat(resultText(response)).contains("text");
    }

    @Test
    void aCallWithoutItsScopesIsForbiddenNamingThemAll() throws Exception {
        McpPeer reader = Waiting.on(newPeer("carol:other").initialize());
        assertThat(reader.sessionId).isNotNull();
        HttpResponse<Buffer> refused = Waiting.on(reader.call("write", new JsonObject()));

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.getHeader("WWW-Authenticate")).contains("scope=\"mcp:read mcp:write\"");
        assertThat(Waiting.on(reader.send("resources/read", new JsonObject().put("uri", "user://profile"))).statusCode()).isEqualTo(403);
        assertThat(Waiting.on(reader.send("tools/list", new JsonObject())).statusCode()).isEqualTo(200);
        assertThat(resultText(Waiting.on(alice.call("write", new JsonObject())))).isEqualTo("written");
    }

    @Test
    void aCancelledRequestEndsWithoutAnswer() throws Exception {
        JsonObject message = alice.message("tools/call", new JsonObject().put("name", "pending"));
        Future<HttpResponse<Buffer>> running = alice.post(message.encode());
        JsonObject cancel = new JsonObject().put("jsonrpc", "2.0").put("method", "notifications/cancelled")
            .put("params", new JsonObject().put("requestId", message.getInteger("id")));
        while (!running.isComplete()) {
            assertThat(Waiting.on(alice.post(cancel.encode())).statusCode()).isEqualTo(202);
        }

        assertThat(Waiting.on(running).bodyAsString()).doesNotContain("jsonrpc");
        assertThat(Waiting.on(alice.call("echo", text("hi"))).statusCode()).isEqualTo(200);
    }

    @Test
    void anIdInUseIsRefused() throws Exception {
        JsonObject message = alice.message("tools/call", new JsonObject().put("name", "pending"));
        Future<HttpResponse<Buffer>> first = alice.post(message.encode());
        Future<HttpResponse<Buffer>> second = alice.post(message.encode());
        HttpResponse<Buffer> refused = Waiting.on(Future.any(first, second).map(either -> first.isComplete() ? first.result() : second.result()));
        tools.pending.complete(dev.gatehouse.mcp.api.ToolResult.of("late"));

        assertThat(refused.bodyAsJsonObject().getJsonObject("error").getInteger("code")).isEqualTo(-32600);
        assertThat(resultText(Waiting.on(first.isComplete() && first.result() == refused ? second : first))).isEqualTo("late");
    }

    @Test
    void aThousandInterleavedCallsOfTwoUsersNeverCross() throws Exception {
        McpPeer bob = Waiting.on(newPeer("bob").initialize());
        List<Future<HttpResponse<Buffer>>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            answers.add((i % 2 == 0 ? alice : bob).call("echo", text("n" + i)));
        }
        Waiting.on(Future.join(answers));

        for (int i = 0; i < 1000; i++) {
            assertThat(resultText(answers.get(i).result())).isEqualTo((i % 2 == 0 ? "alice" : "bob") + ":n" + i);
        }
    }
}
