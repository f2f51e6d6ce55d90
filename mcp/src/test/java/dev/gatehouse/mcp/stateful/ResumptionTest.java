package dev.gatehouse.mcp.stateful;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.mcp.support.EventReader;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.util.Map;
import java.util.Set;

/** Clients that lose a connection, or are told to let it go, and come back for the rest (2025-11-25). */
class ResumptionTest {

    private Vertx vertx;
    private SampleTools tools;
    private SampleServer server;
    private McpPeer alice;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        tools = new SampleTools(vertx);
        server = Waiting.on(SampleServer.start(vertx, tools.features(), McpTransportOptions.forHosts(Set.of()), Clock.systemUTC()));
        alice = Waiting.on(new McpPeer(vertx, server.port(), "alice").initialize());
    }

    @AfterEach
    void stop() throws Exception {
        Waiting.on(vertx.close());
    }

    private EventReader call(String tool) throws Exception {
        JsonObject message = alice.message("tools/call", new JsonObject().put("name", tool).put("arguments", new JsonObject())
            .put("_meta", new JsonObject().put("progressToken", "p")));
        return EventReader.post(vertx, server.port(), "/mcp", "alice", Map.of("Mcp-Session-Id", alice.sessionId), message);
    }

    private EventReader resume(String token, String session, String lastEvent) throws Exception {
        return EventReader.resume(vertx, server.port(), token, session, lastEvent);
    }

    private static String text(JsonObject response) {
        return response.getJsonObject("result").getJsonArray("content").getJsonObject(0).getString("text");
    }

    @Test
    void aStreamBeginsWithAnEventToComeBackWith() throws Exception {
        EventReader stream = call("progress");
        EventReader.Event first = stream.next();
        assertThat(first.data()).isEmpty();
        assertThat(first.id()).isNotEmpty();
        assertThat(stream.retry).isPositive();
        assertThat(stream.next().id()).isNotEqualTo(first.id());
    }

    @Test
    void aServerThatLetsGoIsComeBackToForTheAnswer() throws Exception {
        EventReader stream = call("leaves");
        String id = stream.next().id();
        stream.awaitEnd();

        EventReader again = resume("alice", alice.sessionId, id);
        assertThat(again.nextMessage().getString("method")).isEqualTo("notifications/progress");
        tools.pending.complete(ToolResult.of("late"));
        assertThat(text(again.nextMessage())).isEqualTo("late");
        again.awaitEnd();
    }

    @Test
    void anAnswerLargerThanIsKeptOtherwiseIsNotLost() throws Exception {
        EventReader stream = call("leaves");
        String id = stream.next().id();
        stream.awaitEnd();
        tools.pending.complete(ToolResult.of("x".repeat(300_000)));
        Waiting.on(alice.call("echo", new JsonObject().put("text", "meanwhile")));

        EventReader again = resume("alice", alice.sessionId, id);
        assertThat(text(again.nextMessage())).hasSize(300_000);
        again.awaitEnd();
    }

    @Test
    void onlyWhatCameBehindTheEventIsSentAgainAndOnlyOfItsStream() throws Exception {
        EventReader other = call("progress");
        other.awaitEnd();
        EventReader stream = call("progress");
        stream.next();
        stream.next();
        String second = stream.next().id();
        stream.awaitEnd();

        EventReader again = resume("alice", alice.sessionId, second);
        EventReader.Event last = again.next();
        assertThat(text(new JsonObject(last.data()))).isEqualTo("done");
        again.awaitEnd();
    }

    @Test
    void eventsAreNobodyElses() throws Exception {
        EventReader stream = call("leaves");
        String id = stream.next().id();
        McpPeer bob = Waiting.on(new McpPeer(vertx, server.port(), "bob").initialize());
        assertThatThrownBy(() -> resume("bob", alice.sessionId, id)).hasStackTraceContaining("status 404");
        assertThatThrownBy(() -> resume("bob", bob.sessionId, id)).hasStackTraceContaining("status 400");
        assertThatThrownBy(() -> resume("alice", alice.sessionId, "nonsense")).hasStackTraceContaining("status 400");

        EventReader again = resume("alice", alice.sessionId, id);
        tools.pending.complete(ToolResult.of("late"));
        again.nextMessage();
        assertThat(text(again.nextMessage())).isEqualTo("late");
    }

    @Test
    void clientsOfOlderRevisionsGetNoEventWithoutData() throws Exception {
        McpPeer older = new McpPeer(vertx, server.port(), "alice");
        String session = Waiting.on(older.send("initialize", McpPeer.INITIALIZE.copy().put("protocolVersion", "2025-06-18")))
            .getHeader("Mcp-Session-Id");
        JsonObject message = older.message("tools/call", new JsonObject().put("name", "progress").put("arguments", new JsonObject())
            .put("_meta", new JsonObject().put("progressToken", "p")));
        EventReader stream = EventReader.post(vertx, server.port(), "/mcp", "alice", Map.of("Mcp-Session-Id", session), message);
        assertThat(stream.nextMessage().getString("method")).isEqualTo("notifications/progress");
    }
}
