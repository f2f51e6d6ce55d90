package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.SteppingClock;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.mcp.support.EventReader;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.StatelessPeer;
import dev.gatehouse.mcp.support.TransportLimits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.Map;

/** Calls that take long: their connections, and what becomes of them when the token does not last as long. */
@Timeout(60)
@Tag("slow")
class LongCallTest {

    private static final int LIFETIME = 100;

    private final SteppingClock clock = new SteppingClock("2026-01-01T00:00:00Z");
    private Vertx vertx;
    private SampleTools tools;
    private SampleServer server;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        tools = new SampleTools(vertx);
        McpTransportOptions options = new TransportLimits().sessions(100, 20).idleSeconds(1_000).keepAliveSeconds(1).requestSeconds(30).queueBytes(100_000).callSeconds(50).options();
        server = Waiting.on(SampleServer.start(vertx, tools.features(), options, clock));
        server.expiresAt = clock.instant().getEpochSecond() + LIFETIME;
    }

    @AfterEach
    void stop() {
        server.transport.close();
        Waiting.on(vertx.close());
    }

    /** Calls a tool by a request of its own, and returns the stream that its answer has become. */
    private EventReader call(String era, String tool) throws Exception {
        JsonObject params = new JsonObject().put("name", tool).put("arguments", new JsonObject());
        if (era.equals("stateless")) {
            JsonObject message = new StatelessPeer(vertx, server.port(), "alice").message("tools/call", params);
            message.getJsonObject("params").getJsonObject("_meta").put("progressToken", 1);
            return EventReader.post(vertx, server.port(), "/mcp", "alice", StatelessPeer.headers(message), message);
        }
        McpPeer peer = Waiting.on(new McpPeer(vertx, server.port(), "alice").initialize());
        return EventReader.post(vertx, server.port(), "/mcp", "alice", Map.of("Mcp-Session-Id", peer.sessionId),
            peer.message("tools/call", params.put("_meta", new JsonObject().put("progressToken", 1))));
    }

    /** The next message. Some revisions begin a stream with an event that has none. */
    private static JsonObject message(EventReader stream) throws Exception {
        String data = stream.next().data();
        return data.isEmpty() ? message(stream) : new JsonObject(data);
    }

    private static JsonObject answer(EventReader stream) throws Exception {
        JsonObject message = message(stream);
        return message.containsKey("method") ? answer(stream) : message;
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateless", "stateful"})
    void aCallThatSaysNothingBecomesAStreamThatIsKeptAliveUntilItsAnswer(String era) throws Exception {
        EventReader silent = call(era, "pending");
        assertThat(silent.nextComment()).isEqualTo(": ");
        assertThat(silent.nextComment()).isEqualTo(": ");
        assertThat(tools.cancelled.future().isComplete()).isFalse();

        tools.pending.complete(ToolResult.of("at last"));
        assertThat(answer(silent).encode()).contains("at last");
        silent.awaitEnd();
    }

    @Test
    void aCallThatSaysNothingToAClientOfJsonAloneIsKeptAliveToo() throws Exception {
        McpPeer peer = Waiting.on(new McpPeer(vertx, server.port(), "alice").initialize());
        JsonObject call = peer.message("tools/call", new JsonObject().put("name", "pending"));
        Future<HttpResponse<Buffer>> answer = peer.request(HttpMethod.POST, "/mcp").putHeader("Accept", "application/json")
            .sendBuffer(call.toBuffer());
        Waiting.on(tools.begun.future());
        Waiting.on(vertx.timer(2_500));
        tools.pending.complete(ToolResult.of("at last"));

        assertThat(Waiting.on(answer).getHeader("Content-Type")).isEqualTo("application/json");
        assertThat(Waiting.on(answer).bodyAsString()).startsWith("  {");
        assertThat(Waiting.on(answer).bodyAsJsonObject().encode()).contains("at last");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateless", "stateful"})
    void aCallUnderWayHasItsAnswerThoughItsTokenExpires(String era) throws Exception {
        EventReader call = call(era, "reports");
        assertThat(message(call).getString("method")).isEqualTo("notifications/progress");
        clock.advance(Duration.ofSeconds(LIFETIME + 1));
        server.revoked.add("alice");
        // It is looked at once a second, and looked after still.
        assertThat(call.nextComment()).isEqualTo(": ");
        assertThat(call.nextComment()).isEqualTo(": ");

        tools.pending.complete(ToolResult.of("at last"));
        assertThat(answer(call).encode()).contains("at last");
        call.awaitEnd();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateless", "stateful"})
    void aCallUnderWayIsToldThatItsTokenHasBeenRevokedAndItsToolThatItIsCancelled(String era) throws Exception {
        EventReader call = call(era, "reports");
        assertThat(message(call).getString("method")).isEqualTo("notifications/progress");
        server.revoked.add("alice");

        assertThat(answer(call).getJsonObject("error").getString("message")).isEqualTo("The access token has been revoked");
        call.awaitEnd();
        assertThat(Waiting.on(tools.cancelled.future())).isTrue();
    }

    @Test
    void aStreamOfTheFirstEraEndsWithItsTokenButNotBeforeTheAnswersUnderWay() throws Exception {
        EventReader idle = EventReader.open(vertx, server.port(), "/sse", "alice", null);
        EventReader busy = EventReader.open(vertx, server.port(), "/sse", "alice", null);
        McpPeer peer = new McpPeer(vertx, server.port(), "alice");
        String url = busy.next().data();
        post(peer, url, peer.message("initialize", McpPeer.INITIALIZE));
        busy.nextMessage();
        post(peer, url, peer.message("tools/call", new JsonObject().put("name", "pending")));
        Waiting.on(tools.begun.future());

        clock.advance(Duration.ofSeconds(LIFETIME + 1));
        idle.awaitEnd();
        assertThat(busy.ended.isComplete()).isFalse();
        tools.pending.complete(ToolResult.of("at last"));
        assertThat(answer(busy).encode()).contains("at last");
        busy.awaitEnd();
    }

    private static void post(McpPeer peer, String url, JsonObject message) {
        assertThat(Waiting.on(peer.request(HttpMethod.POST, url).sendBuffer(message.toBuffer())).statusCode()).isEqualTo(202);
    }

    @Test
    void aSubscriptionEndsInOrderWhenItsTokenExpires() throws Exception {
        JsonObject listen = new StatelessPeer(vertx, server.port(), "alice")
            .message("subscriptions/listen", new JsonObject().put("notifications", new JsonObject()));
        EventReader subscription = EventReader.post(vertx, server.port(), "/mcp", "alice", StatelessPeer.headers(listen), listen);
        subscription.nextMessage();

        clock.advance(Duration.ofSeconds(LIFETIME + 1));
        assertThat(answer(subscription).getJsonObject("result").getString("resultType")).isEqualTo("complete");
        subscription.awaitEnd();
    }
}
