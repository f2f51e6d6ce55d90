package dev.gatehouse.mcp.support;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.time.Clock;

/** A server with the Streamable HTTP transport, and a client of it that has a session. */
public abstract class StreamableHttpCase {

    protected Vertx vertx;
    protected SampleTools tools;
    protected SampleServer server;
    protected McpPeer alice;

    @BeforeEach
    protected void start() throws Exception {
        vertx = Vertx.vertx();
        tools = new SampleTools(vertx);
        McpTransportOptions options = new TransportLimits().options();
        server = Waiting.on(SampleServer.start(vertx, tools.features(), options, Clock.systemUTC()));
        alice = Waiting.on(new McpPeer(vertx, server.port(), "alice").initialize());
    }

    @AfterEach
    protected void stop() throws Exception {
        server.transport.close();
        Waiting.on(vertx.close());
    }

    protected McpPeer newPeer(String token) {
        return new McpPeer(vertx, server.port(), token);
    }

    protected static JsonObject text(String text) {
        return new JsonObject().put("text", text);
    }

    protected static String resultText(HttpResponse<Buffer> response) {
        return response.bodyAsJsonObject().getJsonObject("result").getJsonArray("content").getJsonObject(0).getString("text");
    }
}
