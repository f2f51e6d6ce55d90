package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.Schemas;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.mcp.support.StatelessPeer;
import dev.gatehouse.mcp.support.StreamableHttpCase;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

/** Unusual input of real clients and unusual results of real tools. */
class LenientInputTest extends StreamableHttpCase {

    /** Answers with the arguments that it was called with. */
    private record Mirror(String name, JsonObject input) implements Tool {

        @Override
        public ToolDefinition definition() {
            return new ToolDefinition(name, "Mirror", "Says what it was given", input.getMap(), null, ToolHints.reads());
        }

        @Override
        public Set<String> scopes() {
            return Set.of();
        }

        @Override
        public Future<ToolResult> call(ToolCall call) {
            JsonObject given = new JsonObject(call.arguments());
            return Future.succeededFuture(ToolResult.of(given.encode(), new JsonObject().put("given", given).put("list", new JsonArray().add(given))));
        }
    }

    private void offer(String name, JsonObject properties) {
        server.transport.registry().add(new Mirror(name, new JsonObject().put("type", "object").put("properties", properties)
            .put("required", new JsonArray().add("must"))));
    }

    private HttpResponse<Buffer> accepting(String accept, JsonObject message) throws Exception {
        return Waiting.on(alice.request(HttpMethod.POST, "/mcp").putHeader("Accept", accept).sendBuffer(message.toBuffer()));
    }

    @Test
    void nullArgumentsAreLeftOutWhereTheSchemaHasNoNull() throws Exception {
        offer("mirror", new JsonObject("""
            {"must": {"type": "string"}, "may": {"type": "string"}, "nullable": {"type": ["string", "null"]}, "any": {},
             "choice": {"enum": ["a", "b"]}, "either": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
             "deep": {"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}}}}"""));

        HttpResponse<Buffer> answer = Waiting.on(alice.call("mirror", new JsonObject("""
            {"must": "m", "may": null, "nullable": null, "any": null, "choice": null, "either": null, "deep": {"x": null, "y": 1}}""")));
        assertThat(new JsonObject(resultText(answer))).isEqualTo(new JsonObject("""
            {"must": "m", "nullable": null, "any": null, "deep": {"y": 1}}"""));

        assertThat(resultText(Waiting.on(alice.call("mirror", new JsonObject("{\"must\": null, \"may\": null}"))))).contains("must").contains("required");
        assertThat(resultText(Waiting.on(alice.call("mirror", new JsonObject("{\"must\": \"m\", \"may\": 5}"))))).contains("may");
        assertThat(resultText(Waiting.on(alice.post(alice.message("tools/call", new JsonObject().put("name", "open").putNull("arguments")).encode()))))
            .isEqualTo("anybody");
    }

    @Test
    void nullIsLeftOutWithinListsAndWhereTheSchemaKnowsNoSuchArgument() throws Exception {
        server.transport.registry().add(new Mirror("strict", new JsonObject("""
            {"type": "object", "additionalProperties": false, "properties": {"must": {"type": "string"}, "list": {"type": "array", "items":
             {"type": "object", "additionalProperties": false, "properties": {"x": {"type": "integer"}}}}}, "required": ["must"]}""")));

        assertThat(new JsonObject(resultText(Waiting.on(alice.call("strict", new JsonObject("""
            {"must": "m", "unknown": null, "list": [{"x": null}, {"x": 1, "other": null}]}""")))))).isEqualTo(new JsonObject("""
            {"must": "m", "list": [{}, {"x": 1}]}"""));

        for (String refused : new String[] {"{\"must\": \"m\", \"unknown\": 1}", "{\"must\": null, \"unknown\": null}",
            "{\"must\": \"m\", \"list\": [null]}", "{\"must\": \"m\", \"list\": [{\"x\": null, \"other\": 1}]}"}) {
            assertThat(resultText(Waiting.on(alice.call("strict", new JsonObject(refused))))).as(refused).contains("Invalid arguments");
        }
    }

