package dev.gatehouse.it.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Repeats requests that a busy server refuses with 503 and Retry-After, as clients do, and counts the refusals. */
final class Patience {
    private static final int TRIES = 20;
    private static final long PAUSE_MILLIS = 1_000;
    private final Vertx vertx;
    private final AtomicLong refusals = new AtomicLong();

    Patience(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Runs requests until they succeed. The last failure is thrown. */
    <T> T with(Supplier<T> requests) {
        for (int left = TRIES;; left--) {
            try {
                return requests.get();
            } catch (AssertionError | RuntimeException refused) {
                if (left == 0) {
                    throw refused;
                }
                refusals.incrementAndGet();
                vertx.timer(PAUSE_MILLIS).toCompletionStage().toCompletableFuture().join();
            }
        }
    }

    /** Runs a request until it succeeds. */
    <T> Future<T> later(Supplier<Future<T>> request) {
        return later(request, TRIES);
    }

    private <T> Future<T> later(Supplier<Future<T>> request, int left) {
        return request.get().recover(refused -> {
            refusals.incrementAndGet();
            return left == 0 ? Future.failedFuture(refused) : vertx.timer(PAUSE_MILLIS).compose(rested -> later(request, left - 1));
        });
    }

    /** The same requests, of which a 503 does not end the run. */
    Source with(Source requests) {
        return requests.accepting(answer -> requests.accepts(answer) || isRefusal(answer));
    }

    private boolean isRefusal(Buffer answer) {
        boolean busy = HttpAnswer.isUnavailable(answer);
        refusals.addAndGet(busy ? 1 : 0);
        return busy;
    }

    long refusals() {
        return refusals.get();
    }
}
