package dev.gatehouse.shared.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Answers unsupported methods with 405 (RFC 9110 §15.5.6) and unknown paths with 404, in the same form at both servers. */
public final class UnservedRequests {

    private UnservedRequests() {
    }

    /**
     * Answers other methods of a path with 405. Call this after the handlers of the supported methods.
     *
     * @param router the router
     * @param path the path
     * @param allowed such as {@code GET, HEAD}
     */
    public static void allowOnly(Router router, String path, String allowed) {
        router.route(path).handler(context -> sendMethodNotAllowed(context, allowed));
    }

    /**
     * Sends 405.
     *
     * @param context the context of the request
     * @param allowed such as {@code GET, HEAD}
     */
    public static void sendMethodNotAllowed(RoutingContext context, String allowed) {
        RequestLog.reason(context, "allowed methods: " + allowed);
        context.response().putHeader(HttpHeaders.ALLOW, allowed);
        send(context, 405, "invalid_request", "Method not allowed; allowed: " + allowed);
    }

    /**
     * Answers all requests without another route with 404.
     *
     * @param root the router of the host
     */
    public static void orNotFound(Router root) {
        root.route().last().handler(context -> send(context, 404, "not_found", "Not found"));
    }

    private static void send(RoutingContext context, int status, String error, String description) {
        JsonResponse.sendError(context, status, error, description);
    }
}
