package dev.gatehouse.shared.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;

import java.util.concurrent.TimeUnit;

/**
 * Gives other connections their turn between the requests that one connection sends in one go (pipelining, RFC 9112 §9.3.2). An event loop
 * handles all that it has read of a connection before it looks at the next one, and a megabyte holds thousands of requests.
 */
public final class FairTurns {

    private static final Object KEY = FairTurns.class;
    /** What one connection may use of an event loop in one go. */
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    /** The shortest that lets an event loop read its other connections. */
    private static final long PAUSE_MILLIS = 1;

    private HttpConnection current;
    private long since;

    private FairTurns() {
    }

    /**
     * The value of a request whose body is whole: at once, or a little later if its connection has had a long turn.
     *
     * @param connection of the request, whose event loop this is; a worker holds up no event loop
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
            // Tasks run when all that was read has been handled.
            context.runOnContext(over -> current = null);
        }
        return now - since > SLICE_NANOS;
    }
}
