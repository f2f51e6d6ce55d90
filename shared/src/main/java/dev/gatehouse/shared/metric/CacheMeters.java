package dev.gatehouse.shared.metric;

import dev.gatehouse.shared.metric.Meters.Counter;

import java.util.function.LongSupplier;

/**
 * The meters of one cache.
 *
 * @param hit counts a lookup that the cache answered
 * @param miss counts a lookup that it did not
 */
public record CacheMeters(Counter hit, Counter miss) {

    private static final String LOOKUPS = "gatehouse.cache.lookups";
    private static final String LOOKUPS_DESCRIPTION = "Lookups of a cache, by whether it had the entry.";

    /**
     * Creates the meters of a cache.
     *
     * @param meters receives the measurements
     * @param cache the name of the cache
     * @param entries reads the number of entries
     * @return the meters
     */
    public static CacheMeters of(Meters meters, String cache, LongSupplier entries) {
        meters.gauge("gatehouse.cache.entries", "Entries of a cache.", entries::getAsLong, "cache", cache);
        return new CacheMeters(meters.counter(LOOKUPS, LOOKUPS_DESCRIPTION, "cache", cache, "result", "hit"),
            meters.counter(LOOKUPS, LOOKUPS_DESCRIPTION, "cache", cache, "result", "miss"));
    }
}
