package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.StatelessPeer;
import dev.gatehouse.mcp.support.StreamableHttpCase;
import dev.gatehouse.mcp.support.TransportLimits;
import dev.gatehouse.shared.http.HeldMemory;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** Bodies that never end, and messages that take much memory, of one user do not keep others from being served. */
class HeldMemoryOfMessagesTest {

    private static final int BODY = 100_000;

    private final Queue<String> refusals = new ConcurrentLinkedQueue<>();
    private Vertx vertx;
    /** Held, because a client that is garbage closes its connections. */
    private NetClient heldClient;
    private HeldMemory memory;
    private SampleTools tools;
    private SampleServer server;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        heldClient = vertx.createNetClient();
        memory = HeldMemory.of(vertx, 10 * BODY);
        tools = new SampleTools(vertx);
        McpTransportOptions options = new TransportLimits().bodyBytes(BODY).requestSeconds(60).options();
        server = Waiting.on(SampleServer.start(vertx, tools.features(), options, Clock.systemUTC()));
    }

    @AfterEach
    void stop() throws Exception {
        server.transport.close();
        Waiting.on(vertx.close());
    }

    private NetSocket unfinished(String user) throws Exception {
        NetSocket socket = Waiting.on(heldClient.connect(server.port(), "127.0.0.1"));
        socket.handler(answer -> refusals.add(answer.toString()));
        socket.write("POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + user + "\r\nContent-Type: application/json\r\n"
            + "Accept: application/json\r\nContent-Length: " + BODY + "\r\n\r\n" + "[".repeat(BODY - 10_000));
        return socket;
    }

    @Test
    void bodiesThatNeverEndAreRefusedBeyondTheirShareAndOthersAreServed() throws Exception {
        List<NetSocket> sockets = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sockets.add(unfinished("greedy"));
        }
        Eventually.holds(() -> refusals.size() == 15);
        assertThat(refusals).allSatisfy(answer -> assertThat(answer).startsWith("HTTP/1.1 503 ").containsIgnoringCase("retry-after: 2"));
        assertThat(memory.held()).isBetween(4L * BODY, 5L * BODY);

        StatelessPeer bob = new StatelessPeer(vertx, server.port(), "bob");
        JsonObject large = new JsonObject().put("text", "x".repeat(BODY - 10_000));
        assertThat(Waiting.on(bob.call("echo", large)).bodyAsString()).contains("Invalid arguments");
        assertThat(Waiting.on(new StatelessPeer(vertx, server.port(), "greedy").call("open", new JsonObject())).statusCode())
            .as("a small one of the same user").isEqualTo(200);

        sockets.forEach(NetSocket::close);
        Eventually.holds(() -> memory.held() == 0);
        assertThat(Waiting.on(new StatelessPeer(vertx, server.port(), "greedy").call("echo", large)).statusCode()).isEqualTo(200);
        Eventually.holds(() -> memory.held() == 0);
    }

    @Test
    void aMessageHoldsItsMemoryUntilItsToolHasAnsweredAndThenNone() throws Exception {
        StatelessPeer alice = new StatelessPeer(vertx, server.port(), "alice");
        var answered = alice.call("pending", new JsonObject().put("text", "x".repeat(50_000)));
        Waiting.on(tools.begun.future());
        assertThat(memory.held()).isBetween(50_000L, 60_000L);
        tools.pending.complete(dev.gatehouse.mcp.api.ToolResult.of("done"));
        assertThat(Waiting.on(answered).statusCode()).isEqualTo(200);
        Eventually.holds(() -> memory.held() == 0);
    }

    @Test
    void refusedMessagesOfEveryKindHoldNothingAfterwards() throws Exception {
        McpPeer alice = Waiting.on(new McpPeer(vertx, server.port(), "alice").initialize());
        StatelessPeer stateless = new StatelessPeer(vertx, server.port(), "alice");
        List<Supplier<io.vertx.core.Future<HttpResponse<Buffer>>>> requests = List.of(
            () -> alice.post("nonsense"), () -> alice.post("[" + "7,".repeat(10_000) + "7]"), () -> alice.post("x".repeat(BODY + 1)),
            () -> alice.call("nonesuch", new JsonObject()), () -> alice.call("echo", new JsonObject().put("text", 5)),
            () -> new McpPeer(vertx, server.port(), "alice:mcp:none").withSession(alice.sessionId).call("echo", new JsonObject().put("text", "hi")),
            () -> stateless.call("trip", new JsonObject().put("text", "x".repeat(80_000))), () -> stateless.call("throws", new JsonObject()),
            () -> stateless.call("echo", new JsonObject().put("list", new JsonArray().add("y".repeat(70_000)))),
            () -> alice.post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"), () -> alice.call("progress", new JsonObject()));
        for (int i = 0; i < requests.size(); i++) {
            int status = Waiting.on(requests.get(i).get()).statusCode();
            assertThat(status).as("request %d", i).isLessThan(500);
            Eventually.holds(() -> memory.held() == 0);
        }
    }
}
