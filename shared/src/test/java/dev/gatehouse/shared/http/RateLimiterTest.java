package dev.gatehouse.shared.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.IntStream;

class RateLimiterTest {

    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    @Test
    void requestsBeyondTheLimitOfACallerWait() {
        RateLimiter limiter = new RateLimiter(OptionalInt.of(2), CLOCK);
        assertThat(limiter.secondsToWait("a")).isEmpty();
        assertThat(limiter.secondsToWait("a")).isEmpty();
        assertThat(limiter.secondsToWait("a")).hasValue(30);
        assertThat(limiter.secondsLocked("a")).hasValue(30);
        assertThat(limiter.secondsToWait("b")).isEmpty();
    }

    @Test
    void withoutALimitNothingIsCounted() {
        RateLimiter limiter = new RateLimiter(OptionalInt.empty(), CLOCK);
        assertThat(IntStream.range(0, 100_000).mapToObj(i -> limiter.secondsToWait("a"))).allMatch(OptionalLong::isEmpty);
        assertThat(limiter.secondsLocked("a")).isEmpty();
    }
}
