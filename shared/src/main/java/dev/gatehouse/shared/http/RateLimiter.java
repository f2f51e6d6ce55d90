package dev.gatehouse.shared.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import java.time.Clock;
import java.util.OptionalLong;

/**
 * A token bucket per caller, in bounded memory: a caller may burst to a minute's allowance, which refills evenly.
 * A refused request costs nothing. Safe for use from any thread.
 */
public final class RateLimiter {

    private static final double MINUTE_MILLIS = 60_000;
    private static final int MAXIMUM_CALLERS = 100_000;

    private final int perMinute;
    private final Clock clock;
    private final Cache<String, Bucket> buckets = Caffeine.newBuilder().maximumSize(MAXIMUM_CALLERS).build();

    /** @param perMinute requests that one caller may make in a minute; at least 1 */
    public RateLimiter(int perMinute, Clock clock) {
        this.perMinute = perMinute;
        this.clock = clock;
    }

    /** Counts one request. Returns the whole seconds to wait when it is one too many, else nothing. */
    public OptionalLong secondsToWait(String caller) {
        long now = clock.millis();
        Bucket bucket = buckets.asMap().compute(caller, (key, before) -> take(before, now));
        if (bucket.granted) {
            return OptionalLong.empty();
        }
        return OptionalLong.of((long) Math.ceil((1 - bucket.allowance) * MINUTE_MILLIS / perMinute / 1000));
    }

    private Bucket take(Bucket before, long now) {
        double allowance = before == null ? perMinute
            : Math.min(perMinute, before.allowance + perMinute * Math.max(0, now - before.at) / MINUTE_MILLIS);
        return allowance >= 1 ? new Bucket(allowance - 1, now, true) : new Bucket(allowance, now, false);
    }

    private record Bucket(double allowance, long at, boolean granted) {
    }
}
