package dev.gatehouse.resource.transport;

import dev.gatehouse.resource.protocol.McpFeatures;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;

/** Serves MCP over HTTP on a router: Streamable HTTP at {@code /mcp}, HTTP+SSE at {@code /sse} and {@code /messages}. */
public final class McpHttpTransport {

    public McpHttpTransport(Vertx vertx, McpFeatures features, McpTransportOptions options, RequestSecurity security, Clock clock) {
    }

    /** Refuses foreign {@code Origin} and {@code Host} headers. Belongs before authentication on every route of the server. */
    public Handler<RoutingContext> originGuard() {
        return RoutingContext::next;
    }

    /** Mounts the three paths. Authentication must have been mounted on them already. */
    public void mount(Router router) {
        router.route("/mcp").handler(context -> context.fail(501));
    }
}
