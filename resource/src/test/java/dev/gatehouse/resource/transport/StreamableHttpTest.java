package dev.gatehouse.resource.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamableHttpTest {

    private Vertx vertx;
    private SampleTools tools;
    private SampleServer server;
    private McpPeer alice;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        tools = new SampleTools(vertx);
        McpTransportOptions options = new McpTransportOptions(Set.of(), Set.of(), 100_000, 32, 20, 5, 60, 20, 1, 5, 1_000_000);
        server = await(SampleServer.start(vertx, tools.features(), options, Clock.systemUTC()));
        alice = await(new McpPeer(vertx, server.port(), "alice").initialize());
    }

    @AfterEach
    void stop() throws Exception {
        server.transport.close();
        await(vertx.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private McpPeer newPeer(String token) {
        return new McpPeer(vertx, server.port(), token);
    }

    private static JsonObject text(String text) {
        return new JsonObject().put("text", text);
    }

    private static String resultText(HttpResponse<Buffer> response) {
        return response.bodyAsJsonObject().getJsonObject("result").getJsonArray("content").getJsonObject(0).getString("text");
    }

    @Test
    void initializeGivesAnUnguessableVisibleSessionIdAndTheServersDescription() throws Exception {
        HttpResponse<Buffer> response = await(newPeer("bob").send("initialize", McpPeer.INITIALIZE));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.getHeader("Mcp-Session-Id")).matches("[!-~]{43,}").isNotEqualTo(alice.sessionId);
        JsonObject result = response.bodyAsJsonObject().getJsonObject("result");
        assertThat(result.getString("protocolVersion")).isEqualTo("2025-11-25");
        assertThat(result.getString("instructions")).isEqualTo("Be kind");
        assertThat(result.getJsonObject("serverInfo").getString("title")).isEqualTo("Sample server");
    }

    @ParameterizedTest
    @CsvSource({"2024-11-05,2024-11-05", "2025-03-26,2025-03-26", "2025-06-18,2025-06-18", "2026-07-28,2025-11-25", "1.0,2025-11-25"})
    void negotiatesTheRevision(String asked, String given) throws Exception {
        HttpResponse<Buffer> response = await(newPeer("bob").send("initialize", McpPeer.INITIALIZE.copy().put("protocolVersion", asked)));

        assertThat(response.bodyAsJsonObject().getJsonObject("result").getString("protocolVersion")).isEqualTo(given);
    }

    @Test
    void callsAToolAndAnswersPlainJson() throws Exception {
        HttpResponse<Buffer> response = await(alice.call("echo", text("hi")));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.getHeader("Content-Type")).isEqualTo("application/json");
        JsonObject result = response.bodyAsJsonObject().getJsonObject("result");
        assertThat(resultText(response)).isEqualTo("alice:hi");
        assertThat(result.getJsonObject("structuredContent")).isEqualTo(new JsonObject().put("subject", "alice").put("text", "hi"));
        assertThat(result.getBoolean("isError")).isFalse();
    }

    @Test
    void becomesAStreamFromTheFirstNotificationOn() throws Exception {
        HttpResponse<Buffer> response = await(alice.send("tools/call", new JsonObject().put("name", "progress")
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
        HttpResponse<Buffer> response = await(alice.send("tools/list", new JsonObject()));

        JsonObject echo = response.bodyAsJsonObject().getJsonObject("result").getJsonArray("tools").getJsonObject(0);
        assertThat(echo.getString("title")).isEqualTo("Sample echo");
        assertThat(echo.getJsonObject("annotations").getBoolean("readOnlyHint")).isTrue();
        assertThat(echo.getJsonObject("outputSchema").getString("type")).isEqualTo("object");
    }

    @Test
    void readsListsAndCompletesResources() throws Exception {
        assertThat(await(alice.send("resources/list", new JsonObject())).bodyAsString()).contains("user://profile").doesNotContain("note_id");
        assertThat(await(alice.send("resources/templates/list", new JsonObject())).bodyAsString()).contains("user://notes/{note_id}");
        assertThat(await(alice.send("resources/read", new JsonObject().put("uri", "user://profile"))).bodyAsString()).contains("\"text\":\"alice\"");
        assertThat(await(alice.send("resources/read", new JsonObject().put("uri", "user://notes/1"))).bodyAsString()).contains("\"text\":\"first\"");
        JsonObject completion = new JsonObject()
            .put("ref", new JsonObject().put("type", "ref/resource").put("uri", "user://notes/{note_id}"))
            .put("argument", new JsonObject().put("name", "note_id").put("value", "1"));
        assertThat(await(alice.send("completion/complete", completion)).bodyAsJsonObject().getJsonObject("result").getJsonObject("completion")
            .getJsonArray("values")).isEqualTo(new JsonArray().add("1").add("12"));
    }

    @Test
    void aMissingResourceAndABrokenOneAreErrorsWithoutInternals() throws Exception {
        JsonObject missing = await(alice.send("resources/read", new JsonObject().put("uri", "user://notes/77"))).bodyAsJsonObject();
        HttpResponse<Buffer> broken = await(alice.send("resources/read", new JsonObject().put("uri", "user://notes/broken")));

        assertThat(missing.getJsonObject("error").getInteger("code")).isEqualTo(-32002);
        assertThat(broken.bodyAsJsonObject().getJsonObject("error").getInteger("code")).isEqualTo(-32603);
        assertThat(broken.bodyAsString()).doesNotContain(SampleTools.SECRET).doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"throws", "fails", "errs", "overflows", "nullfuture", "nullresult"})
    void aToolThatFailsAnyhowIsAnErrorResultWithoutInternals(String tool) throws Exception {
        HttpResponse<Buffer> response = await(alice.call(tool, new JsonObject()));

        assertThat(response.bodyAsJsonObject().getJsonObject("result").getBoolean("isError")).isTrue();
        assertThat(resultText(response)).startsWith(tool + " failed on the server. Reference: ");
        assertThat(response.bodyAsString()).doesNotContain(SampleTools.SECRET).doesNotContain("Exception");
    }

    @Test
    void aRefusalTellsItsReason() throws Exception {
        assertThat(resultText(await(alice.call("refuses", new JsonObject())))).isEqualTo("Quota used up");
    }

    @Test
    void aResultThatIsNoJsonIsStillAnswered() throws Exception {
        JsonObject answer = await(alice.call("cyclic", new JsonObject())).bodyAsJsonObject();

        assertThat(answer.getJsonObject("error").getInteger("code")).isEqualTo(-32603);
    }

    @Test
    void aHugeResultArrivesWhole() throws Exception {
        assertThat(resultText(await(alice.call("huge", new JsonObject())))).hasSize(3_000_000);
    }

    @Test
    void argumentsAreCheckedBySchema() throws Exception {
        HttpResponse<Buffer> response = await(alice.call("echo", new JsonObject().put("text", 5)));

        assertThat(response.bodyAsJsonObject().getJsonObject("result").getBoolean("isError")).isTrue();
        assertThat(resultText(response)).contains("text");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\"}|-32602",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":null}|-32602",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":5}}|-32602",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":[]}}|-32602",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"nonesuch\"}}|-32602",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"resources/read\",\"params\":{}}|-32602",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"completion/complete\",\"params\":{\"ref\":{\"type\":\"ref/resource\",\"uri\":\"x\"}}}|-32602",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"logging/setLevel\",\"params\":{\"level\":\"loud\"}}|-32602",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tasks/list\"}|-32601",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"nonesuch\"}|-32601"})
    void badParametersAreErrorsWithTheRequestsId(String body, int code) throws Exception {
        JsonObject answer = await(alice.post(body)).bodyAsJsonObject();

        assertThat(answer.getInteger("id")).isEqualTo(7);
        assertThat(answer.getJsonObject("error").getInteger("code")).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"jsonrpc\":|-32700", "[]|-32600", "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]|-32600", "7|-32600", "{}|-32600",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"} x|-32700",
        "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}|-32600", "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}|-32600"})
    void whatIsNoMessageIsABadRequestWithANullId(String body, int code) throws Exception {
        HttpResponse<Buffer> response = await(alice.post(body));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.bodyAsJsonObject().containsKey("id")).isTrue();
        assertThat(response.bodyAsJsonObject().getValue("id")).isNull();
        assertThat(response.bodyAsJsonObject().getJsonObject("error").getInteger("code")).isEqualTo(code);
    }

    @Test
    void sizeAndDepthAreLimited() throws Exception {
        assertThat(await(alice.call("echo", text("x".repeat(90)))).statusCode()).isEqualTo(200);
        assertThat(await(alice.call("echo", text("x".repeat(100_000)))).statusCode()).isEqualTo(413);
        assertThat(await(alice.post("[".repeat(33) + "]".repeat(33))).statusCode()).isEqualTo(400);
        assertThat(await(alice.call("echo", text("still there"))).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"*/*|200", "application/*, text/*|200", "text/event-stream;q=0.5, application/json|200",
        "application/json|406", "text/event-stream|406", "application/json, text/event-stream;q=0|406", "application/jsonp, text/event-streams|406"})
    void acceptIsParsed(String accept, int status) throws Exception {
        HttpResponse<Buffer> response = await(alice.request(HttpMethod.POST, "/mcp").putHeader("Accept", accept)
            .sendBuffer(alice.message("ping", new JsonObject()).toBuffer()));

        assertThat(response.statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"application/json; charset=utf-8|200", "Application/JSON|200", "text/plain|415", "application/jsonx|415"})
    void contentTypeIsParsed(String contentType, int status) throws Exception {
        HttpResponse<Buffer> response = await(alice.request(HttpMethod.POST, "/mcp").putHeader("Content-Type", contentType)
            .sendBuffer(alice.message("ping", new JsonObject()).toBuffer()));

        assertThat(response.statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"2025-11-25,200", "2025-03-26,200", "2026-07-28,400", "banana,400"})
    void anUnknownProtocolVersionIsABadRequestThatDualEraClientsFallBackFrom(String version, int status) throws Exception {
        HttpResponse<Buffer> response = await(alice.request(HttpMethod.POST, "/mcp").putHeader("MCP-Protocol-Version", version)
            .sendBuffer(alice.message("ping", new JsonObject()).toBuffer()));

        assertThat(response.statusCode()).isEqualTo(status);
        if (status == 400) {
            assertThat(response.bodyAsJsonObject().getJsonObject("error").getInteger("code")).isNotIn(-32020, -32021, -32022);
        }
    }

    @Test
    void aSessionBelongsToItsPrincipal() throws Exception {
        McpPeer mallory = newPeer("mallory").withSession(alice.sessionId);

        assertThat(await(mallory.call("echo", text("hi"))).statusCode()).isEqualTo(404);
        assertThat(await(mallory.request(HttpMethod.GET, "/mcp").send()).statusCode()).isEqualTo(404);
        assertThat(await(mallory.request(HttpMethod.DELETE, "/mcp").send()).statusCode()).isEqualTo(404);
        assertThat(await(newPeer("mallory").call("echo", text("hi"))).statusCode()).isEqualTo(400);
        assertThat(await(newPeer(null).withSession(alice.sessionId).call("echo", text("hi"))).statusCode()).isEqualTo(401);
        assertThat(resultText(await(alice.call("echo", text("hi"))))).isEqualTo("alice:hi");
    }

    @Test
    void aDeletedSessionIsGone() throws Exception {
        assertThat(await(alice.request(HttpMethod.DELETE, "/mcp").send()).statusCode()).isEqualTo(204);

        assertThat(await(alice.call("echo", text("hi"))).statusCode()).isEqualTo(404);
        assertThat(await(alice.request(HttpMethod.DELETE, "/mcp").send()).statusCode()).isEqualTo(404);
        assertThat(server.transport.openSessions()).isZero();
    }

    @Test
    void aFailedInitializeLeavesNoSession() throws Exception {
        int before = server.transport.openSessions();
        HttpResponse<Buffer> response = await(newPeer("bob").send("initialize", new JsonObject()));

        assertThat(response.bodyAsJsonObject().getJsonObject("error").getInteger("code")).isEqualTo(-32602);
        assertThat(response.getHeader("Mcp-Session-Id")).isNull();
        assertThat(server.transport.openSessions()).isEqualTo(before);
    }

    @Test
    void sessionsAreLimitedPerPrincipalAndInAll() throws Exception {
        for (int i = 1; i < 5; i++) {
            assertThat(await(newPeer("alice").send("initialize", McpPeer.INITIALIZE)).statusCode()).isEqualTo(200);
        }
        HttpResponse<Buffer> sixth = await(newPeer("alice").send("initialize", McpPeer.INITIALIZE));
        assertThat(sixth.statusCode()).isEqualTo(429);
        assertThat(sixth.bodyAsString()).contains("already have 5");
        for (int i = 0; i < 15; i++) {
            assertThat(await(newPeer("user" + i).send("initialize", McpPeer.INITIALIZE)).statusCode()).isEqualTo(200);
        }
        assertThat(await(newPeer("late").send("initialize", McpPeer.INITIALIZE)).statusCode()).isEqualTo(503);
        assertThat(server.transport.openSessions()).isEqualTo(20);
        assertThat(await(alice.call("echo", text("hi"))).statusCode()).isEqualTo(200);
    }

    @Test
    void aCallWithoutItsScopesIsForbiddenNamingThemAll() throws Exception {
        McpPeer reader = await(newPeer("carol:other").initialize());
        assertThat(reader.sessionId).isNotNull();
        HttpResponse<Buffer> refused = await(reader.call("write", new JsonObject()));

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.getHeader("WWW-Authenticate")).contains("scope=\"mcp:read mcp:write\"");
        assertThat(await(reader.send("resources/read", new JsonObject().put("uri", "user://profile"))).statusCode()).isEqualTo(403);
        assertThat(await(reader.send("tools/list", new JsonObject())).statusCode()).isEqualTo(200);
        assertThat(resultText(await(alice.call("write", new JsonObject())))).isEqualTo("written");
    }

    @Test
    void notificationsAndStrayResponsesAreAccepted() throws Exception {
        assertThat(await(alice.post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}")).statusCode()).isEqualTo(202);
        assertThat(await(alice.post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}")).statusCode()).isEqualTo(202);
        assertThat(await(alice.post("{\"jsonrpc\":\"2.0\",\"id\":\"never-asked\",\"result\":{}}")).statusCode()).isEqualTo(202);
    }

    @Test
    void aCancelledRequestEndsWithoutAnswer() throws Exception {
        JsonObject message = alice.message("tools/call", new JsonObject().put("name", "pending"));
        Future<HttpResponse<Buffer>> running = alice.post(message.encode());
        JsonObject cancel = new JsonObject().put("jsonrpc", "2.0").put("method", "notifications/cancelled")
            .put("params", new JsonObject().put("requestId", message.getInteger("id")));
        while (!running.isComplete()) {
            assertThat(await(alice.post(cancel.encode())).statusCode()).isEqualTo(202);
        }

        assertThat(await(running).bodyAsString()).doesNotContain("jsonrpc");
        assertThat(await(alice.call("echo", text("hi"))).statusCode()).isEqualTo(200);
    }

    @Test
    void anIdInUseIsRefused() throws Exception {
        JsonObject message = alice.message("tools/call", new JsonObject().put("name", "pending"));
        Future<HttpResponse<Buffer>> first = alice.post(message.encode());
        Future<HttpResponse<Buffer>> second = alice.post(message.encode());
        HttpResponse<Buffer> refused = await(Future.any(first, second).map(either -> first.isComplete() ? first.result() : second.result()));
        tools.pending.complete(dev.gatehouse.resource.tool.ToolResult.of("late"));

        assertThat(refused.bodyAsJsonObject().getJsonObject("error").getInteger("code")).isEqualTo(-32600);
        assertThat(resultText(await(first.isComplete() && first.result() == refused ? second : first))).isEqualTo("late");
    }

    @Test
    void otherMethodsAreNotAllowed() throws Exception {
        HttpResponse<Buffer> response = await(alice.request(HttpMethod.PUT, "/mcp").send());

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.getHeader("Allow")).isEqualTo("GET, POST, DELETE");
    }

    @Test
    void aThousandInterleavedCallsOfTwoUsersNeverCross() throws Exception {
        McpPeer bob = await(newPeer("bob").initialize());
        List<Future<HttpResponse<Buffer>>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            answers.add((i % 2 == 0 ? alice : bob).call("echo", text("n" + i)));
        }
        await(Future.join(answers));

        for (int i = 0; i < 1000; i++) {
            assertThat(resultText(answers.get(i).result())).isEqualTo((i % 2 == 0 ? "alice" : "bob") + ":n" + i);
        }
    }
}
