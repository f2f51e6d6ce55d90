package dev.gatehouse.mcp;

import dev.gatehouse.mcp.transport.RequestSecurity;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Decides which callers may use an MCP server. */
interface McpAccess {

    /** Mounts what clients read before they have access. */
    void mount(Router router);

    /** Lets in who may come in, and answers who may not. */
    Handler<RoutingContext> authentication();

    /** The same before other routes than those of the transports. */
    default Handler<RoutingContext> routeAuthentication() {
        return authentication();
    }

    /** The authenticated callers of requests. */
    RequestSecurity security();

    /** Succeeds if callers can be authenticated now; fails with the reason otherwise. */
    default Future<Void> canValidate() {
        return Future.succeededFuture();
    }

    /** Does now what would otherwise slow down the first request. */
    default void warmUp() {
        // nothing to do
    }

    void close();
}
