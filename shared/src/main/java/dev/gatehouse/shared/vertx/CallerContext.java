package dev.gatehouse.shared.vertx;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;

/** Brings an answer from wherever it was made to the context of who asked. */
public final class CallerContext {

    private CallerContext() {
    }

    /** A promise that any thread may complete and whose future's handlers run on the context of this call. */
    public static <T> Promise<T> promise(Vertx vertx) {
        // Vert.x binds a future to a context through this interface only; all its own clients do it so.
        return ((ContextInternal) vertx.getOrCreateContext()).promise();
    }

    /** As {@link #promise(Vertx)}, where the caller may be outside Vert.x: handlers then run on the thread that completes it. */
    public static <T> Promise<T> promise() {
        return Vertx.currentContext() instanceof ContextInternal context ? context.promise() : Promise.promise();
    }

    /** The same outcome, told on the context of this call. */
    public static <T> Future<T> bring(Vertx vertx, Future<T> future) {
        Promise<T> promise = promise(vertx);
        future.onComplete(promise);
        return promise.future();
    }
}
