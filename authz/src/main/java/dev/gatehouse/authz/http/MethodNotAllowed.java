package dev.gatehouse.authz.http;

import dev.gatehouse.shared.http.JsonResponse;
import dev.gatehouse.shared.http.RequestLog;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;

/** Answers unsupported methods with 405 (RFC 9110 §15.5.6). */
public final class MethodNotAllowed {

    private MethodNotAllowed() {
    }

    /** Call this after the handlers of the supported methods. @param allowed such as {@code GET, HEAD} */
    public static void elsewhere(Router router, String path, String allowed) {
        router.route(path).handler(context -> {
            RequestLog.reason(context, "allowed methods: " + allowed);
            context.response().putHeader("Allow", allowed);
            JsonResponse.sendPrivate(context.response(), 405, new JsonObject().put("error", "invalid_request")
                .put("error_description", "Method not allowed; allowed: " + allowed));
        });
    }
}
