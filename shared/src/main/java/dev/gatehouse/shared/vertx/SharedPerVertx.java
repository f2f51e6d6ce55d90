package dev.gatehouse.shared.vertx;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Objects that all verticle instances of one Vert.x share: made for the first that asks, closed after the last that
 * gives it back. They live in Vert.x's own shared data, so that two Vert.x in one process share nothing.
 */
public final class SharedPerVertx {

    private static final String MAP = "dev.gatehouse.shared-instances";

    private SharedPerVertx() {
    }

    /**
     * Takes a share of the object of this name.
     *
     * @param key its name; all who use one name mean the same type
     * @param opener makes it, when nobody holds it; a failure goes to all who wait for it, and the next asks anew
     * @param closer ends it, when nobody holds it any more; who asks meanwhile waits and gets a new one
     * @return completes on the caller's context
     */
    public static <T> Future<Lease<T>> acquire(
            Vertx vertx, String key, Supplier<Future<T>> opener, Function<T, Future<Void>> closer) {
        // Places stay for good, being few: the keys are names in our code and files in the configuration.
        @SuppressWarnings("unchecked")
        SharedPlace<T> place = (SharedPlace<T>) vertx.sharedData().<String, SharedPlace<?>>getLocalMap(MAP)
            .computeIfAbsent(key, name -> new SharedPlace<T>());
        return CallerContext.bring(vertx, place.join(opener))
            .map(value -> new Lease<>(value, () -> CallerContext.bring(vertx, place.leave(closer))));
    }

    /** One holder's share of an object that several hold. */
    public static final class Lease<T> {

        private final T value;
        private Supplier<Future<Void>> release;
        private Future<Void> released;

        Lease(T value, Supplier<Future<Void>> release) {
            this.value = value;
            this.release = release;
        }

        public T get() {
            return value;
        }

        /** Gives the share back; the last to do so closes the object, and waits for that. Later calls do nothing more. */
        public synchronized Future<Void> release() {
            if (released == null) {
                released = release.get();
                release = null;
            }
            return released;
        }
    }

    /** Where one shared object stands, or will stand, and how many hold it. */
    static final class SharedPlace<T> implements Shareable {

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
}
