package dev.gatehouse.mcp.transport;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The requests of a process's host: so many run at once, and some more wait for their turn. Those that run may all wait for answers of the
 * host, so nothing here holds up the reader. Belongs to one context.
 */
final class StdioRequests {

    private static final int RUNNING = 200;
    private static final int WAITING = 1_000;

    private final Context context;
    private final long bytes;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private int running;

    private record Waiting(Object id, int size, Supplier<Future<Void>> work, Promise<Void> done) {
    }

    /** @param bytes that may wait */
    StdioRequests(Context context, long bytes) {
        this.context = context;
        this.bytes = bytes;
    }

    /**
     * Runs a request now or later.
     *
     * @param size bytes that it keeps while it waits
     * @return completes as the work does; empty if there are too many already
     */
    Optional<Future<Void>> run(Object id, int size, Supplier<Future<Void>> work) {
        if (running < RUNNING) {
            return Optional.of(start(work));
        }
        if (waiting.size() >= WAITING || waitingBytes + size > bytes) {
            return Optional.empty();
        }
        Waiting later = new Waiting(id, size, work, Promise.promise());
        waiting.addLast(later);
        waitingBytes += size;
        return Optional.of(later.done.future());
    }

    private Future<Void> start(Supplier<Future<Void>> work) {
        running++;
        return work.get().onComplete(done -> context.runOnContext(go -> ended()));
    }

    private void ended() {
        running--;
        Waiting next = waiting.pollFirst();
        if (next != null) {
            waitingBytes -= next.size;
            start(next.work).onComplete(next.done);
        }
    }

    /** Takes a notification. @return whether it cancelled a request that waited for its turn */
    boolean accept(JSONRPCNotification notification) {
        if (!notification.method().equals("notifications/cancelled") || !(notification.params() instanceof Map<?, ?> params)) {
            return false;
        }
        Waiting cancelled = waiting.stream().filter(each -> each.id.equals(params.get("requestId"))).findFirst().orElse(null);
        if (cancelled == null) {
            return false;
        }
        waiting.remove(cancelled);
        waitingBytes -= cancelled.size;
        cancelled.done.complete();
        return true;
    }
}
