package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.support.EventReader;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.StatelessHttpCase;
import dev.gatehouse.mcp.support.StatelessPeer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

class StatelessHttpTest extends StatelessHttpCase {

    private static final String VERSION = "io.modelcontextprotocol/protocolVersion";
    private static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";

    private static JsonObject result(HttpResponse<Buffer> response) {
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(200);
        return response.bodyAsJsonObject().getJsonObject("result");
    }

    private static String text(HttpResponse<Buffer> response) {
        return result(response).getJsonArray("content").getJsonObject(0).getString("text");
    }

    private static void requireError(HttpResponse<Buffer> response, int status, int code) {
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(status);
        assertThat(response.bodyAsJsonObject().getJsonObject("error").getInteger("code")).isEqualTo(code);
    }

    @Test
    void theServerTellsWhatItSpeaksAndCanDo() throws Exception {
        JsonObject discovered = result(Waiting.on(alice.send("server/discover", new JsonObject())));

        assertThat(discovered.getString("resultType")).isEqualTo("complete");
        assertThat(discovered.getJsonArray("supportedVersions")).containsExactly("2026-07-28");
        assertThat(discovered.getJsonObject("capabilities").fieldNames()).contains("tools", "resources", "prompts");
        assertThat(discovered.getString("instructions")).isEqualTo("Be kind");
        assertThat(discovered.getJsonObject("_meta").getJsonObject("io.modelcontextprotocol/serverInfo").getString("name")).isEqualTo("sample");
        assertThat(discovered.getInteger("ttlMs")).isNotNegative();
        assertThat(discovered.getString("cacheScope")).isEqualTo("public");
    }

    @Test
    void aToolIsCalledWithoutASession() throws Exception {
        HttpResponse<Buffer> response = Waiting.on(alice.call("echo", new JsonObject().put("text", "hi")));

        assertThat(text(response)).isEqualTo("alice:hi");
        assertThat(result(response).getString("resultType")).isEqualTo("complete");
        assertThat(response.getHeader("Mcp-Session-Id")).isNull();
        assertThat(server.transport.openSessions()).isZero();
    }

    @Test
    void listsAndReadsSayHowLongTheyMayBeKeptAndForWhom() throws Exception {
        for (String method : new String[] {"tools/list", "prompts/list", "resources/templates/list"}) {
            assertThat(result(Waiting.on(alice.send(method, new JsonObject()))).getString("cacheScope")).as(method).isEqualTo("public");
        }
        assertThat(result(Waiting.on(alice.send("resources/list", new JsonObject()))).getString("cacheScope")).isEqualTo("private");
        JsonObject read = result(Waiting.on(alice.send("resources/read", new JsonObject().put("uri", "user://profile"))));
        assertThat(read.getString("cacheScope")).isEqualTo("private");
        assertThat(read.getJsonArray("contents").getJsonObject(0).getString("text")).isEqualTo("alice");
    }

    @Test
    void whatIsNotThereIsABadParameter() throws Exception {
        HttpResponse<Buffer> missing = Waiting.on(alice.send("resources/read", new JsonObject().put("uri", "user://notes/nonesuch")));
        requireError(missing, 200, -32602);
        assertThat(missing.bodyAsJsonObject().getJsonObject("error").getJsonObject("data").getString("uri")).isEqualTo("user://notes/nonesuch");
        requireError(Waiting.on(alice.call("nonesuch", new JsonObject())), 200, -32602);
    }

    @ParameterizedTest
    @ValueSource(strings = {"initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe", "nonesuch"})
    void methodsThatAreNotOfThisRevisionAreNotFound(String method) throws Exception {
        requireError(Waiting.on(alice.send(method, new JsonObject())), 404, -32601);
    }

    @ParameterizedTest
    @ValueSource(strings = {VERSION, CAPABILITIES})
    void metadataThatEveryRequestNeedsIsDemanded(String member) throws Exception {
        JsonObject message = alice.message("tools/list", new JsonObject());
        assertThat(Waiting.on(alice.send(message, StatelessPeer.headers(message))).statusCode()).isEqualTo(200);
        message.getJsonObject("params").getJsonObject("_meta").remove(member);
        requireError(Waiting.on(alice.send(message, StatelessPeer.headers(message))), 400, -32602);
    }

    @Test
    void aRevisionThatIsNotSpokenIsToldWithThoseThatAre() throws Exception {
        JsonObject message = alice.message("tools/list", new JsonObject());
        message.getJsonObject("params").getJsonObject("_meta").put(VERSION, "2099-01-01");
        Map<String, String> headers = StatelessPeer.headers(message);
        headers.put("MCP-Protocol-Version", "2099-01-01");
        HttpResponse<Buffer> response = Waiting.on(alice.send(message, headers));
        requireError(response, 400, -32022);
        JsonObject data = response.bodyAsJsonObject().getJsonObject("error").getJsonObject("data");
        assertThat(data.getJsonArray("supported")).isEqualTo(new JsonArray().add("2026-07-28"));
        assertThat(data.getString("requested")).isEqualTo("2099-01-01");
    }

