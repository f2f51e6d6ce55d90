package dev.gatehouse.shared.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/** An answer behind which the connection ends, so that what else comes over it need not be read. */
public final class LastAnswer {

    /** RFC 9113 §8.1: the answer is whole, and no more of the request is wanted. */
    private static final long NO_ERROR = 0;
    private static final long LINGER_MILLIS = 5_000;

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

    /**
     * Reads and drops the rest of a body for a moment, once the answer is sent: a client that is cut off while it sends loses the answer.
     * Then it ends the connection, of HTTP/2 the stream alone.
     */
    public static void leaveBody(Vertx vertx, HttpServerRequest request) {
        if (request.isEnded()) {
            end(request);
            return;
        }
        long timer = vertx.setTimer(LINGER_MILLIS, late -> end(request));
        request.endHandler(whole -> {
            vertx.cancelTimer(timer);
            end(request);
        });
        request.resume();
    }

    private static void end(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            request.connection().close();
        } else if (!request.isEnded()) {
            request.response().reset(NO_ERROR);
        }
    }
}
