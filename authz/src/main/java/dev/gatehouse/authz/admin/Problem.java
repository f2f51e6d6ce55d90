package dev.gatehouse.authz.admin;

import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.json.JsonObject;

/** An error of the administration (RFC 9457). Stackless. */
public final class Problem extends RuntimeException {

    private static final String TYPE = "urn:gatehouse:problem:";

    private final int status;
    private final String name;
    private final String title;
    private final OAuthErrorCode challenge;

    private Problem(int status, String name, String title, String detail) {
        this(status, name, title, detail, null);
    }

    private Problem(int status, String name, String title, String detail, OAuthErrorCode challenge) {
        super(detail, null, false, false);
        this.status = status;
        this.name = name;
        this.title = title;
        this.challenge = challenge;
    }

    static Problem invalid(String detail) {
        return new Problem(400, "invalid-request", "The request is not valid", detail);
    }

    static Problem unauthenticated(String detail) {
        return new Problem(401, "invalid-token", "The access token is not valid here", detail, OAuthErrorCode.INVALID_TOKEN);
    }

    /** A refusal of the access token or of its proof (RFC 6750 §3.1, RFC 9449 §7.1). */
    static Problem ofToken(OAuthException refusal) {
        return refusal.code() == OAuthErrorCode.INVALID_TOKEN ? unauthenticated(refusal.description())
            : new Problem(401, refusal.code().wireName().replace('_', '-'), "The proof of the access token is not valid here", refusal.description(), refusal.code());
    }

    static Problem forbidden(String detail) {
        return new Problem(403, "forbidden", "Your role does not permit this", detail);
    }

    static Problem insufficientScope(String scope) {
        return new Problem(403, "insufficient-scope", "The access token lacks a scope", "The operation needs the scope " + scope,
            OAuthErrorCode.INSUFFICIENT_SCOPE);
    }

    static Problem notFound(String detail) {
        return new Problem(404, "not-found", "There is no such resource", detail);
    }

    static Problem notAllowed(String methods) {
        return new Problem(405, "method-not-allowed", "The resource does not have this method", "Allowed methods: " + methods);
    }

    static Problem conflict(String detail) {
        return new Problem(409, "conflict", "The change conflicts with the present state", detail);
    }

    static Problem changed() {
        return new Problem(412, "changed", "The resource has changed", "The entity tag of If-Match is not the current one; read the resource again");
    }

    static Problem tooLong() {
        return new Problem(413, "too-long", "The body is too long", "The body is longer than this server accepts");
    }

    static Problem mediaType() {
        return new Problem(415, "media-type", "The media type is not supported", "Send the body as application/json");
    }

    static Problem unprocessable(String detail) {
        return new Problem(422, "unprocessable", "The content cannot be used", detail);
    }

    static Problem preconditionRequired() {
        return new Problem(428, "precondition-required", "The change needs If-Match", "Send the ETag of the resource in If-Match");
    }

    static Problem ofServer(int status, String detail) {
        return new Problem(status, status == 429 ? "too-many-requests" : status == 503 ? "unavailable" : "server-error",
            status == 429 ? "Too many requests" : status == 503 ? "The server is temporarily unavailable" : "Internal error", detail);
    }

    public int status() {
        return status;
    }

    /** The name of the problem type, for the audit trail. */
    String name() {
        return name;
    }

    /** The error of the challenge in {@code WWW-Authenticate}; null for a problem without one. */
    OAuthErrorCode challenge() {
        return challenge;
    }

    JsonObject toJson(String requestId) {
        return new JsonObject().put("type", TYPE + name).put("title", title).put("status", status).put("detail", getMessage()).put("request_id", requestId);
    }
}
