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
 * Closes connections over which no request comes. The idle timeout alone does not: a client that sends the head of a request byte by byte
 * is never idle, and holds its connection for nothing.
 */
final class SilentConnections {

    private static final int LOOKS = 5;

    private final Vertx vertx;
    private final Map<HttpConnection, Watched> watched = new ConcurrentHashMap<>();
    private final long timer;

    /** Written by the connection's event loop, looked at by ours. */
    private static final class Watched {

        private volatile HttpServerRequest last;
        private HttpServerRequest lastSeen;
        private int silent;

        /** Whether there was neither a new request nor one under way since so many looks. */
        boolean isSilent() {
            HttpServerRequest now = last;
            boolean same = now == lastSeen && (now == null || now.response().ended());
            lastSeen = now;
            silent = same ? silent + 1 : 0;
            return silent >= LOOKS;
        }
    }

    /** @param limit a connection is closed when it has been silent so long, or a fifth longer */
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

    /** Has the server's requests handled, and its connections watched. @param begun is given each connection before its first request */
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
            // Of many requests under way the last says nothing: such a connection is left to the idle timeout.
            watched.remove(request.connection());
            return;
        }
        Watched state = watched.get(request.connection());
        if (state != null) {
            state.last = request;
        }
    }

    /** Watches no more. */
    void stop() {
        vertx.cancelTimer(timer);
    }
}
