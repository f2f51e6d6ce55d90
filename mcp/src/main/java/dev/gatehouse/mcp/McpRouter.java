package dev.gatehouse.mcp;

import dev.gatehouse.mcp.feature.FeatureRegistry;
import dev.gatehouse.mcp.feature.Changes;
import dev.gatehouse.mcp.feature.McpFeatures;
import dev.gatehouse.mcp.transport.McpHttpTransport;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import dev.gatehouse.shared.secret.Sealer;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.List;

/**
 * An MCP server on a vertx-web {@link Router}, for every revision of the protocol: Streamable HTTP at {@code /mcp}, HTTP+SSE at {@code /sse}
 * and {@code /messages}.
 *
 * <pre>{@code
 * McpRouter mcp = McpRouter.named("calculator", "1.0.0")
 *     .tool(new AddTool())
 *     .protectedBy("https://auth.example", "https://calculator.example/mcp")
 *     .mount(vertx, router);
 * router.get("/report").handler(mcp.authentication()).handler(this::report);
 * }</pre>
 */
public final class McpRouter {

    private final McpHttpTransport transport;
    private final McpAccess access;

    McpRouter(Vertx vertx, Router router, McpFeatures features, McpTransportOptions options, McpAccess access, Sealer states, Clock clock) {
        this.access = access;
        this.transport = new McpHttpTransport(vertx, features, options, access.security(), states, clock);
        // The busiest routes come first, because a router tries its routes in order.
        for (String path : List.of(McpHttpTransport.STREAMABLE, McpHttpTransport.SSE, McpHttpTransport.MESSAGES)) {
            router.route(path).handler(transport.originGuard()).handler(access.authentication());
        }
        transport.mount(router);
        access.mount(router);
    }

    /**
     * Begins a server.
     *
     * @param name    machine name
     * @param version of the server
     * @return a builder
     */
    public static McpServerBuilder named(String name, String version) {
        return new McpServerBuilder(name, version);
    }

    /**
     * Begins a server that offers these features.
     *
     * @param features the features
     * @return a builder
     */
    public static McpServerBuilder serving(McpFeatures features) {
        return new McpServerBuilder(features);
    }

    /**
     * {@return the handler that authenticates requests to the MCP endpoints, for other routes that accept the same tokens} After it, {@link
     * RoutingContext#user()} is the user of the token, whose scopes vertx-auth-oauth2's {@code ScopeAuthorization} checks.
     */
    public Handler<RoutingContext> authentication() {
        return access.routeAuthentication();
    }

    /** {@return the publisher of changes to the clients that have subscribed} */
    public Changes changes() {
        return transport.changes();
    }

    /** {@return the features that the server offers} They may change while it runs. */
    public FeatureRegistry registry() {
        return transport.registry();
    }

    /** {@return the number of open streams of this instance} */
    public int openStreams() {
        return transport.openStreams();
    }

    /** {@return the number of sessions of all instances of this deployment} */
    public int openSessions() {
        return transport.openSessions();
    }

    /** {@return succeeds if access tokens can be validated now, and fails with the reason otherwise} For a health check. */
    public Future<Void> canValidate() {
        return access.canValidate();
    }

    /** Prepares the first request, which would otherwise be slow. */
    public void warmUp() {
        access.warmUp();
    }

    /** Ends the endless responses, so that the HTTP server can be closed in order: pending requests still get their responses. */
    public void endStreams() {
        transport.endStreams();
    }

    /** Ends the streams and, with the last instance, the sessions. To be called when the verticle stops. */
    public void close() {
        transport.close();
        access.close();
    }
}
