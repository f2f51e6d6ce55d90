package dev.gatehouse.shared.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * Cross-origin access for endpoints that take their credentials in the request itself, so that any origin may call and
 * no cookie ever rides along. Never mounted on pages that a person's session protects.
 */
public final class Cors {

    private static final String HEADERS = "Authorization, Content-Type, Accept, DPoP, MCP-Protocol-Version, Mcp-Session-Id, Mcp-Method, Mcp-Name, Last-Event-ID";
    private static final String EXPOSED = "WWW-Authenticate, Mcp-Session-Id, DPoP-Nonce, Retry-After";

    private Cors() {
    }

    /**
     * Answers preflights on a path and marks its answers as readable from anywhere.
     *
     * @param methods what the preflight allows, as {@code GET, POST}
     */
    public static void allow(Router router, String path, String methods) {
        router.route(path).handler(anyOrigin());
        router.route(HttpMethod.OPTIONS, path).handler(context -> context.response()
            .putHeader("Access-Control-Allow-Methods", methods)
            .putHeader("Access-Control-Allow-Headers", HEADERS)
            .putHeader("Access-Control-Max-Age", "600")
            .setStatusCode(204).end());
    }

    private static Handler<RoutingContext> anyOrigin() {
        return context -> {
            context.response().putHeader("Access-Control-Allow-Origin", "*")
                .putHeader("Access-Control-Expose-Headers", EXPOSED);
            context.next();
        };
    }
}
