package dev.gatehouse.mcp.support;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.feature.McpFeatures;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** A way to call tools, for what has to hold on every one. */
public interface Wire {

    /** The wires of a server, by name. */
    enum Kind { STREAMABLE_HTTP, STATELESS_HTTP, HTTP_SSE, STDIO, STATELESS_STDIO }

    /**
     * Calls a tool as alice, with both scopes.
     *
     * @return every message that came until the call was answered, the answer being the last
     */
    List<JsonObject> call(int id, String tool, JsonObject arguments) throws Exception;

    static Wire of(Kind kind, Vertx vertx, McpFeatures features, McpTransportOptions options) throws Exception {
        return switch (kind) {
            case STREAMABLE_HTTP -> streamable(new McpPeer(vertx, serve(vertx, features, options), "alice"));
            case STATELESS_HTTP -> stateless(new StatelessPeer(vertx, serve(vertx, features, options), "alice"));
            case HTTP_SSE -> sse(vertx, serve(vertx, features, options));
            case STDIO -> stdio(host(vertx, features, options));
            case STATELESS_STDIO -> statelessStdio(host(vertx, features, options));
        };
    }

    private static int serve(Vertx vertx, McpFeatures features, McpTransportOptions options) throws Exception {
        return Waiting.on(SampleServer.start(vertx, features, options, Clock.systemUTC())).port();
    }

    private static StdioHost host(Vertx vertx, McpFeatures features, McpTransportOptions options) throws IOException {
        Caller alice = new Principal("http://issuer", "alice", "client", Set.of("mcp:read", "mcp:write"), SampleServer.NEVER, new JsonObject());
        return new StdioHost(vertx, features, () -> Future.succeededFuture(alice), options);
    }

    private static Wire streamable(McpPeer peer) throws Exception {
        Waiting.on(peer.initialize());
        return (id, tool, arguments) -> messages(Waiting.on(peer.post(message(id, tool, arguments).encode())));
    }

    private static Wire stateless(StatelessPeer peer) {
        return (id, tool, arguments) -> {
            JsonObject message = peer.message("tools/call", StatelessPeer.call(tool, arguments, new JsonObject())).put("id", id);
            return messages(Waiting.on(peer.send(message, StatelessPeer.headers(message))));
        };
    }

    private static Wire sse(Vertx vertx, int port) throws Exception {
        EventReader events = EventReader.open(vertx, port, "/sse", "alice", null);
        McpPeer peer = new McpPeer(vertx, port, "alice");
        String url = events.next().data();
        Waiting.on(peer.request(HttpMethod.POST, url).sendBuffer(peer.message("initialize", McpPeer.INITIALIZE).toBuffer()));
        events.nextMessage();
        return (id, tool, arguments) -> {
            Waiting.on(peer.request(HttpMethod.POST, url).sendBuffer(message(id, tool, arguments).toBuffer()));
            return until(id, events::nextMessage);
        };
    }

    private static Wire stdio(StdioHost host) throws Exception {
        host.initialize();
        return (id, tool, arguments) -> {
            host.call(id, tool, arguments);
            return until(id, host::read);
        };
    }

    private static Wire statelessStdio(StdioHost host) {
        return (id, tool, arguments) -> {
            host.request(id, "tools/call", StatelessPeer.call(tool, arguments, new JsonObject().put("_meta", StatelessPeer.meta())));
            return until(id, host::read);
        };
    }

    private static JsonObject message(int id, String tool, JsonObject arguments) {
        return new JsonObject().put("jsonrpc", "2.0").put("id", id).put("method", "tools/call")
            .put("params", new JsonObject().put("name", tool).put("arguments", arguments));
    }

    private static List<JsonObject> messages(HttpResponse<Buffer> response) {
        String body = response.bodyAsString();
        return response.getHeader("Content-Type").startsWith("application/json") ? List.of(new JsonObject(body))
            : body.lines().filter(line -> line.startsWith("data: {")).map(line -> new JsonObject(line.substring(6))).toList();
    }

    private static List<JsonObject> until(int id, Callable<JsonObject> source) throws Exception {
        List<JsonObject> messages = new ArrayList<>();
        do {
            messages.add(source.call());
        } while (!Integer.valueOf(id).equals(messages.get(messages.size() - 1).getValue("id")));
        return messages;
    }
}
