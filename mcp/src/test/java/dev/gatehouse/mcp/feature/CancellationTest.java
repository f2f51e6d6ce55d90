package dev.gatehouse.mcp.feature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.StatelessPeer;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.util.Set;

/** A tool learns, on the context of its call, that the client no longer waits for it, for each possible reason. */
class CancellationTest {

    private Vertx vertx;
    private SampleTools tools;
    private SampleServer server;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        tools = new SampleTools(vertx);
        server = Waiting.on(SampleServer.start(vertx, tools.features(), McpTransportOptions.forHosts(Set.of()), Clock.systemUTC()));
    }

    @AfterEach
    void stop() {
        Waiting.on(vertx.close());
    }

    private McpPeer stateful() {
        return Waiting.on(new McpPeer(vertx, server.port(), "alice").initialize());
    }

    private void requireCancelledWhereItRan() {
        assertThat(Waiting.on(tools.cancelled.future())).isTrue();
    }

    @Test
    void notificationOfASessionReachesTheTool() {
        McpPeer alice = stateful();
        JsonObject call = alice.message("tools/call", new JsonObject().put("name", "pending"));
        alice.post(call.encode());
        Waiting.on(tools.begun.future());
        JsonObject cancel = new JsonObject().put("jsonrpc", "2.0").put("method", "notifications/cancelled")
            .put("params", new JsonObject().put("requestId", call.getInteger("id")));

        assertThat(Waiting.on(alice.post(cancel.encode())).statusCode()).isEqualTo(202);
        requireCancelledWhereItRan();
    }

    @Test
    void endOfTheSessionReachesTheTool() {
        McpPeer alice = stateful();
        alice.call("pending", new JsonObject());
        Waiting.on(tools.begun.future());

        assertThat(Waiting.on(alice.request(HttpMethod.DELETE, "/mcp").send()).statusCode()).isEqualTo(204);
        requireCancelledWhereItRan();
    }

    @Test
    void clientThatHangsUpReachesTheToolOfTheStatelessEra() {
        HttpClient client = vertx.createHttpClient(new HttpClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(server.port()));
        StatelessPeer peer = new StatelessPeer(vertx, server.port(), "alice");
        JsonObject call = peer.message("tools/call", StatelessPeer.call("pending", new JsonObject(), new JsonObject()));
        HttpClientRequest request = Waiting.on(client.request(HttpMethod.POST, "/mcp"));
        StatelessPeer.headers(call).forEach(request::putHeader);
        request.putHeader("Authorization", "Bearer alice").putHeader("Content-Type", "application/json")
            .putHeader("Accept", "application/json, text/event-stream").send(call.toBuffer());
        Waiting.on(tools.begun.future());

        request.connection().close();
        requireCancelledWhereItRan();
    }

    @Test
    void callThatEndsIsNotCancelled() {
        McpPeer alice = stateful();
        StatelessPeer stateless = new StatelessPeer(vertx, server.port(), "alice");
        Future<HttpResponse<Buffer>> first = alice.call("pending", new JsonObject());
        Future<HttpResponse<Buffer>> second = stateless.call("pending", new JsonObject());
        tools.pending.complete(ToolResult.of("done"));
        assertThat(Waiting.on(first).bodyAsString()).contains("done");
        assertThat(Waiting.on(second).bodyAsString()).contains("done");

        assertThat(Waiting.on(alice.request(HttpMethod.DELETE, "/mcp").send()).statusCode()).isEqualTo(204);
        assertThat(Waiting.on(stateless.call("open", new JsonObject())).statusCode()).isEqualTo(200);
        assertThat(tools.cancelled.future().isComplete()).isFalse();
    }
}
