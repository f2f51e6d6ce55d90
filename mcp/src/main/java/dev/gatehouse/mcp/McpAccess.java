package dev.gatehouse.mcp;

import dev.gatehouse.mcp.transport.RequestSecurity;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Who may use an MCP server. */
interface McpAccess {

    /** Mounts what clients read before they have access. */
    void mount(Router router);

    /** Lets in who may come in, and answers who may not. */
    Handler<RoutingContext> authentication();

    /** The same before other routes than those of the transports. */
    default Handler<RoutingContext> routeAuthentication() {
        return authentication();
    }

    /** What is known of who has been let in. */
    RequestSecurity security();

    /** Whether callers can be told apart at this moment; fails with the reason when not. */
    default Future<Void> canValidate() {
        return Future.succeededFuture();
    }

    /** Does now what would otherwise slow down the first request. */
    default void warmUp() {
        // nothing to do
    }

    void close();
}
