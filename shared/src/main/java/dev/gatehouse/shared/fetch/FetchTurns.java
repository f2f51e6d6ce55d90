package dev.gatehouse.shared.fetch;

import dev.gatehouse.shared.fetch.SafeFetcher.FetchOptions;
import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/** Who may fetch now, who waits, and who is one too many. Safe for use from any thread. */
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
     * Waits for a turn. Who got one, or stopped waiting for it, calls {@link #done}.
     *
     * @return completes on the caller's context
     * @throws FetchException {@link FetchException.Reason#BUSY}: there is nothing to give back then
     */
    synchronized Promise<Void> take(String host) {
        if (perHost.getOrDefault(host, 0) >= options.mostPerHost()) {
            throw new FetchException(FetchException.Reason.BUSY, "Too many fetches from " + host + " at once");
        }
        boolean free = underWay < options.mostAtOnce();
        if (!free && waiting.size() >= options.mostWaiting()) {
            throw new FetchException(FetchException.Reason.BUSY, "Too many fetches wait already");
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

    /** Gives a turn, or a place in the queue, back. */
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
