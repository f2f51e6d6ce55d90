package dev.gatehouse.shared.fetch;

import dev.gatehouse.shared.fetch.SafeFetcher.FetchOptions;
import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** Limits concurrent fetches, in total and per host, and queues a bounded number of further ones. Thread-safe. */
final class FetchTurns {

    private final Vertx vertx;
    private final FetchOptions options;
    private final ArrayDeque<Promise<Void>> waiting = new ArrayDeque<>();
    private final Map<String, Integer> perHost = new HashMap<>();
    private int underWay;

    FetchTurns(Vertx vertx, FetchOptions options) {
        this.vertx = vertx;
        this.options = options;
    }

    /**
     * Waits for a turn. The caller calls {@link #done} when the fetch ends or the caller stops waiting.
     *
     * @return completes on the caller's context
     * @throws FetchException {@link FetchException.Reason#BUSY}; the caller must not call {@link #done} then
     */
    synchronized Promise<Void> take(String host) {
        if (perHost.getOrDefault(host, 0) >= options.mostPerHost()) {
            throw new FetchException(FetchException.Reason.BUSY, "Too many fetches from " + host + " at once");
        }
        boolean free = underWay < options.mostAtOnce();
        if (!free && waiting.size() >= options.mostWaiting()) {
            throw new FetchException(FetchException.Reason.BUSY, "Too many fetches are waiting");
        }
        perHost.merge(host, 1, Integer::sum);
        Promise<Void> turn = CallerContext.promise(vertx);
        if (free) {
            underWay++;
            turn.complete();
        } else {
            waiting.add(turn);
        }
        return turn;
    }

    /** Releases a turn or a place in the queue. */
    void done(String host, Promise<Void> turn) {
        Promise<Void> next = leave(host, turn);
        if (next != null) {
            next.complete();
        }
    }

    private synchronized Promise<Void> leave(String host, Promise<Void> turn) {
        perHost.computeIfPresent(host, (name, count) -> count == 1 ? null : Integer.valueOf(count - 1));
        if (waiting.remove(turn)) {
            return null;
        }
        Promise<Void> next = waiting.poll();
        if (next == null) {
            underWay--;
        }
        return next;
    }
}
