package dev.gatehouse.authz.http;

import dev.gatehouse.shared.http.JsonResponse;
import dev.gatehouse.shared.http.RequestLog;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;

/** Answers the methods that a path does not have (RFC 9110 §15.5.6). */
public final class MethodNotAllowed {

    private MethodNotAllowed() {
    }

    /** To be called after the path's own methods were mounted. @param allowed as {@code GET, HEAD} */
    public static void elsewhere(Router router, String path, String allowed) {
        router.route(path).handler(context -> {
            RequestLog.reason(context, "only " + allowed + " are served here");
            context.response().putHeader("Allow", allowed);
            JsonResponse.sendPrivate(context.response(), 405, new JsonObject().put("error", "invalid_request")
                .put("error_description", "This address takes " + allowed));
        });
    }
}
