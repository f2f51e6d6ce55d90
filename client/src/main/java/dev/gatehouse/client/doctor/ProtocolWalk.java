package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.shared.flight.Exchange;
import io.vertx.core.Future;

import java.net.URI;
import java.util.Optional;

/** Speaks each era of MCP with a token, or with none where the server needs none. */
final class ProtocolWalk {

    private final Recorder recorder;
    private final URI server;
    private final Optional<String> token;

    /** @param token the value of the {@code Authorization} header */
    ProtocolWalk(Recorder recorder, URI server, Optional<String> token) {
        this.recorder = recorder;
        this.server = server;
        this.token = token;
    }

    Future<?> run() {
        return recorder.call(Step.INITIALIZE, authorized(McpRequests.initialize(server, McpRequests.STATEFUL)).with("Origin", Walk.BROWSER_ORIGIN))
            .compose(opened -> {
                Optional<String> session = session(opened);
                if (opened.result().isEmpty()) {
                    return Future.succeededFuture();
                }
                return recorder.call("mcp.initialized", authorized(McpRequests.initialized(server, session)))
                    .compose(done -> recorder.call(Step.TOOLS, authorized(McpRequests.tools(server, session)))).compose(done -> end(session));
            })
            .compose(done -> recorder.call(Step.INITIALIZE_EARLIER, authorized(McpRequests.initialize(server, McpRequests.EARLIER))))
            .compose(opened -> end(session(opened)))
            .compose(done -> recorder.call(Step.DISCOVER, authorized(McpRequests.discover(server))));
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
