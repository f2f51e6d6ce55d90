package dev.gatehouse.shared.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** Headers of every response (RFC 9700 §4.16, OWASP ASVS 5.0 §3.4). */
final class SecurityHeaders {

    private static final CharSequence CONTENT_TYPE_OPTIONS = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence REFERRER_POLICY = HttpHeaders.createOptimized("Referrer-Policy");
    private static final CharSequence NO_REFERRER = HttpHeaders.createOptimized("no-referrer");
    private static final CharSequence FRAME_OPTIONS = HttpHeaders.createOptimized("X-Frame-Options");
    private static final CharSequence DENY = HttpHeaders.createOptimized("DENY");
    private static final CharSequence OPENER_POLICY = HttpHeaders.createOptimized("Cross-Origin-Opener-Policy");
    private static final CharSequence SAME_ORIGIN = HttpHeaders.createOptimized("same-origin");
    private static final CharSequence TRANSPORT_SECURITY = HttpHeaders.createOptimized("Strict-Transport-Security");
    private static final CharSequence ONE_YEAR = HttpHeaders.createOptimized("max-age=31536000");

    private final boolean overTls;

    /** @param overTls whether browsers use https, so that the response forbids http (Strict-Transport-Security) */
    SecurityHeaders(boolean overTls) {
        this.overTls = overTls;
    }

    void addTo(HttpServerResponse response) {
        response.putHeader(CONTENT_TYPE_OPTIONS, NOSNIFF);
        response.putHeader(REFERRER_POLICY, NO_REFERRER);
        response.putHeader(FRAME_OPTIONS, DENY);
        // A page of another origin that opened ours, or was opened by it, gets no reference to our window.
        response.putHeader(OPENER_POLICY, SAME_ORIGIN);
        if (overTls) {
            response.putHeader(TRANSPORT_SECURITY, ONE_YEAR);
        }
    }
}
