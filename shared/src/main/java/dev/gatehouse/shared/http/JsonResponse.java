package dev.gatehouse.shared.http;

import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

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
     * @param response the response to send
     * @param status the HTTP status
     * @param body the document
     * @return completes when the response is written
     */
    public static Future<Void> sendPrivate(HttpServerResponse response, int status, JsonObject body) {
        return sendPrivate(response, status, body.toBuffer());
    }

    /**
     * Sends an encoded document that must not be cached.
     *
     * @param response the response to send
     * @param status the HTTP status
     * @param body the encoded document
     * @return completes when the response is written
     */
    public static Future<Void> sendPrivate(HttpServerResponse response, int status, Buffer body) {
        return response.setStatusCode(status)
            .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
            .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
            .putHeader(PRAGMA, NO_CACHE)
            .end(body);
    }

    /**
     * Sends a document of another media type, such as a JWT, that must not be cached.
     *
     * @param contentType the media type
     * @param response the response to send
     * @param body the document
     * @return completes when the response is written
     */
    public static Future<Void> sendPrivateAs(String contentType, HttpServerResponse response, Buffer body) {
        return response.putHeader(HttpHeaders.CONTENT_TYPE, contentType)
            .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
            .putHeader(PRAGMA, NO_CACHE)
            .end(body);
    }

    /**
     * Sends a public document with {@code max-age}.
     *
     * @param response the response to send
     * @param maxAgeSeconds the time for which caches may keep it
     * @param body the document
     * @return completes when the response is written
     */
    public static Future<Void> sendPublic(HttpServerResponse response, int maxAgeSeconds, JsonObject body) {
        return response.putHeader("Content-Type", "application/json")
            .putHeader("Cache-Control", "public, max-age=" + maxAgeSeconds)
            .end(body.toBuffer());
    }

    /**
     * Sends an error response (RFC 6749 §5.2).
     *
     * @param response the response to send
     * @param refusal the error
     * @return completes when the response is written
     */
    public static Future<Void> sendError(HttpServerResponse response, OAuthException refusal) {
        return sendError(response, refusal.code(), refusal.description());
    }

    /**
     * Sends an error response (RFC 6749 §5.2).
     *
     * @param response the response to send
     * @param code the error
     * @param description the text of {@code error_description}
     * @return completes when the response is written
     */
    public static Future<Void> sendError(HttpServerResponse response, OAuthErrorCode code, String description) {
        return sendError(response, code.status(), code.wireName(), description);
    }

    /**
     * Sends an error response with another status than the error's own.
     *
     * @param response the response to send
     * @param status the HTTP status
     * @param refusal the error
     * @return completes when the response is written
     */
    public static Future<Void> sendError(HttpServerResponse response, int status, OAuthException refusal) {
        return sendError(response, status, refusal.code().wireName(), refusal.description());
    }

    /**
     * Sends an error in the form of RFC 6749 §5.2 with any code.
     *
     * @param response the response to send
     * @param status the HTTP status
     * @param error the code, such as {@code not_found}
     * @param description the description for the client
     * @return completes when the response is written
     */
    public static Future<Void> sendError(HttpServerResponse response, int status, String error, String description) {
        return sendPrivate(response, status, new JsonObject().put("error", error).put("error_description", description));
    }
}
