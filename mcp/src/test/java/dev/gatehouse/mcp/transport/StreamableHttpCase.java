package dev.gatehouse.mcp.transport;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.time.Clock;
import java.util.concurrent.TimeUnit;

/** A server with the Streamable HTTP transport, and a client of it that has a session. */
abstract class StreamableHttpCase {

    Vertx vertx;
    SampleTools tools;
    SampleServer server;
    McpPeer alice;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        tools = new SampleTools(vertx);
        McpTransportOptions options = new TransportLimits().options();
        server = await(SampleServer.start(vertx, tools.features(), options, Clock.systemUTC()));
        alice = await(new McpPeer(vertx, server.port(), "alice").initialize());
    }

    @AfterEach
    void stop() throws Exception {
        server.transport.close();
        await(vertx.close());
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    McpPeer newPeer(String token) {
        return new McpPeer(vertx, server.port(), token);
    }

    static JsonObject text(String text) {
        return new JsonObject().put("text", text);
    }

    static String resultText(HttpResponse<Buffer> response) {
        return response.bodyAsJsonObject().getJsonObject("result").getJsonArray("content").getJsonObject(0).getString("text");
    }
}
