package dev.gatehouse.shared.http;

import com.github.benmanes.caffeine.cache.Cache;
import dev.gatehouse.shared.cache.Caches;

import java.time.Clock;
import java.util.OptionalLong;

/**
 * A token bucket per caller in bounded memory. A caller may use the allowance of a minute in one burst; it refills evenly. A
 * rejected request costs nothing. Thread-safe.
 */
public final class RateLimiter {

    private static final double MINUTE_MILLIS = 60_000;
    private static final int MAXIMUM_CALLERS = 100_000;

    private final int perMinute;
    private final Clock clock;
    private final Cache<String, Bucket> buckets = Caches.builder().maximumSize(MAXIMUM_CALLERS).build();

    /** @param perMinute allowed requests per caller and minute; at least 1 */
    public RateLimiter(int perMinute, Clock clock) {
        this.perMinute = perMinute;
        this.clock = clock;
    }

    /** Counts one request. Returns the seconds to wait if it exceeds the limit, else empty. */
    public OptionalLong secondsToWait(String caller) {
        return look(caller, 1);
    }

    /** As {@link #secondsToWait}, but does not count the request: for limits on failures, which are known later. */
    public OptionalLong secondsLocked(String caller) {
        return look(caller, 0);
    }

    private OptionalLong look(String caller, int cost) {
        long now = clock.millis();
        return buckets.get(caller, key -> new Bucket(now)).take(now, cost);
    }

    /** Changed in place, because a cache does more work for a write than for a read. */
    private final class Bucket {
        private double allowance = perMinute;
        private long filledAt;

        Bucket(long now) {
            filledAt = now;
        }

        synchronized OptionalLong take(long now, int cost) {
            allowance = Math.min(perMinute, allowance + perMinute * Math.max(0, now - filledAt) / MINUTE_MILLIS);
            filledAt = now;
            if (allowance >= 1) {
                allowance -= cost;
                return OptionalLong.empty();
            }
            return OptionalLong.of((long) Math.ceil((1 - allowance) * MINUTE_MILLIS / perMinute / 1000));
        }
    }
}
