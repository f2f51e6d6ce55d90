package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.support.EventReader;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.StatelessPeer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.util.Map;
import java.util.Set;

/** A client that leaves while its token is being looked at leaves nothing behind. */
class EarlyLeaverTest {

    private static final JsonObject LISTEN = new JsonObject().put("notifications", new JsonObject().put("toolsListChanged", true));

    private Vertx vertx;
    private SampleTools tools;
    private SampleServer server;
    private McpPeer alice;
    private StatelessPeer stateless;
    private HttpClient client;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        tools = new SampleTools(vertx);
        server = Waiting.on(SampleServer.start(vertx, tools.features(), McpTransportOptions.forHosts(Set.of()), Clock.systemUTC()));
        alice = Waiting.on(new McpPeer(vertx, server.port(), "alice").initialize());
        client = vertx.createHttpClient();
        stateless = new StatelessPeer(vertx, server.port(), "alice");
    }

    @AfterEach
    void stop() {
        Waiting.on(vertx.close());
    }

    private RequestOptions request(HttpMethod method, String path) {
        return new RequestOptions().setHost("127.0.0.1").setPort(server.port()).setMethod(method).setURI(path)
            .putHeader("Authorization", "Bearer alice").putHeader("Content-Type", "application/json")
            .putHeader("Accept", "text/event-stream, application/json");
    }

    private RequestOptions request(JsonObject message) {
        RequestOptions post = request(HttpMethod.POST, "/mcp");
        StatelessPeer.headers(message).forEach(post::putHeader);
        return post;
    }

    /** Sends a request, and hangs up before the server knows who asks. Returns when the server has done with it. */
    private void leaveEarly(RequestOptions options, JsonObject body) {
        Promise<RoutingContext> asked = Promise.promise();
        Promise<Void> left = Promise.promise();
        server.check = context -> {
            server.check = others -> Future.succeededFuture();
            context.request().connection().closeHandler(closed -> left.complete());
            asked.complete(context);
            return left.future();
        };
        HttpClientRequest request = Waiting.on(client.request(options));
        request.send(body == null ? "" : body.encode());
        Waiting.on(asked.future());
        request.connection().close();
        Waiting.on(left.future());
        // On the event loop of the one before, and behind it.
        assertThat(Waiting.on(alice.call("echo", new JsonObject().put("text", "hi"))).statusCode()).isEqualTo(200);
    }

    @Test
    void listeningOfASession() throws Exception {
        RequestOptions get = request(HttpMethod.GET, "/mcp").putHeader("Mcp-Session-Id", alice.sessionId);
        leaveEarly(get, null);
        assertThat(server.transport.openStreams()).isZero();

        EventReader.open(vertx, server.port(), "/mcp", "alice", alice.sessionId);
        assertThat(server.transport.openStreams()).isOne();
    }

    @Test
    void streamOfTheFirstEra() throws Exception {
        leaveEarly(request(HttpMethod.GET, "/sse"), null);
        assertThat(server.transport.openStreams()).isZero();
        assertThat(server.transport.openSessions()).as("that of the bystander").isOne();

        EventReader.open(vertx, server.port(), "/sse", "alice", null);
        assertThat(server.transport.openStreams()).isOne();
        assertThat(server.transport.openSessions()).isEqualTo(2);
    }

    @Test
    void initialize() {
        leaveEarly(request(HttpMethod.POST, "/mcp"), alice.message("initialize", McpPeer.INITIALIZE));
        assertThat(server.transport.openSessions()).as("that of the bystander").isOne();

        Waiting.on(new McpPeer(vertx, server.port(), "alice").initialize());
        assertThat(server.transport.openSessions()).isEqualTo(2);
    }

    @Test
    void subscription() throws Exception {
        JsonObject listen = stateless.message("subscriptions/listen", LISTEN);
        leaveEarly(request(listen), listen);
        assertThat(server.transport.openStreams()).isZero();
        assertThat(server.transport.requestsUnderWay()).isZero();

        EventReader.post(vertx, server.port(), "/mcp", "alice", StatelessPeer.headers(listen), listen);
        assertThat(server.transport.openStreams()).isOne();
        assertThat(server.transport.requestsUnderWay()).isOne();
    }

    @Test
    void callOfTheStatelessEraIsNotBegun() {
        JsonObject call = stateless.message("tools/call", StatelessPeer.call("pending", new JsonObject(), new JsonObject()));
        leaveEarly(request(call), call);
        assertThat(tools.begun.future().isComplete()).isFalse();

        stateless.call("pending", new JsonObject());
        Waiting.on(tools.begun.future());
    }

    @Test
    void callOfASessionThatSaysSomethingBeforeItsAnswer() throws Exception {
        JsonObject call = alice.message("tools/call", new JsonObject().put("name", "progress")
            .put("_meta", new JsonObject().put("progressToken", 1)));
        leaveEarly(request(HttpMethod.POST, "/mcp").putHeader("Mcp-Session-Id", alice.sessionId), call);
        assertThat(server.transport.openStreams()).isZero();

        EventReader again = EventReader.post(vertx, server.port(), "/mcp", "alice", Map.of("Mcp-Session-Id", alice.sessionId), call);
        again.next();
        assertThat(again.nextMessage().getString("method")).isEqualTo("notifications/progress");
    }
}
