package dev.gatehouse.shared.http;

import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/** Renders JSON answers: those that hold credentials or errors are never stored by a cache (RFC 6749 §5.1). */
public final class JsonResponse {

    private static final String JSON = "application/json;charset=UTF-8";

    private JsonResponse() {
    }

    /** Sends a document that no cache may keep. */
    public static Future<Void> sendPrivate(HttpServerResponse response, int status, JsonObject body) {
        return response.setStatusCode(status)
            .putHeader("Content-Type", JSON)
            .putHeader("Cache-Control", "no-store")
            .putHeader("Pragma", "no-cache")
            .end(body.toBuffer());
    }

    /** Sends a public document that caches may keep for a while. */
    public static Future<Void> sendPublic(HttpServerResponse response, int maxAgeSeconds, JsonObject body) {
        return response.putHeader("Content-Type", "application/json")
            .putHeader("Cache-Control", "public, max-age=" + maxAgeSeconds)
            .end(body.toBuffer());
    }

    /** Sends a refusal in the form of RFC 6749 §5.2. */
    public static Future<Void> sendError(HttpServerResponse response, OAuthException refusal) {
        return sendError(response, refusal.code(), refusal.description());
    }

    /** Sends an error in the form of RFC 6749 §5.2. */
    public static Future<Void> sendError(HttpServerResponse response, OAuthErrorCode code, String description) {
        return sendPrivate(response, code.status(),
            new JsonObject().put("error", code.wireName()).put("error_description", description));
    }
}