    @ParameterizedTest
    @CsvSource({"MCP-Protocol-Version,", "MCP-Protocol-Version,2025-11-25", "Mcp-Method,", "Mcp-Method,tools/list", "Mcp-Method,TOOLS/CALL",
        "Mcp-Name,", "Mcp-Name,other", "Mcp-Name,=?base64?b3RoZXI=?=", "Mcp-Name,=?base64?!?="})
    void headersThatSayElseThanTheBodyAreRefused(String header, String value) throws Exception {
        JsonObject message = alice.message("tools/call", StatelessPeer.call("open", new JsonObject(), new JsonObject()));
        Map<String, String> headers = StatelessPeer.headers(message);
        assertThat(Waiting.on(alice.send(message, headers)).statusCode()).isEqualTo(200);
        if (value == null) {
            headers.remove(header);
        } else {
            headers.put(header, value);
        }
        requireError(Waiting.on(alice.send(message, headers)), 400, -32020);
    }

    @Test
    void aNameThatTheBodyDoesNotHaveIsRefused() throws Exception {
        JsonObject message = alice.message("tools/call", new JsonObject());
        Map<String, String> headers = StatelessPeer.headers(message);
        requireError(Waiting.on(alice.send(message, headers)), 200, -32602);
        headers.put("Mcp-Name", "open");
        requireError(Waiting.on(alice.send(message, headers)), 400, -32020);
    }

    @Test
    void aNameMayBeEncoded() throws Exception {
        JsonObject message = alice.message("tools/call", StatelessPeer.call("open", new JsonObject(), new JsonObject()));
        Map<String, String> headers = StatelessPeer.headers(message);
        headers.put("Mcp-Name", "=?base64?b3Blbg==?=");
        assertThat(text(Waiting.on(alice.send(message, headers)))).isEqualTo("anybody");
    }

    @ParameterizedTest
    @CsvSource({"Mcp-Param-Region,west,Mcp-Param-Count,42,200", "Mcp-Param-Region,=?base64?d2VzdA==?=,Mcp-Param-Count,42.0,200",
        "Mcp-Param-Region,east,Mcp-Param-Count,42,400", "Mcp-Param-Region,west,Mcp-Param-Count,43,400", "X-Other,west,Mcp-Param-Count,42,400"})
    void parametersThatAToolWantsInHeadersAreCompared(String first, String region, String second, String count, int status) throws Exception {
        JsonObject message = alice.message("tools/call",
            StatelessPeer.call("region", new JsonObject().put("region", "west").put("count", 42), new JsonObject()));
        Map<String, String> headers = StatelessPeer.headers(message);
        headers.put(first, region);
        headers.put(second, count);
        HttpResponse<Buffer> response = Waiting.on(alice.send(message, headers));
        assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(status);
    }

    @Test
    void logMessagesComeOnlyToThoseWhoAskedForThem() throws Exception {
        assertThat(text(Waiting.on(alice.call("logs", new JsonObject())))).isEqualTo("logged");
        JsonObject params = StatelessPeer.call("logs", new JsonObject(),
            new JsonObject().put("_meta", StatelessPeer.meta().put("io.modelcontextprotocol/logLevel", "error")));
        String stream = Waiting.on(alice.send("tools/call", params)).bodyAsString();
        assertThat(stream).contains("notifications/message", "\"disk\":\"full\"").doesNotContain("information");
    }

    @Test
    void streamsAndSessionsOfOtherRevisionsAreNotServedInThisOne() throws Exception {
        JsonObject message = alice.message("tools/list", new JsonObject());
        Map<String, String> headers = StatelessPeer.headers(message);
        headers.put("Mcp-Session-Id", "of-no-meaning-here");
        headers.put("Last-Event-ID", "1-1");
        assertThat(result(Waiting.on(alice.send(message, headers))).getJsonArray("tools")).isNotEmpty();
        McpPeer raw = new McpPeer(vertx, server.port(), "alice");
        for (var method : new io.vertx.core.http.HttpMethod[] {io.vertx.core.http.HttpMethod.GET, io.vertx.core.http.HttpMethod.DELETE}) {
            HttpResponse<Buffer> response = Waiting.on(raw.request(method, "/mcp").putHeader("MCP-Protocol-Version", "2026-07-28").send());
            assertThat(response.statusCode()).isEqualTo(405);
            assertThat(response.getHeader("Allow")).isEqualTo("POST");
        }
    }

    @Test
    void nothingIsKeptOfARequestThatWasAnsweredOrWhoseClientHasGone() throws Exception {
        result(Waiting.on(alice.call("echo", new JsonObject().put("text", "x"))));
        result(Waiting.on(alice.send("server/discover", new JsonObject())));
        Eventually.holds(() -> server.transport.requestsUnderWay() == 0);

        JsonObject message = alice.message("tools/call", StatelessPeer.call("leaves", new JsonObject(), new JsonObject()));
        message.getJsonObject("params").getJsonObject("_meta").put("progressToken", 1);
        EventReader stream = EventReader.post(vertx, server.port(), "/mcp", "alice", StatelessPeer.headers(message), message);
        stream.nextMessage();
        assertThat(server.transport.requestsUnderWay()).isEqualTo(1);
        stream.close();
        Eventually.holds(() -> server.transport.requestsUnderWay() == 0);
    }
}
