package dev.gatehouse.shared.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/** Headers that every answer carries (RFC 9700 §4.16, OWASP ASVS 5.0 §3.4). */
public final class SecurityHeaders implements Handler<RoutingContext> {

    private final boolean overTls;

    /** @param overTls whether browsers reach this server by https, so that they are told never to use http again */
    public SecurityHeaders(boolean overTls) {
        this.overTls = overTls;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerResponse response = context.response();
        response.putHeader("X-Content-Type-Options", "nosniff");
        response.putHeader("Referrer-Policy", "no-referrer");
        response.putHeader("X-Frame-Options", "DENY");
        if (overTls) {
            response.putHeader("Strict-Transport-Security", "max-age=31536000");
        }
        context.next();
    }
}
