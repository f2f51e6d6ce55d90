package dev.gatehouse.shared.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/** An answer behind which the connection ends, so that what else comes over it need not be read. */
public final class LastAnswer {

    private LastAnswer() {
    }

    /**
     * Says so to the client (RFC 9112 §9.6). In HTTP/2 a connection carries many requests, and its peers take the field for
     * a fault of the message (RFC 9113 §8.2.2); there nothing is said.
     */
    public static HttpServerResponse on(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2 ? request.response()
            : request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
}
