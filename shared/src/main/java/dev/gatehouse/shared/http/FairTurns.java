package dev.gatehouse.shared.http;

import io.vertx.core.Context;
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
    private boolean timed;
    private long since;

    private FairTurns() {
    }

    /**
     * Serves a request immediately, or after a short pause if its connection has used its time.
     *
     * @param vertx the Vert.x instance
     * @param connection the connection of the request; the caller is on its event loop, or on a worker, which blocks no event loop
     * @param serve serves the request
     */
    public static void take(Vertx vertx, HttpConnection connection, Runnable serve) {
        if (Context.isOnEventLoopThread() && isOver(vertx.getOrCreateContext(), connection)) {
            vertx.setTimer(PAUSE_MILLIS, pause -> serve.run());
        } else {
            serve.run();
        }
    }

    private static boolean isOver(Context context, HttpConnection connection) {
        FairTurns turns = context.get(KEY);
        if (turns == null) {
            turns = new FairTurns();
            context.put(KEY, turns);
        }
        return turns.isUsedUp(context, connection);
    }

    /** The time begins with the second request in a row, because most connections send one and then wait for its response. */
    private boolean isUsedUp(Context context, HttpConnection connection) {
        if (current != connection) {
            current = connection;
            timed = false;
            return false;
        }
        long now = System.nanoTime();
        if (!timed) {
            timed = true;
            since = now;
            // This task runs after all bytes that were read have been handled.
            context.runOnContext(over -> current = null);
        }
        return now - since > SLICE_NANOS;
    }
}
