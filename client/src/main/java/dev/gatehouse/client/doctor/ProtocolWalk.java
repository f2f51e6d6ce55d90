package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.shared.flight.Exchange;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Speaks each era of MCP with a token, or with none where the server needs none. */
final class ProtocolWalk {

    /** The last segment of a path where servers have the transport HTTP+SSE beside Streamable HTTP. */
    private static final String SSE = "sse";

    private final Recorder recorder;
    private final URI server;
    private final Optional<String> token;
    private final StreamWalk streams;

    /**
     * A walk at a server.
     *
     * @param token the value of the {@code Authorization} header
     * @param streamLimit the time for the head of a stream, and for each event that has to come at once
     */
    ProtocolWalk(Vertx vertx, Recorder recorder, URI server, Optional<String> token, Duration streamLimit) {
        this.recorder = recorder;
        this.server = server;
        this.token = token;
        this.streams = new StreamWalk(vertx, recorder, this::authorized, streamLimit);
    }

    Future<?> run() {
        return recorder.call(Step.INITIALIZE, authorized(McpRequests.initialize(server, McpRequests.STATEFUL)).with("Origin", Walk.BROWSER_ORIGIN))
            .compose(opened -> opened.result().isEmpty() ? Future.succeededFuture() : inSession(session(opened)))
            .compose(done -> recorder.call(Step.INITIALIZE_EARLIER, authorized(McpRequests.initialize(server, McpRequests.EARLIER))))
            .compose(opened -> end(session(opened)))
            .compose(done -> recorder.call(Step.DISCOVER, authorized(McpRequests.discover(server))))
            .compose(discovered -> isStateless(discovered) ? streams.subscription(server) : Future.succeededFuture())
            .compose(done -> streams.httpSse(server.resolve(server.getRawPath().isEmpty() ? "/" + SSE : SSE)));
    }

    private Future<?> inSession(Optional<String> session) {
        return recorder.call("mcp.initialized", authorized(McpRequests.initialized(server, session)))
            .compose(done -> recorder.call(Step.TOOLS, authorized(McpRequests.tools(server, session))))
            .compose(done -> streams.session(server, session)).compose(done -> end(session));
    }

    private static boolean isStateless(Exchange discovered) {
        return discovered.result().filter(result -> result.getValue("supportedVersions") instanceof JsonArray versions && versions.contains(McpRequests.STATELESS)).isPresent();
    }

    private static Optional<String> session(Exchange opened) {
        return opened.all("mcp-session-id").stream().findFirst();
    }

    private Future<?> end(Optional<String> session) {
        return session.<Future<?>>map(id -> recorder.call("mcp.end", authorized(McpRequests.end(server, session)))).orElseGet(Future::succeededFuture);
    }

    private HttpCall authorized(HttpCall call) {
        return token.map(value -> call.with("Authorization", value)).orElse(call);
    }
}
