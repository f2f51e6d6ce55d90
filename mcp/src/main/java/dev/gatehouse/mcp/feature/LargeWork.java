package dev.gatehouse.mcp.feature;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Work on messages that are so large that an event loop would be held up: it is done on threads of its own, fewer than there are processors. */
public final class LargeWork {

    private static final String NAME = "mcp-large-messages";
    private static final int LARGE = 64 * 1024;
    /** For what a value takes as text beside its characters. */
    private static final int EACH = 8;

    private final WorkerExecutor workers;

    public LargeWork(Vertx vertx) {
        workers = vertx.createSharedWorkerExecutor(NAME, Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    /** Whether a text of so many bytes is large. */
    public static boolean isLarge(int bytes) {
        return bytes > LARGE;
    }

    /** Whether a value that was read from JSON is large. What is not large is seen quickly, and so is what is. */
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

    /** Does what is large elsewhere, and the rest here and now. Completes where it was called. */
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

    /** As {@link #run(boolean, Callable)}, for work on a value that was read from JSON. */
    public <T> Future<T> on(Object value, Callable<T> work) {
        return run(isLarge(value), work);
    }

    public void close() {
        workers.close();
    }
}
