package dev.gatehouse.mcp.support;

import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.feature.McpFeatures;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import dev.gatehouse.mcp.transport.StdioTransport;
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
public final class StdioHost {

    public final Future<Void> ended;
    private final PipedOutputStream toServer = new PipedOutputStream();
    private final BufferedReader fromServer;

    public StdioHost(Vertx vertx, McpFeatures features, Supplier<Future<Caller>> callers) throws IOException {
        this(vertx, features, callers, new TransportLimits().bodyBytes(10_000).sessions(10, 10).options());
    }

    public StdioHost(Vertx vertx, McpFeatures features, Supplier<Future<Caller>> callers, McpTransportOptions options) throws IOException {
        PipedInputStream input = new PipedInputStream(toServer, 1 << 20);
        PipedInputStream output = new PipedInputStream(1 << 22);
        ended = new StdioTransport(vertx, features, options, input, new PipedOutputStream(output), callers, Clock.systemUTC()).run();
        fromServer = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8));
    }

    public void write(String line) throws IOException {
        write(line.getBytes(StandardCharsets.UTF_8));
    }

    public void write(byte[] line) throws IOException {
        toServer.write(line);
        toServer.write('\n');
        toServer.flush();
    }

    public void request(Object id, String method, JsonObject params) throws IOException {
        write(new JsonObject().put("jsonrpc", "2.0").put("id", id).put("method", method).put("params", params).encode());
    }

    public void call(Object id, String tool, JsonObject arguments) throws IOException {
        request(id, "tools/call", new JsonObject().put("name", tool).put("arguments", arguments));
    }

    public JsonObject read() throws IOException {
        return new JsonObject(fromServer.readLine());
    }

    public List<JsonObject> read(int count) throws IOException {
        List<JsonObject> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(read());
        }
        return messages;
    }

    public boolean hasNothingMore() throws IOException {
        return !fromServer.ready();
    }

    public JsonObject initialize() throws IOException {
        request("init", "initialize", McpPeer.INITIALIZE);
        JsonObject answer = read();
        write("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        return answer;
    }

    public void end() throws IOException {
        toServer.close();
    }
}
