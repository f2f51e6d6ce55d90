package dev.gatehouse.shared.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;

import java.util.concurrent.TimeUnit;

/**
 * Gives other connections a turn between pipelined requests of one connection (RFC 9112 §9.3.2). An event loop handles all bytes
 * that it read from a connection before it serves the next one, and one megabyte holds thousands of requests.
 */
public final class FairTurns {

    private static final Object KEY = FairTurns.class;
    /** The time for which one connection may use an event loop without a pause. */
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** The shortest pause in which an event loop reads its other connections. */
    private static final long PAUSE_MILLIS = 1;

    private HttpConnection current;
    private long since;

    private FairTurns() {
    }

    /**
     * Returns the value immediately, or after a short pause if the connection has used its time.
     *
     * @param <T> the type of the value
     * @param vertx the Vert.x instance
     * @param connection the connection of the request; the caller is on its event loop, or on a worker, which blocks no event loop
     * @param value the value
     * @return the value
     */
    public static <T> Future<T> next(Vertx vertx, HttpConnection connection, T value) {
        if (!Context.isOnEventLoopThread()) {
            return Future.succeededFuture(value);
        }
        Context context = vertx.getOrCreateContext();
        FairTurns turns = context.get(KEY);
        if (turns == null) {
            turns = new FairTurns();
            context.put(KEY, turns);
        }
        return turns.isOver(context, connection) ? vertx.timer(PAUSE_MILLIS, TimeUnit.MILLISECONDS).map(value) : Future.succeededFuture(value);
    }

    private boolean isOver(Context context, HttpConnection connection) {
        long now = System.nanoTime();
        if (current != connection) {
            current = connection;
            since = now;
            // This task runs after all bytes that were read have been handled.
            context.runOnContext(over -> current = null);
        }
        return now - since > SLICE_NANOS;
    }
}
