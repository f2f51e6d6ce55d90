package dev.gatehouse.mcp.stateful;

import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import reactor.core.publisher.Mono;

import java.util.function.Function;
import java.util.function.Supplier;

/** The bridge between Vert.x futures and the SDK's monos. Neither side changes thread. */
final class Monos {

    private Monos() {
    }

    /** A mono that starts the future when it is subscribed. A future of null becomes an empty mono. Cancelling reaches nothing. */
    static <T> Mono<T> from(Supplier<Future<T>> starter) {
        return Mono.create(sink -> start(starter).onComplete(sink::success, sink::error));
    }

    /** As {@link #from}, and cancelling completes what the starter is given, on the context of the subscription. */
    static <T> Mono<T> cancellable(Function<Future<Void>, Future<T>> starter) {
        return Mono.create(sink -> {
            Promise<Void> cancelled = CallerContext.promise();
            sink.onCancel(cancelled::tryComplete);
            start(() -> starter.apply(cancelled.future())).onComplete(sink::success, sink::error);
        });
    }

    private static <T> Future<T> start(Supplier<Future<T>> starter) {
        try {
            return starter.get();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** Subscribes. An empty mono becomes a future of null. */
    static <T> Future<T> subscribe(Mono<T> mono) {
        Promise<T> promise = Promise.promise();
        mono.subscribe(promise::tryComplete, promise::tryFail, promise::tryComplete);
        return promise.future();
    }
}
