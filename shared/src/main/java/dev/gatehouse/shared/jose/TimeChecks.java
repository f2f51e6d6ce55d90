package dev.gatehouse.shared.jose;

import java.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;

/** Demands on the times in a JWT, by one clock and with some patience for the clocks of others. */
public final class TimeChecks {

    /** More than this no clock that is looked after is off; beyond it, lifetimes would mean nothing. */
    public static final Duration MAX_SKEW = Duration.ofSeconds(60);

    private final Clock clock;
    private final long skewMillis;

    /** @param skew how far the issuer's clock may be from ours, at most {@link #MAX_SKEW} */
    public TimeChecks(Clock clock, Duration skew) {
        if (skew.isNegative() || skew.compareTo(MAX_SKEW) > 0) {
            throw new IllegalArgumentException("A clock skew is between 0 and 60 seconds");
        }
        this.clock = clock;
        this.skewMillis = skew.toMillis();
    }

    /** {@code exp} is there and has not passed; {@code nbf} and {@code iat}, where they are there, have. */
    public ClaimCheck valid() {
        return notExpired().and(begun("nbf")).and(begun("iat"));
    }

    /** {@code exp} is there and lies ahead (RFC 7519 §4.1.4). */
    public ClaimCheck notExpired() {
        return claims -> require(clock.millis() < required(Claims.time(claims, "exp"), "exp") + skewMillis, "expired");
    }

    /** A time, where it is there, does not lie ahead, as {@code nbf} demands (RFC 7519 §4.1.5). */
    public ClaimCheck begun(String name) {
        return claims -> {
            OptionalLong time = Claims.time(claims, name);
            require(time.isEmpty() || time.getAsLong() <= clock.millis() + skewMillis, name + " in the future");
        };
    }

    /** {@code iat} is there and this recent, and not in the future. */
    public ClaimCheck issuedWithin(Duration age) {
        ClaimCheck recent = claims -> {
            long issued = required(Claims.time(claims, "iat"), "iat");
            require(issued >= clock.millis() - age.toMillis() - skewMillis, "issued too long ago");
        };
        return recent.and(begun("iat"));
    }

    /** {@code exp} is there and at most this far ahead, which bounds how long a one-time identifier is kept. */
    public ClaimCheck expiresWithin(Duration span) {
        return claims -> {
            long expires = required(Claims.time(claims, "exp"), "exp");
            require(expires <= clock.millis() + span.toMillis() + skewMillis, "valid for too long");
        };
    }

    private static long required(OptionalLong time, String name) {
        return time.orElseThrow(() -> new JwtException("no " + name));
    }

    private static void require(boolean met, String reason) {
        if (!met) {
            throw new JwtException(reason);
        }
    }
}
