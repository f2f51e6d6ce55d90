package dev.gatehouse.shared.vertx;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.Shareable;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Objects that all verticle instances of one Vert.x share: created for the first holder, closed after the last one releases it.
 * They are stored in Vert.x's shared data, so two Vert.x instances in one process share nothing.
 */
public final class SharedPerVertx {

    private static final String MAP = "dev.gatehouse.shared-instances";

    private SharedPerVertx() {
    }

    /**
     * Acquires a lease of the object with this name.
     *
     * @param <T> the type of the object
     * @param vertx the Vert.x instance
     * @param key the name; always used with the same type
     * @param opener creates the object if it has no holder; a failure goes to all waiting callers, and the next call tries again
     * @param closer closes the object when it has no holder any more; a call in the meantime waits and gets a new object
     * @return completes on the caller's context
     */
    public static <T> Future<Lease<T>> acquire(
            Vertx vertx, String key, Supplier<Future<T>> opener, Function<T, Future<Void>> closer) {
        // Places are never removed. They are few: the keys are names in the code and files in the configuration.
        @SuppressWarnings("unchecked")
        SharedPlace<T> place = (SharedPlace<T>) vertx.sharedData().<String, SharedPlace<?>>getLocalMap(MAP)
            .computeIfAbsent(key, name -> new SharedPlace<T>());
        return CallerContext.bring(vertx, place.join(opener))
            .map(value -> new Lease<>(value, () -> CallerContext.bring(vertx, place.leave(closer))));
    }

    /**
     * One holder's lease of a shared object.
     *
     * @param <T> the type of the object
     */
    public static final class Lease<T> {

        private final T value;
        private Supplier<Future<Void>> release;
        private Future<Void> released;

        Lease(T value, Supplier<Future<Void>> release) {
            this.value = value;
            this.release = release;
        }

        /** {@return the shared object} */
        public T get() {
            return value;
        }

        /**
         * Releases the lease. The last release closes the object. Further calls have no effect.
         *
         * @return completes when the object is closed, or immediately if it has other holders
         */
        public synchronized Future<Void> release() {
            if (released == null) {
                released = release.get();
                release = null;
            }
            return released;
        }
    }

    /** The place of one shared object and its number of holders. */
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
