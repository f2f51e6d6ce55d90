package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.Anonymous;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.StdioHost;
import dev.gatehouse.mcp.support.TaskPeer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

@Timeout(90)
class StdioTransportTest {

    private static final String CANCEL_1 = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}";
    private static final String HOW = "Authentication required: set MCP_ACCESS_TOKEN";

    private Vertx vertx;
    private SampleTools tools;
    private StdioHost host;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        tools = new SampleTools(vertx);
        host = hostFor(caller("mcp:read"));
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private StdioHost hostFor(Caller caller) throws Exception {
        Supplier<Future<Caller>> callers = () -> vertx.timer(1).map(caller);
        return new StdioHost(vertx, tools.features(), callers);
    }

    private static Caller caller(String scope) {
        return new Principal("http://issuer", "alice", "client", Set.of(scope), SampleServer.NEVER, new JsonObject());
    }

    private void awaitEnd() throws Exception {
        host.ended.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static String text(JsonObject answer) {
        return answer.getJsonObject("result").getJsonArray("content").getJsonObject(0).getString("text");
    }

    @Test
    void handshakesListsAndCalls() throws Exception {
        assertThat(host.initialize().getJsonObject("result").getString("protocolVersion")).isEqualTo("2025-11-25");
        host.request(1, "tools/list", new JsonObject());
        assertThat(host.read().getJsonObject("result").getJsonArray("tools")).hasSizeGreaterThan(5);
        host.call(2, "echo", new JsonObject().put("text", "grüße"));
        assertThat(text(host.read())).isEqualTo("alice:grüße");
    }

    @Test
    void withoutATokenListingWorksAndEachCallSaysHowToSignIn() throws Exception {
        host = hostFor(new Anonymous(HOW));
        host.initialize();
        host.request(1, "tools/list", new JsonObject());
        assertThat(host.read().containsKey("result")).isTrue();
        host.call(2, "echo", new JsonObject().put("text", "hi"));
        JsonObject answer = host.read();
        assertThat(answer.getJsonObject("result").getBoolean("isError")).isTrue();
        assertThat(text(answer)).isEqualTo(HOW);
        host.request(3, "resources/read", new JsonObject().put("uri", "user://profile"));
        assertThat(host.read().getJsonObject("error").getString("message")).isEqualTo(HOW);
        host.call(4, "open", new JsonObject());
        assertThat(text(host.read())).isEqualTo("anybody");
    }

    @Test
    void aCallBeyondTheTokensScopesIsRefusedInWords() throws Exception {
        host.initialize();
        host.call(1, "write", new JsonObject());
        assertThat(text(host.read())).contains("Insufficient scope").contains("mcp:write");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{\"jsonrpc\"|-32700", "garbage|-32700", "[]|-32600", "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}|-32600"})
    void aMalformedLineIsAnsweredAndSurvived(String line, int code) throws Exception {
        host.initialize();
        host.write(line);
        assertThat(host.read().getJsonObject("error").getInteger("code")).isEqualTo(code);
        host.call(1, "echo", new JsonObject().put("text", "hi"));
        assertThat(text(host.read())).isEqualTo("alice:hi");
    }

    @Test
    void blankLinesAreSkippedAndLinesMayEndInCrLf() throws Exception {
        host.initialize();
        host.write("");
        host.write("  \r");
        host.write("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"ping\"}\r");
        assertThat(host.read().getInteger("id")).isEqualTo(5);
    }

    @Test
    void anOverlongLineIsAnsweredAndSurvived() throws Exception {
        host.initialize();
        host.write("x".repeat(500_000));
        assertThat(host.read().getJsonObject("error").getString("message")).contains("larger than 10000 bytes");
        host.request(1, "ping", new JsonObject());
        assertThat(host.read().getInteger("id")).isEqualTo(1);
    }

    @Test
    void answersUnderWayAtTheEndOfInputStillLeave() throws Exception {
        host.initialize();
        host.call(1, "slow", new JsonObject());
        host.call(2, "echo", new JsonObject().put("text", "hi"));
        host.end();
        awaitEnd();

        List<JsonObject> answers = host.read(2);
        assertThat(answers).extracting(answer -> answer.getInteger("id")).containsExactlyInAnyOrder(1, 2);
        assertThat(host.hasNothingMore()).isTrue();
    }

    @Test
    void anUnfinishedLineAtTheEndOfInputIsAnsweredToo() throws Exception {
        host.initialize();
        host.write("{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"ping\"}".stripTrailing());
        host.end();
        awaitEnd();
        assertThat(host.read().getInteger("id")).isEqualTo(9);
    }

    @Test
    void aCancelledCallIsNotAnsweredAndFreesItsId() throws Exception {
        host.initialize();
        host.call(1, "pending", new JsonObject());
        Waiting.on(tools.begun.future());
        host.write(CANCEL_1);
        host.call(1, "echo", new JsonObject().put("text", "again"));
        assertThat(text(host.read())).isEqualTo("alice:again");

        tools.pending.complete(ToolResult.of("too late"));
        host.request(3, "ping", new JsonObject());
        assertThat(host.read().getInteger("id")).isEqualTo(3);
    }

    @Test
    void aCallCancelledBeforeItIsKnownWhoCallsDoesNotRun() throws Exception {
        Promise<Caller> caller = Promise.promise();
        host = new StdioHost(vertx, tools.features(), caller::future);
        host.initialize();
        host.call(1, "pending", new JsonObject());
        host.write(CANCEL_1);
        host.call(2, "echo", new JsonObject().put("text", "hi"));
        host.request(3, "ping", new JsonObject());
        assertThat(host.read().getInteger("id")).isEqualTo(3);
        caller.complete(caller("mcp:read"));

        assertThat(text(host.read())).isEqualTo("alice:hi");
        assertThat(tools.begun.future().isComplete()).isFalse();
        host.call(1, "pending", new JsonObject());
        Waiting.on(tools.begun.future());
    }

    @Test
    void anIdThatWaitsForItsCallerIsNotTakenAgain() throws Exception {
        Promise<Caller> caller = Promise.promise();
        host = new StdioHost(vertx, tools.features(), caller::future);
        host.initialize();
        host.call(1, "echo", new JsonObject().put("text", "first"));
        host.call(1, "echo", new JsonObject().put("text", "second"));
        assertThat(host.read().getJsonObject("error").getInteger("code")).isEqualTo(-32600);
        caller.complete(caller("mcp:read"));
        assertThat(text(host.read())).isEqualTo("alice:first");
    }

    @Test
    void beforeTheHandshakeOnlyPingIsServed() throws Exception {
        host.request(1, "ping", new JsonObject());
        assertThat(host.read().containsKey("result")).isTrue();
        host.request(2, "tools/list", new JsonObject());
        assertThat(host.read().getJsonObject("error").getString("message")).contains("initialize");
        host.request(3, "server/discover", new JsonObject());
        assertThat(host.read().getJsonObject("error").getInteger("code")).isEqualTo(-32602);
        assertThat(host.initialize().containsKey("result")).isTrue();
    }

    @Test
    void progressComesBeforeTheAnswer() throws Exception {
        host.initialize();
        host.request(1, "tools/call", new JsonObject().put("name", "progress").put("_meta", new JsonObject().put("progressToken", 7)));
        List<JsonObject> messages = host.read(3);
        assertThat(messages).extracting(message -> message.getString("method"))
            .containsExactly("notifications/progress", "notifications/progress", null);
    }

    @Test
    void aTokenThatCannotBeCheckedIsAnErrorAndNotTheEnd() throws Exception {
        host = new StdioHost(vertx, tools.features(), () -> {
            throw new IllegalStateException(SampleTools.SECRET);
        });
        host.initialize();
        host.call(1, "echo", new JsonObject().put("text", "hi"));
        assertThat(host.read().getJsonObject("error").getString("message")).isEqualTo("The access token could not be checked");
        host.request(2, "ping", new JsonObject());
        assertThat(host.read().getInteger("id")).isEqualTo(2);
    }

    @Test
    void moreQuestionsThanMayBeUnderWayAreAllAnswered() throws Exception {
        host.request("init", "initialize", McpPeer.INITIALIZE.copy().put("capabilities", new JsonObject().put("elicitation", new JsonObject())));
        host.read();
        for (int i = 0; i < 250; i++) {
            host.call(i, "trip", new JsonObject());
        }
        for (int answered = 0; answered < 250;) {
            JsonObject message = host.read();
            if (message.containsKey("method")) {
                host.write(new JsonObject().put("jsonrpc", "2.0").put("id", message.getValue("id"))
                    .put("result", TaskPeer.accepted("Rome")).encode());
            } else {
                assertThat(text(message)).isEqualTo("Rome Rome");
                answered++;
            }
        }
    }

    @Test
    void aCallThatWaitsForItsTurnCanBeCancelled() throws Exception {
        host.initialize();
        for (int i = 1_000; i < 1_200; i++) {
            host.call(i, "pending", new JsonObject());
        }
        host.call(1, "echo", new JsonObject().put("text", "cancelled"));
        host.call(2, "echo", new JsonObject().put("text", "kept"));
        host.write(CANCEL_1);
        host.write(CANCEL_1.replace("1}", "1000}"));
        assertThat(text(host.read())).isEqualTo("alice:kept");
    }

    @Test
    void aFloodIsServedWhole() throws Exception {
        host.initialize();
        for (int i = 0; i < 1000; i++) {
            host.call(i, "echo", new JsonObject().put("text", "n" + i));
        }
        for (JsonObject answer : host.read(1000)) {
            assertThat(text(answer)).isEqualTo("alice:n" + answer.getInteger("id"));
        }
    }
}
