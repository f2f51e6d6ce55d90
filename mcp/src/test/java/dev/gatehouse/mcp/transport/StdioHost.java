package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.feature.McpFeatures;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Plays the MCP host at the other end of the two streams. */
final class StdioHost {

    final Future<Void> ended;
    private final PipedOutputStream toServer = new PipedOutputStream();
    private final BufferedReader fromServer;

    StdioHost(Vertx vertx, McpFeatures features, Supplier<Future<Caller>> callers) throws IOException {
        this(vertx, features, callers, new TransportLimits().bodyBytes(10_000).sessions(10, 10).options());
    }

    StdioHost(Vertx vertx, McpFeatures features, Supplier<Future<Caller>> callers, McpTransportOptions options) throws IOException {
        PipedInputStream input = new PipedInputStream(toServer, 1 << 20);
        PipedInputStream output = new PipedInputStream(1 << 22);
        ended = new StdioTransport(vertx, features, options, input, new PipedOutputStream(output), callers, Clock.systemUTC()).run();
        fromServer = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8));
    }

    void write(String line) throws IOException {
        write(line.getBytes(StandardCharsets.UTF_8));
    }

    void write(byte[] line) throws IOException {
        toServer.write(line);
        toServer.write('\n');
        toServer.flush();
    }

    void request(Object id, String method, JsonObject params) throws IOException {
        write(new JsonObject().put("jsonrpc", "2.0").put("id", id).put("method", method).put("params", params).encode());
    }

    void call(Object id, String tool, JsonObject arguments) throws IOException {
        request(id, "tools/call", new JsonObject().put("name", tool).put("arguments", arguments));
    }

    JsonObject read() throws IOException {
        return new JsonObject(fromServer.readLine());
    }

    List<JsonObject> read(int count) throws IOException {
        List<JsonObject> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(read());
        }
        return messages;
    }

    boolean hasNothingMore() throws IOException {
        return !fromServer.ready();
    }

    JsonObject initialize() throws IOException {
        request("init", "initialize", McpPeer.INITIALIZE);
        JsonObject answer = read();
        write("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        return answer;
    }

    void end() throws IOException {
        toServer.close();
    }
}
