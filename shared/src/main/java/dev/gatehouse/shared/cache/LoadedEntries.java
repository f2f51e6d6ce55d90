package dev.gatehouse.shared.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.shared.metric.CacheMeters;
import dev.gatehouse.shared.metric.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A bounded cache that loads each value once while other callers wait. It keeps neither a failure, nor null, nor a value that was forgotten
 * during its load. Safe for use from any thread.
 *
 * @param <V> the type of the values
 */
public final class LoadedEntries<V> {

    private final Cache<String, V> entries;
    private final RunningLoads<String, V> loads;
    private final CacheMeters meters;

    /**
     * Creates an empty cache.
     *
     * @param vertx the Vert.x instance
     * @param name the name of the cache in the metrics
     * @param bounds made by {@link Caches#builder}
     */
    public LoadedEntries(Vertx vertx, String name, Caffeine<Object, Object> bounds) {
        this.entries = bounds.build();
        this.loads = new RunningLoads<>(vertx, entries::put);
        this.meters = CacheMeters.of(Meters.of(vertx), name, entries::estimatedSize);
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
        V known = entries.getIfPresent(key);
        if (known != null) {
            if (current.test(known)) {
                meters.hit().increment();
                return Future.succeededFuture(known);
            }
            entries.asMap().remove(key, known);
        }
        meters.miss().increment();
        return loads.load(key, load);
    }

    /**
     * Discards the value of a key. The next call of {@link #get} loads it again.
     *
     * @param key the key
     */
    public void forget(String key) {
        loads.discard(key);
        entries.invalidate(key);
    }

    /** Loads every value again when it is next asked for. */
    public void forgetAll() {
        loads.discardAll();
        entries.invalidateAll();
    }
}
