package dev.gatehouse.shared.cache;

import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The loads that a cache is running: one at a time for each key, while other callers wait. The cache keeps the value of a load unless the
 * load was discarded or failed, or there is no value. Safe for use from any thread.
 *
 * @param <K> the type of the keys
 * @param <V> the type of the values
 */
public final class RunningLoads<K, V> {

    private final Vertx vertx;
    private final BiConsumer<K, V> keep;
    private final ConcurrentHashMap<K, Promise<V>> running = new ConcurrentHashMap<>();

    /**
     * Creates the loads of a cache.
     *
     * @param vertx the Vert.x instance
     * @param keep puts a loaded value into the cache, quickly
     */
    public RunningLoads(Vertx vertx, BiConsumer<K, V> keep) {
        this.vertx = vertx;
        this.keep = keep;
    }

    /**
     * Loads a value, or waits for the running load of the key.
     *
     * @param key the key
     * @param load returns null for a key without a value
     * @return the value, or null, on the context of the caller; fails if the load fails
     */
    public Future<V> load(K key, Function<K, Future<V>> load) {
        Promise<V> mine = Promise.promise();
        Promise<V> other = running.putIfAbsent(key, mine);
        if (other != null) {
            return CallerContext.bring(vertx, other.future());
        }
        Future<V> delivered = CallerContext.bring(vertx, mine.future());
        Future.succeededFuture(key).compose(load).onComplete(result -> end(key, mine, result));
        return delivered;
    }

    /** Keeps the value in the same step in which it ends the load, so that a value is never kept after {@link #discard} has returned. */
    private void end(K key, Promise<V> load, AsyncResult<V> result) {
        running.computeIfPresent(key, (same, current) -> {
            if (current != load) {
                return current;
            }
            if (result.succeeded() && result.result() != null) {
                keep.accept(key, result.result());
            }
            return null;
        });
        load.handle(result);
    }

    /**
     * Discards the running load of a key: its callers get its value, but the cache does not keep it. The next caller starts another load. A
     * cache calls this before it removes the value.
     *
     * @param key the key
     */
    public void discard(K key) {
        running.remove(key);
    }

    /** Discards all running loads. */
    public void discardAll() {
        running.clear();
    }
}
