package dev.gatehouse.shared.vertx;

import io.vertx.core.Future;

import java.util.function.Supplier;

/** One holder's share of an object that several hold. */
public final class Lease<T> {

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
