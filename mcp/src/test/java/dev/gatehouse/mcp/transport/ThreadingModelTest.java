package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.support.EventReader;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.StatelessPeer;
import dev.gatehouse.mcp.support.TransportLimits;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** The transports in verticles of every threading model that this Java has. */
@Timeout(60)
@Tag("slow")
class ThreadingModelTest {

    private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger port = new AtomicInteger();
    private final List<McpHttpTransport> transports = new CopyOnWriteArrayList<>();
    private final List<SampleTools> tools = new CopyOnWriteArrayList<>();

    static Stream<ThreadingModel> models() {
        return Runtime.version().feature() < FIRST_WITH_VIRTUAL_THREADS ? Stream.of(ThreadingModel.EVENT_LOOP, ThreadingModel.WORKER)
            : Stream.of(ThreadingModel.EVENT_LOOP, ThreadingModel.WORKER, ThreadingModel.VIRTUAL_THREAD);
    }

    private void deploy(ThreadingModel model, int instances) {
        Waiting.on(vertx.deployVerticle(() -> new VerticleBase() {
            @Override
            public Future<?> start() {
                SampleServer security = new SampleServer();
                McpTransportOptions options = new TransportLimits().bodyBytes(5_000_000).sessions(100, 20).idleSeconds(10).keepAliveSeconds(1).queueBytes(4_000_000).callSeconds(2).options();
                SampleTools own = new SampleTools(vertx);
                tools.add(own);
                McpHttpTransport transport = new McpHttpTransport(vertx, own.features(), options, security, Clock.systemUTC());
                transports.add(transport);
                Router router = Router.router(vertx);
                router.route().handler(security::authenticate);
                transport.mount(router);
                return vertx.createHttpServer().requestHandler(router).listen(-1, "127.0.0.1").map(HttpServer::actualPort).onSuccess(port::set);
            }
        }, new DeploymentOptions().setThreadingModel(model).setInstances(instances)));
    }

    @AfterEach
    void stop() {
        Waiting.on(vertx.close());
    }

    @ParameterizedTest
    @MethodSource("models")
    void callsOfBothErasAreAnsweredWithAndWithoutAStream(ThreadingModel model) {
        deploy(model, 2);
        for (int i = 0; i < 5; i++) {
            StatelessPeer stateless = new StatelessPeer(vertx, port.get(), "alice");
            McpPeer stateful = Waiting.on(new McpPeer(vertx, port.get(), "alice").initialize());
            JsonObject text = new JsonObject().put("text", "hi");
            assertThat(Waiting.on(stateless.call("echo", text)).bodyAsString()).contains("alice:hi");
            assertThat(Waiting.on(stateful.call("echo", text)).bodyAsString()).contains("alice:hi");
            for (String tool : List.of("slow", "progress", "logs", "fails", "huge")) {
                assertThat(Waiting.on(stateless.call(tool, new JsonObject())).bodyAsString()).as(tool).contains("\"resultType\":\"complete\"");
                assertThat(Waiting.on(stateful.call(tool, new JsonObject())).bodyAsString()).as(tool).contains("\"result\"");
            }
            JsonObject reported = stateful.message("tools/call", new JsonObject().put("name", "progress")
                .put("_meta", new JsonObject().put("progressToken", 7)));
            assertThat(Waiting.on(stateful.post(reported.encode())).bodyAsString()).containsSubsequence("begun", "half", "done");
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void streamsOpenAreKeptAliveAndEnd(ThreadingModel model) throws Exception {
        deploy(model, 1);
        McpPeer alice = Waiting.on(new McpPeer(vertx, port.get(), "alice").initialize());
        EventReader sse = EventReader.open(vertx, port.get(), "/sse", "alice", null);
        String url = sse.next().data();
        JsonObject initialize = alice.message("initialize", McpPeer.INITIALIZE);
        assertThat(Waiting.on(alice.request(HttpMethod.POST, url).sendBuffer(initialize.toBuffer())).statusCode()).isEqualTo(202);
        assertThat(sse.nextMessage().getInteger("id")).isEqualTo(initialize.getInteger("id"));
        EventReader listening = EventReader.open(vertx, port.get(), "/mcp", "alice", alice.sessionId);
        assertThat(listening.nextComment()).isEqualTo(": ");
        assertThat(transports.get(0).openStreams()).isEqualTo(2);

        assertThat(Waiting.on(alice.request(HttpMethod.DELETE, "/mcp").send()).statusCode()).isEqualTo(204);
        listening.awaitEnd();
        sse.close();
        Eventually.holds(() -> transports.get(0).openStreams() == 0);
    }

    @ParameterizedTest
    @MethodSource("models")
    void aCallIsCancelledWhenItsClientLeavesAndGivenUpWhenItTakesTooLong(ThreadingModel model) throws Exception {
        deploy(model, 1);
        StatelessPeer peer = new StatelessPeer(vertx, port.get(), "alice");
        assertThat(Waiting.on(peer.call("pending", new JsonObject())).bodyAsString()).contains("no answer within 2 seconds");
        assertThat(Waiting.on(tools.get(0).cancelled.future())).isTrue();

        JsonObject listen = peer.message("subscriptions/listen", new JsonObject().put("notifications", new JsonObject()));
        EventReader subscription = EventReader.post(vertx, port.get(), "/mcp", "alice", Map.copyOf(StatelessPeer.headers(listen)), listen);
        subscription.nextMessage();
        Eventually.holds(() -> transports.get(0).requestsUnderWay() == 1);
        subscription.close();
        Eventually.holds(() -> transports.get(0).requestsUnderWay() == 0);
    }
}
