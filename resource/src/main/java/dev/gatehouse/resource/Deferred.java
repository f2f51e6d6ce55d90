package dev.gatehouse.resource;

import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.util.function.Supplier;

/** Something made when it is first asked for, and once; after a failure the next who asks tries anew. Any thread may ask. */
final class Deferred<T> implements Supplier<Future<T>> {

    private final Vertx vertx;
    private final Supplier<Future<T>> maker;
    private Future<T> made;

    Deferred(Vertx vertx, Supplier<Future<T>> maker) {
        this.vertx = vertx;
        this.maker = maker;
    }

    @Override
    public synchronized Future<T> get() {
        if (made == null || made.failed()) {
            made = maker.get();
        }
        // What is there is given as it is: a future of the context that made it would take every caller to that context.
        return made.succeeded() ? Future.succeededFuture(made.result()) : CallerContext.bring(vertx, made);
    }

    synchronized boolean isMade() {
        return made != null && made.succeeded();
    }
}
