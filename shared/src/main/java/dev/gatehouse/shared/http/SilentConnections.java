package dev.gatehouse.shared.http;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Closes connections without requests. The idle timeout is not enough: a client that sends a request header byte by byte is
 * never idle.
 */
final class SilentConnections {

    private static final int LOOKS = 5;

    private final Vertx vertx;
    private final Map<HttpConnection, Watched> watched = new ConcurrentHashMap<>();
    private final long timer;

    /** Written by the connection's event loop, read by the timer's. */
    private static final class Watched {

        private volatile HttpServerRequest last;
        private HttpServerRequest lastSeen;
        private int silent;

        /** Returns whether there was no request, new or running, in the last checks. */
        boolean isSilent() {
            HttpServerRequest now = last;
            boolean same = now == lastSeen && (now == null || now.response().ended());
            lastSeen = now;
            silent = same ? silent + 1 : 0;
            return silent >= LOOKS;
        }
    }

    /** @param limit the time without a request after which a connection is closed; up to a fifth longer */
    SilentConnections(Vertx vertx, Duration limit) {
        this.vertx = vertx;
        this.timer = vertx.setPeriodic(limit.toMillis() / LOOKS, look -> close());
    }

    private void close() {
        watched.forEach((connection, state) -> {
            if (state.isSilent()) {
                watched.remove(connection);
                connection.close();
            }
        });
    }

    /** Installs the handlers of a server. @param begun called with each connection before its first request */
    HttpServer watch(HttpServer server, Handler<HttpConnection> begun, Handler<HttpServerRequest> requests) {
        return server.connectionHandler(connection -> {
            begun.handle(connection);
            watched.put(connection, new Watched());
            connection.closeHandler(closed -> watched.remove(connection));
        }).requestHandler(request -> {
            note(request);
            requests.handle(request);
        });
    }

    private void note(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2) {
            // A connection has many concurrent requests, so the last one says nothing; only the idle timeout applies.
            watched.remove(request.connection());
            return;
        }
        Watched state = watched.get(request.connection());
        if (state != null) {
            state.last = request;
        }
    }

    /** Stops the timer. */
    void stop() {
        vertx.cancelTimer(timer);
    }
}
