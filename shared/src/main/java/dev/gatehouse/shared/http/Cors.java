package dev.gatehouse.shared.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * Cross-origin access for endpoints whose credentials are in the request itself. Any origin may call them, and no cookie is
 * sent. Never use it for pages that depend on a browser session. The CORS handler of vertx-web adds its headers only to requests with
 * an {@code Origin}; the documents of these endpoints are cached, so that every response needs them.
 */
public final class Cors {

    private static final String HEADERS = "Authorization, Content-Type, Accept, DPoP, MCP-Protocol-Version, Mcp-Session-Id, Mcp-Method, Mcp-Name, Last-Event-ID";
    private static final String EXPOSED = "WWW-Authenticate, Mcp-Session-Id, DPoP-Nonce, Retry-After";

    private Cors() {
    }

    /**
     * Answers preflight requests on a path and allows any origin to read its responses.
     *
     * @param router the router
     * @param path the path
     * @param methods the allowed methods, such as {@code GET, POST}
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
