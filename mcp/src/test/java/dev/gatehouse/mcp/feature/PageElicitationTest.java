package dev.gatehouse.mcp.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.CallRefused;
import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.Notifier;
import dev.gatehouse.mcp.api.Schemas;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.mcp.api.UrlElicitationRequired;
import dev.gatehouse.mcp.support.EventReader;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.StatelessPeer;
import dev.gatehouse.mcp.support.StreamableHttpCase;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Tools that send the user to a page, and tools that keep something of their own between the rounds of a call. */
class PageElicitationTest extends StreamableHttpCase {

    private static final String PAGE = "https://example.com/connect";

    private volatile boolean done;
    private volatile Notifier notifier;
    private StatelessPeer stateless;

    private record Sample(String name, Function<ToolCall, Future<ToolResult>> body) implements Tool {

        @Override
        public ToolDefinition definition() {
            return new ToolDefinition(name, name, "A sample", Schemas.of("{\"type\": \"object\"}"), null, ToolHints.reads());
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

    @BeforeEach
    void offer() {
        stateless = new StatelessPeer(vertx, server.port(), "alice");
        server.transport.registry().add(new Sample("connects", this::connect));
        server.transport.registry().add(new Sample("requires", call -> {
            notifier = call.notifier();
            return done ? Future.succeededFuture(ToolResult.of("connected"))
                : Future.failedFuture(new UrlElicitationRequired(List.of(InputRequest.elicitationUrl("Connect first", PAGE, "connect-1"))));
        }));
        server.transport.registry().add(new Sample("counts", PageElicitationTest::count));
        server.transport.registry().add(new Sample("hoards", call -> {
            call.inputs().keep("hoard", "x".repeat(call.arguments().get("size") instanceof Number size ? size.intValue() : 0));
            return call.inputs().ask("more", form()).map(ToolResult.of("kept"));
        }));
    }

    /** Looks for itself whether the user is done: to accept is to go there. */
    private Future<ToolResult> connect(ToolCall call) {
        InputRequest page = InputRequest.elicitationUrl("Connect", PAGE);
        return call.inputs().ask("connect", page).compose(answer -> done ? Future.succeededFuture(ToolResult.of("connected"))
            : call.inputs().askAgain("connect", page).map(ToolResult.of("not reached")));
    }

    private static InputRequest form() {
        return InputRequest.elicitation("More?", Schemas.of("{\"type\": \"object\", \"properties\": {}}"));
    }

    /** The number of calls. Only the tool stores it. */
    private static Future<ToolResult> count(ToolCall call) {
        int round = 1 + (Integer) call.inputs().kept("round").orElse(0);
        call.inputs().keep("round", round);
        return call.inputs().ask("question " + round, form()).map(ToolResult.of("round " + round));
    }

    private JsonObject round(String tool, JsonObject arguments, JsonObject before, String answered) throws Exception {
        JsonObject params = StatelessPeer.call(tool, arguments, new JsonObject()).put("_meta", StatelessPeer.meta()
            .put("io.modelcontextprotocol/clientCapabilities", new JsonObject("{\"elicitation\": {\"form\": {}, \"url\": {}}}")));
        if (before != null) {
            params.put("requestState", before.getString("requestState"))
                .put("inputResponses", new JsonObject().put(answered, new JsonObject().put("action", "accept").put("content", new JsonObject())));
        }
        JsonObject body = Waiting.on(stateless.send("tools/call", params)).bodyAsJsonObject();
        return body.containsKey("error") ? body.getJsonObject("error") : body.getJsonObject("result");
    }

    @Test
    void aPageIsAskedForAgainUntilTheToolSeesThatTheUserIsDone() throws Exception {
        JsonObject first = round("connects", new JsonObject(), null, null);
        assertThat(first.getJsonObject("inputRequests").getJsonObject("connect").getJsonObject("params"))
            .isEqualTo(new JsonObject().put("mode", "url").put("message", "Connect").put("url", PAGE));
        JsonObject second = round("connects", new JsonObject(), first, "connect");
        assertThat(second.getString("resultType")).isEqualTo("input_required");
        assertThat(second.getJsonObject("inputRequests")).isEqualTo(first.getJsonObject("inputRequests"));
        done = true;
        JsonObject third = round("connects", new JsonObject(), second, "connect");
        assertThat(third.getString("resultType")).isEqualTo("complete");
        assertThat(third.encode()).contains("connected");
    }

    @Test
    void aCallThatNeedsAPageFirstIsAnInputRequiredResultInTheStatelessRevision() throws Exception {
        JsonObject first = round("requires", new JsonObject(), null, null);
        assertThat(first.getString("resultType")).isEqualTo("input_required");
        assertThat(first.encode()).contains(PAGE).doesNotContain("elicitationId");
        JsonObject second = round("requires", new JsonObject(), first, "page 1");
        assertThat(second.getString("resultType")).isEqualTo("input_required");
        done = true;
        assertThat(round("requires", new JsonObject(), second, "page 1").encode()).contains("connected");
    }

    @Test
    void aCallThatNeedsAPageFirstIsAnErrorOf20251125AndItsEndIsToldToThatClient() throws Exception {
        JsonObject capable = McpPeer.INITIALIZE.copy().put("capabilities", new JsonObject("{\"elicitation\": {\"url\": {}}}"));
        McpPeer peer = newPeer("alice");
        peer.withSession(Waiting.on(peer.send("initialize", capable)).getHeader("Mcp-Session-Id"));

        JsonObject error = Waiting.on(peer.call("requires", new JsonObject())).bodyAsJsonObject().getJsonObject("error");
        assertThat(error.getInteger("code")).isEqualTo(-32042);
        assertThat(error.getJsonObject("data")).isEqualTo(new JsonObject().put("elicitations", new JsonArray().add(new JsonObject()
            .put("mode", "url").put("message", "Connect first").put("url", PAGE).put("elicitationId", "connect-1"))));

        EventReader stream = EventReader.open(vertx, server.port(), "/mcp", "alice", peer.sessionId);
        assertThat(stream.next().data()).as("the event that the stream begins with").isEmpty();
        Waiting.on(notifier.elicitationComplete("connect-1"));
        JsonObject told = stream.nextMessage();
        stream.close();
        assertThat(told.getString("method")).isEqualTo("notifications/elicitation/complete");
        assertThat(told.getJsonObject("params")).isEqualTo(new JsonObject().put("elicitationId", "connect-1"));
        done = true;
        assertThat(resultText(Waiting.on(peer.call("requires", new JsonObject())))).isEqualTo("connected");
    }

    @Test
    void aClientThatKnowsNoPagesIsToldWhereToGo() throws Exception {
        assertThat(resultText(Waiting.on(alice.call("requires", new JsonObject())))).contains(PAGE);
    }

    @Test
    void aToolKeepsSmallStateOfItsOwnBetweenTheRoundsInEveryRevision() throws Exception {
        JsonObject result = round("counts", new JsonObject(), null, null);
        for (int i = 1; i < 3; i++) {
            assertThat(result.getJsonObject("inputRequests").fieldNames()).containsExactly("question " + i);
            result = round("counts", new JsonObject(), result, "question " + i);
        }
        assertThat(result.encode()).contains("question 3");
    }

    @Test
    void whatACallCarriesIsBoundedWhenItIsSealedAndTheErrorSaysSo() throws Exception {
        JsonObject fits = new JsonObject().put("size", 8_000);
        assertThat(round("hoards", fits, round("hoards", fits, null, null), "more").encode()).contains("kept");
        assertThat(round("hoards", new JsonObject().put("size", 9_000), null, null).encode()).contains("may keep at most").contains("8192");

        JsonObject params = StatelessPeer.call("trip", new JsonObject(), new JsonObject().put("inputResponses", new JsonObject().put("where",
            new JsonObject().put("action", "accept").put("content", new JsonObject().put("text", "y".repeat(50_000))))));
        JsonObject error = Waiting.on(stateless.send("tools/call", params)).bodyAsJsonObject().getJsonObject("error");
        assertThat(error.getInteger("code")).isEqualTo(-32602);
        assertThat(error.getString("message")).contains("bytes, and may have 49088 together");
    }

    @Test
    void whatACallKeepsIsReadBackAlikeInEveryRoundAndSurvivesWhatIsRefused() throws Exception {
        List<Object> seen = new ArrayList<>();
        server.transport.registry().add(new Sample("remembers", call -> {
            call.inputs().kept("list").ifPresent(seen::add);
            call.inputs().keep("list", new JsonObject().put("of", new JsonArray().add(1)));
            call.inputs().keep("gone", 1);
            call.inputs().keep("gone", null);
            assertThatThrownBy(() -> call.inputs().keep("list", "x".repeat(9_000))).isInstanceOf(CallRefused.class);
            assertThatThrownBy(() -> call.inputs().keep("list", new Object())).isInstanceOf(IllegalArgumentException.class);
            seen.add(call.inputs().kept("list").orElseThrow());
            assertThat(call.inputs().kept("gone")).isEmpty();
            return call.inputs().ask("more", form()).map(ToolResult.of("remembered"));
        }));
        JsonObject asked = round("remembers", new JsonObject(), null, null);
        assertThat(round("remembers", new JsonObject(), asked, "more").encode()).contains("remembered");
        assertThat(seen).hasSize(3).allMatch(Map.of("of", List.of(1))::equals);
    }
}
