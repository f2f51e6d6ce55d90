package dev.gatehouse.shared.http;

import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Sends JSON responses. Responses with credentials or errors are never cached (RFC 6749 §5.1). */
public final class JsonResponse {

    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json;charset=UTF-8");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence PRAGMA = HttpHeaders.createOptimized("Pragma");
    private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");

    private JsonResponse() {
    }

    /**
     * Sends a document that must not be cached.
     *
     * @param context the context of the request
     * @param status the HTTP status
     * @param body the document
     * @return completes when the response is written
     */
    public static Future<Void> sendPrivate(RoutingContext context, int status, JsonObject body) {
        return sendPrivate(context, status, body.toBuffer());
    }

    /**
     * Sends an encoded document that must not be cached.
     *
     * @param context the context of the request
     * @param status the HTTP status
     * @param body the encoded document
     * @return completes when the response is written
     */
    public static Future<Void> sendPrivate(RoutingContext context, int status, Buffer body) {
        CapturedBodies.answer(context, body);
        return context.response().setStatusCode(status)
            .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
            .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
            .putHeader(PRAGMA, NO_CACHE)
            .end(body);
    }

    /**
     * Sends a document of another media type, such as a JWT, that must not be cached.
     *
     * @param contentType the media type
     * @param context the context of the request
     * @param body the document
     * @return completes when the response is written
     */
    public static Future<Void> sendPrivateAs(String contentType, RoutingContext context, Buffer body) {
        return context.response().putHeader(HttpHeaders.CONTENT_TYPE, contentType)
            .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
            .putHeader(PRAGMA, NO_CACHE)
            .end(body);
    }

    /**
     * Sends a public document with {@code max-age}.
     *
     * @param context the context of the request
     * @param maxAgeSeconds the time for which caches may keep it
     * @param body the document
     * @return completes when the response is written
     */
    public static Future<Void> sendPublic(RoutingContext context, int maxAgeSeconds, JsonObject body) {
        Buffer document = body.toBuffer();
        CapturedBodies.answer(context, document);
        return context.response().putHeader("Content-Type", "application/json")
            .putHeader("Cache-Control", "public, max-age=" + maxAgeSeconds)
            .end(document);
    }

    /**
     * Sends an error response (RFC 6749 §5.2).
     *
     * @param context the context of the request
     * @param refusal the error
     * @return completes when the response is written
     */
    public static Future<Void> sendError(RoutingContext context, OAuthException refusal) {
        return sendError(context, refusal.code(), refusal.description());
    }

    /**
     * Sends an error response (RFC 6749 §5.2).
     *
     * @param context the context of the request
     * @param code the error
     * @param description the text of {@code error_description}
     * @return completes when the response is written
     */
    public static Future<Void> sendError(RoutingContext context, OAuthErrorCode code, String description) {
        return sendError(context, code.status(), code.wireName(), description);
    }

    /**
     * Sends an error response with another status than the error's own.
     *
     * @param context the context of the request
     * @param status the HTTP status
     * @param refusal the error
     * @return completes when the response is written
     */
    public static Future<Void> sendError(RoutingContext context, int status, OAuthException refusal) {
        return sendError(context, status, refusal.code().wireName(), refusal.description());
    }

    /**
     * Sends an error in the form of RFC 6749 §5.2 with any code.
     *
     * @param context the context of the request
     * @param status the HTTP status
     * @param error the code, such as {@code not_found}
     * @param description the description for the client
     * @return completes when the response is written
     */
    public static Future<Void> sendError(RoutingContext context, int status, String error, String description) {
        return sendPrivate(context, status, new JsonObject().put("error", error).put("error_description", description));
    }
}
