package dev.gatehouse.mcp.feature;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Runs work on large messages, which would block an event loop, on its own threads. There are fewer of them than processors. */
public final class LargeWork {

    private static final String NAME = "mcp-large-messages";
    private static final int LARGE = 64 * 1024;
    /** Text that a value needs beside its characters. */
    private static final int EACH = 8;

    private final WorkerExecutor workers;

    /**
     * Creates the worker threads.
     *
     * @param vertx the Vert.x instance
     */
    public LargeWork(Vertx vertx) {
        workers = vertx.createSharedWorkerExecutor(NAME, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    /**
     * {@return whether this number of bytes is large}
     *
     * @param bytes the number of bytes
     */
    public static boolean isLarge(int bytes) {
        return bytes > LARGE;
    }

    /**
     * {@return whether a value that was read from JSON is large} The check itself is quick.
     *
     * @param value the value
     */
    public static boolean isLarge(Object value) {
        return rest(value, LARGE) < 0;
    }

    private static int rest(Object value, int room) {
        int rest = room - EACH;
        if (value instanceof String text) {
            return rest - text.length();
        }
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> member : map.entrySet()) {
                rest = rest < 0 ? rest : rest(member.getValue(), rest - String.valueOf(member.getKey()).length());
            }
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size() && rest >= 0; i++) {
                rest = rest(list.get(i), rest);
            }
        }
        return rest;
    }

    /**
     * Runs large work on a worker thread, and other work now on this thread. Completes on the context of the caller.
     *
     * @param <T> the type of the value
     * @param isLarge whether the work is large
     * @param work the work
     * @return its result
     */
    public <T> Future<T> run(boolean isLarge, Callable<T> work) {
        if (isLarge) {
            return workers.executeBlocking(work, false);
        }
        try {
            return Future.succeededFuture(work.call());
        } catch (Exception e) {
            return Future.failedFuture(e);
        }
    }

    /**
     * As {@link #run(boolean, Callable)}, for work on a value that was read from JSON.
     *
     * @param <T> the type of the value
     * @param value the value
     * @param work the work
     * @return its result
     */
    public <T> Future<T> on(Object value, Callable<T> work) {
        return run(isLarge(value), work);
    }

    /** Ends the worker threads. */
    public void close() {
        workers.close();
    }
}
