package dev.gatehouse.shared.vertx;

import io.vertx.core.Future;
import io.vertx.core.shareddata.Shareable;

import java.util.function.Function;
import java.util.function.Supplier;

/** Where one shared object stands, or will stand, and how many hold it. */
final class SharedPlace<T> implements Shareable {

    private int holders;
    private Future<T> opened;
    private Future<Void> closed = Future.succeededFuture();

    synchronized Future<T> join(Supplier<Future<T>> opener) {
        if (opened == null || opened.failed()) {
            opened = closed.transform(whatever -> opener.get());
            holders = 0;
        }
        holders++;
        return opened;
    }

    synchronized Future<Void> leave(Function<T, Future<Void>> closer) {
        holders--;
        if (holders > 0) {
            return Future.succeededFuture();
        }
        closed = opened.compose(closer);
        opened = null;
        return closed;
    }
}
