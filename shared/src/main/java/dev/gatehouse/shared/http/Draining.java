package dev.gatehouse.shared.http;

import dev.gatehouse.shared.oauth.OAuthErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Graceful shutdown: running requests are completed, new ones get 503, and each connection is closed after its response. The server still
 * listens while it drains, so that health checks see it.
 */
public final class Draining {

    private static final String HEALTH = "/health";
    private static final String RETRY_SECONDS = "5";
    /** Clients that have just got a response may have sent their next request already. */
    private static final long QUIET_MILLIS = 250;
    private static final long CONNECTION_MILLIS = 1_000;

    private final Vertx vertx;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean begun;
    private volatile boolean cameMeanwhile;
    private volatile Promise<Void> idle;
    private volatile long deadlineNanos;

    /**
     * Settings of the graceful stop.
     *
     * @param graceSeconds the time for running requests to finish
     */
    public record StoppingOptions(int graceSeconds) {
    }

    /**
     * Creates the state of a server that accepts requests.
     *
     * @param vertx the Vert.x instance
     */
    public Draining(Vertx vertx) {
        this.vertx = vertx;
    }

    /** {@return whether the server is stopping and rejects new requests} */
    public boolean hasBegun() {
        return begun;
    }

    /**
     * Counts a request, or rejects it when the server is stopping.
     *
     * @param context the context of the request
     * @return whether the request goes on
     */
    boolean admits(RoutingContext context) {
        if (begun) {
            return admitsLate(context);
        }
        underWay.incrementAndGet();
        context.addHeadersEndHandler(head -> {
            if (begun) {
                sayClose(context.request());
            }
        });
        context.addEndHandler(end -> leave(context));
        return true;
    }

    private boolean admitsLate(RoutingContext context) {
        endConnectionBehind(context);
        cameMeanwhile = true;
        if (context.request().path().startsWith(HEALTH)) {
            return true;
        }
        refuse(context);
        return false;
    }

    private static void refuse(RoutingContext context) {
        RequestMetrics.error(context, OAuthErrorCode.TEMPORARILY_UNAVAILABLE.wireName());
        context.response().putHeader(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
        // The request body need not be read, because the connection is closed.
        JsonResponse.sendError(context, OAuthErrorCode.TEMPORARILY_UNAVAILABLE, "The server is stopping");
    }

    private void endConnectionBehind(RoutingContext context) {
        sayClose(context.request());
        context.addEndHandler(end -> endConnection(context.request()));
    }

    /** HTTP/2 has no such field (RFC 9113 §8.2.2); there the connection sends GOAWAY. */
    private static void sayClose(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    /** A connection of HTTP/2 may have further requests under way. It sends GOAWAY and closes when they are done. */
    private void endConnection(HttpServerRequest request) {
        long remaining = TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime());
        request.connection().shutdown(request.version() == HttpVersion.HTTP_2 ? Math.max(CONNECTION_MILLIS, remaining) : CONNECTION_MILLIS,
            TimeUnit.MILLISECONDS);
    }

    private void leave(RoutingContext context) {
        if (begun) {
            endConnection(context.request());
        }
        Promise<Void> waiting = idle;
        if (underWay.decrementAndGet() == 0 && waiting != null) {
            waiting.tryComplete();
        }
    }

    /**
     * Rejects new requests from now on.
     *
     * @param graceMillis the grace period
     * @return completes when running requests are done or the grace period is over
     */
    public Future<Void> begin(long graceMillis) {
        Promise<Void> waiting = Promise.promise();
        idle = waiting;
        deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(graceMillis);
        begun = true;
        if (underWay.get() == 0) {
            return Future.succeededFuture();
        }
        long timer = vertx.setTimer(Math.max(1, graceMillis), over -> waiting.tryComplete());
        return waiting.future().compose(answered -> {
            vertx.cancelTimer(timer);
            return untilQuiet(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(graceMillis));
        });
    }

    private Future<Void> untilQuiet(long deadline) {
        cameMeanwhile = false;
        return vertx.timer(QUIET_MILLIS, TimeUnit.MILLISECONDS).compose(passed ->
            cameMeanwhile && System.nanoTime() < deadline ? untilQuiet(deadline) : Future.succeededFuture());
    }
}
