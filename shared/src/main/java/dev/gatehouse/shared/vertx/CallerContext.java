package dev.gatehouse.shared.vertx;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;

import java.util.concurrent.Executor;

/** Delivers results on the context of the caller. */
public final class CallerContext {

    private CallerContext() {
    }

    /**
     * {@return a promise that any thread may complete} Handlers of its future run on the current context.
     *
     * @param <T> the type of the value
     * @param vertx the Vert.x instance
     */
    public static <T> Promise<T> promise(Vertx vertx) {
        // Vert.x binds a future to a context only through this interface; its own clients do the same.
        return ((ContextInternal) vertx.getOrCreateContext()).promise();
    }

    /**
     * {@return a promise for callers that may be outside Vert.x} Handlers of its future run on the completing thread.
     *
     * @param <T> the type of the value
     */
    public static <T> Promise<T> promise() {
        return Vertx.currentContext() instanceof ContextInternal context ? context.promise() : Promise.promise();
    }

    /**
     * {@return the event loop of the current context} It runs several results as one task.
     *
     * @param vertx the Vert.x instance
     */
    public static Executor eventLoop(Vertx vertx) {
        return ((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop();
    }

    /**
     * {@return the same result, delivered on the current context}
     *
     * @param <T> the type of the value
     * @param vertx the Vert.x instance
     * @param future the result
     */
    public static <T> Future<T> bring(Vertx vertx, Future<T> future) {
        Promise<T> promise = promise(vertx);
        future.onComplete(promise);
        return promise.future();
    }
}