    @Test
    void objectsOfVertxInSchemasAndResultsAreJson() throws Exception {
        offer("mirror", new JsonObject().put("must", new JsonObject().put("enum", new JsonArray().add("m").add(new JsonObject().put("n", 1)))));

        JsonArray listed = Waiting.on(alice.send("tools/list", new JsonObject())).bodyAsJsonObject().getJsonObject("result").getJsonArray("tools");
        assertThat(listed.encode()).contains("{\"enum\":[\"m\",{\"n\":1}]}");
        JsonObject given = new JsonObject().put("must", new JsonObject().put("n", 1));
        assertThat(Waiting.on(alice.call("mirror", given)).bodyAsJsonObject().getJsonObject("result").getJsonObject("structuredContent"))
            .isEqualTo(new JsonObject().put("given", given).put("list", new JsonArray().add(given)));
        assertThat(resultText(Waiting.on(alice.call("mirror", new JsonObject().put("must", "other"))))).contains("Invalid arguments");
        assertThat(Schemas.of(new JsonObject().put("a", new JsonObject()))).isEqualTo(Schemas.of("{\"a\": {}}"));
    }

    @Test
    void nullParametersAndAnEmptyCursorAreTheSameAsNone() throws Exception {
        for (String params : new String[] {"null", "{}", "{\"cursor\":null}", "{\"cursor\":\"\"}", "{\"_meta\":null}"}) {
            HttpResponse<Buffer> answer = Waiting.on(alice.post("{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"tools/list\",\"params\":" + params + "}"));
            assertThat(answer.bodyAsJsonObject().getJsonObject("result").getJsonArray("tools")).as(params).hasSizeGreaterThan(5);
        }
        assertThat(Waiting.on(alice.post("{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"tools/list\",\"params\":[]}")).bodyAsString()).contains("-32602");
    }

    @Test
    void aByteOrderMarkBeforeABodyIsIgnoredAndADuplicateNameIsAParseError() throws Exception {
        String ping = alice.message("ping", new JsonObject()).encode();
        assertThat(Waiting.on(alice.post("\uFEFF" + ping)).statusCode()).isEqualTo(200);
        HttpResponse<Buffer> refused = Waiting.on(alice.post("{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}"));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.bodyAsJsonObject().getJsonObject("error").getInteger("code")).isEqualTo(-32700);
    }

    @Test
    void aClientThatTakesJsonAloneGetsItsAnswersAndNothingBeforeThem() throws Exception {
        HttpResponse<Buffer> called = accepting("application/json", alice.message("tools/call", new JsonObject().put("name", "progress")
            .put("arguments", new JsonObject()).put("_meta", new JsonObject().put("progressToken", "p"))));
        assertThat(called.getHeader("Content-Type")).isEqualTo("application/json");
        assertThat(resultText(called)).isEqualTo("done");

        JsonObject asking = alice.message("tools/call", new JsonObject().put("name", "trip").put("arguments", new JsonObject()));
        assertThat(resultText(accepting("application/json", asking))).contains("does not support elicitation");

        StatelessPeer stateless = new StatelessPeer(vertx, server.port(), "alice");
        JsonObject listen = stateless.message("subscriptions/listen", new JsonObject().put("notifications", new JsonObject()));
        var headers = StatelessPeer.headers(listen);
        headers.put("Accept", "application/json");
        assertThat(Waiting.on(stateless.send(listen, headers)).statusCode()).isEqualTo(406);
        JsonObject list = stateless.message("tools/list", new JsonObject());
        headers = StatelessPeer.headers(list);
        headers.put("Accept", "application/json");
        assertThat(Waiting.on(stateless.send(list, headers)).statusCode()).isEqualTo(200);
    }

    @Test
    void severalAcceptFieldsAreOneList() throws Exception {
        JsonObject call = alice.message("tools/call", new JsonObject().put("name", "progress")
            .put("arguments", new JsonObject()).put("_meta", new JsonObject().put("progressToken", "p")));
        for (List<String> accept : List.of(List.of("text/event-stream", "application/json"), List.of("application/json", "text/event-stream"))) {
            HttpResponse<Buffer> called = Waiting.on(alice.request(HttpMethod.POST, "/mcp").putHeader("Accept", accept).sendBuffer(call.toBuffer()));
            assertThat(called.statusCode()).as(accept.toString()).isEqualTo(200);
            assertThat(called.getHeader("Content-Type")).as(accept.toString()).isEqualTo("text/event-stream");
        }
        HttpResponse<Buffer> refused = Waiting.on(alice.request(HttpMethod.POST, "/mcp").putHeader("Accept", List.of("text/event-stream", "text/html"))
            .sendBuffer(call.toBuffer()));
        assertThat(refused.statusCode()).isEqualTo(406);
    }
}
