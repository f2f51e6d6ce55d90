package dev.gatehouse.shared.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/** Closes a connection after a response, so that the rest of its input need not be read. */
public final class LastAnswer {

    /** RFC 9113 §8.1: the response is complete and the rest of the request is not needed. */
    private static final long NO_ERROR = 0;
    private static final long LINGER_MILLIS = 5_000;

    private LastAnswer() {
    }

    /**
     * {@return the response, with the close of the connection announced to the client (RFC 9112 §9.6)} HTTP/2 forbids this field (RFC 9113 §8.2.2),
     * so nothing is announced there.
     *
     * @param request the request
     */
    public static HttpServerResponse on(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2 ? request.response()
            : request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }

    /**
     * Reads and discards the rest of a body for a short time after the response, because a client that is disconnected while it
     * sends may lose the response. Then closes the connection, or only the stream in HTTP/2.
     *
     * @param vertx the Vert.x instance
     * @param request the request
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
