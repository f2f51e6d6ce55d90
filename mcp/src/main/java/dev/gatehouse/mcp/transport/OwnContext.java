package dev.gatehouse.mcp.transport;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import java.util.function.Supplier;

/**
 * The context of a connection. Work runs there in order: at once if the caller is on its event loop, otherwise as a task. On a worker or on
 * virtual threads, all work runs as a task, because there a thread does not identify the context.
 */
final class OwnContext {

    private final Context context;
    private final Thread eventLoop;

    /** Of the handler that is running now. */
    OwnContext(Vertx vertx) {
        this.context = vertx.getOrCreateContext();
        this.eventLoop = context.isEventLoopContext() && Context.isOnEventLoopThread() ? Thread.currentThread() : null;
    }

    /** Runs work from any thread. */
    <T> Future<T> run(Supplier<Future<T>> work) {
        if (Thread.currentThread() == eventLoop) {
            return work.get();
        }
        Promise<T> promise = Promise.promise();
        context.runOnContext(go -> Future.<Void>succeededFuture().compose(now -> work.get()).onComplete(promise));
        return promise.future();
    }

    /** As {@link #run}, for work without an outcome. */
    void execute(Runnable work) {
        if (Thread.currentThread() == eventLoop) {
            work.run();
        } else {
            context.runOnContext(go -> work.run());
        }
    }
}
