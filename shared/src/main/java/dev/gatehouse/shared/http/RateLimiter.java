package dev.gatehouse.shared.http;

import com.github.benmanes.caffeine.cache.Cache;
import dev.gatehouse.shared.cache.Caches;

import java.time.Clock;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A token bucket per caller, in bounded memory. A caller may use a minute's allowance at once; it refills evenly.
 * A refused request costs nothing. Safe for use from any thread.
 */
public final class RateLimiter {

    private static final double MINUTE_MILLIS = 60_000;
    private static final int MAXIMUM_CALLERS = 100_000;

    private final boolean limited;
    private final int perMinute;
    private final Clock clock;
    private final Cache<String, Bucket> buckets = Caches.builder().maximumSize(MAXIMUM_CALLERS).build();

    /**
     * Creates a limiter.
     *
     * @param perMinute requests that one caller may make in a minute, at least 1; empty for no limit
     * @param clock tells the current time
     */
    public RateLimiter(OptionalInt perMinute, Clock clock) {
        this.limited = perMinute.isPresent();
        this.perMinute = perMinute.orElse(0);
        this.clock = clock;
    }

    /**
     * Creates a limiter.
     *
     * @param perMinute requests that one caller may make in a minute, at least 1
     * @param clock tells the current time
     */
    public RateLimiter(int perMinute, Clock clock) {
        this(OptionalInt.of(perMinute), clock);
    }

    /**
     * Counts one request.
     *
     * @param caller the key of the caller
     * @return the whole seconds to wait if the request exceeds the limit; else empty
     */
    public OptionalLong secondsToWait(String caller) {
        return look(caller, 1);
    }

    /**
     * Checks the limit without counting, for limits on failures that are known later.
     *
     * @param caller the key of the caller
     * @return the whole seconds to wait if the caller has exceeded the limit; else empty
     */
    public OptionalLong secondsLocked(String caller) {
        return look(caller, 0);
    }

    private OptionalLong look(String caller, int cost) {
        if (!limited) {
            return OptionalLong.empty();
        }
        long now = clock.millis();
        return buckets.get(caller, key -> new Bucket(now)).take(now, cost);
    }

    /** The allowance of one caller. It changes in place, because a write to the cache costs more than a read. */
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
