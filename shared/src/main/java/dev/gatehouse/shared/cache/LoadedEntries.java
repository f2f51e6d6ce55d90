package dev.gatehouse.shared.cache;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.shared.metric.CacheMeters;
import dev.gatehouse.shared.metric.Meters;
import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A bounded cache that loads each value once while other callers wait. It keeps neither a failure, nor null, nor a value that was forgotten
 * during its load. Safe for use from any thread.
 *
 * @param <V> the type of the values
 */
public final class LoadedEntries<V> {

    private final Vertx vertx;
    private final AsyncCache<String, V> entries;
    private final CacheMeters meters;

    /**
     * Creates an empty cache.
     *
     * @param vertx the Vert.x instance
     * @param name the name of the cache in the metrics
     * @param bounds made by {@link Caches#builder}
     */
    public LoadedEntries(Vertx vertx, String name, Caffeine<Object, Object> bounds) {
        this.vertx = vertx;
        this.entries = bounds.buildAsync();
        this.meters = CacheMeters.of(Meters.of(vertx), name, entries.synchronous()::estimatedSize);
    }

    /**
     * Gets the value of a key from the cache, or loads it.
     *
     * @param key the key
     * @param current tests a kept value; a value that fails is loaded again
     * @param load returns null for a key without a value
     * @return the value, or null; fails if the load fails
     */
    public Future<V> get(String key, Predicate<V> current, Function<String, Future<V>> load) {
        CompletableFuture<V> known = entries.getIfPresent(key);
        if (known != null && known.isDone() && !known.isCompletedExceptionally()) {
            V value = known.getNow(null);
            if (value != null && current.test(value)) {
                meters.hit().increment();
                return Future.succeededFuture(value);
            }
            entries.asMap().remove(key, known);
        }
        meters.miss().increment();
        return CallerContext.bring(vertx, Future.fromCompletionStage(
            entries.get(key, (same, executor) -> load.apply(key).toCompletionStage().toCompletableFuture())));
    }

    /**
     * Discards the value of a key. The next call of {@link #get} loads it again.
     *
     * @param key the key
     */
    public void forget(String key) {
        entries.asMap().remove(key);
    }

    /** Loads every value again when it is next asked for. */
    public void forgetAll() {
        entries.synchronous().invalidateAll();
    }
}
