package dev.gatehouse.shared.jose;

import java.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;

/** Checks of the times in a JWT, with a tolerance for clock skew. */
public final class TimeChecks {

    /** The largest tolerance that is accepted; a larger one would make lifetimes meaningless. */
    public static final Duration MAX_SKEW = Duration.ofSeconds(60);

    private final Clock clock;
    private final long skewMillis;

    /**
     * Creates checks with a tolerance.
     *
     * @param clock tells the current time
     * @param skew the tolerance for the issuer's clock, at most {@link #MAX_SKEW}
     */
    public TimeChecks(Clock clock, Duration skew) {
        if (skew.isNegative() || skew.compareTo(MAX_SKEW) > 0) {
            throw new IllegalArgumentException("The clock skew must be between 0 and 60 seconds");
        }
        this.clock = clock;
        this.skewMillis = skew.toMillis();
    }

    /** {@return a check that {@code exp} is present and not expired, and that {@code nbf} and {@code iat}, if present, are not in the future} */
    public ClaimCheck valid() {
        return notExpired().and(begun("nbf")).and(begun("iat"));
    }

    /** {@return a check that {@code exp} is present and in the future (RFC 7519 §4.1.4)} */
    public ClaimCheck notExpired() {
        return claims -> require(clock.millis() < required(Claims.time(claims, "exp"), "exp") + skewMillis, "expired");
    }

    /**
     * {@return a check that a time, if present, is not in the future, as for {@code nbf} (RFC 7519 §4.1.5)}
     *
     * @param name the name of the claim
     */
    public ClaimCheck begun(String name) {
        return claims -> {
            OptionalLong time = Claims.time(claims, name);
            require(time.isEmpty() || time.getAsLong() <= clock.millis() + skewMillis, name + " in the future");
        };
    }

    /**
     * {@return a check that {@code iat} is present, at most this old, and not in the future}
     *
     * @param age the largest age
     */
    public ClaimCheck issuedWithin(Duration age) {
        ClaimCheck recent = claims -> {
            long issued = required(Claims.time(claims, "iat"), "iat");
            require(issued >= clock.millis() - age.toMillis() - skewMillis, "issued too long ago");
        };
        return recent.and(begun("iat"));
    }

    /**
     * {@return a check that {@code exp} is present and at most this far ahead} This limits how long a one-time identifier is stored.
     *
     * @param span the largest remaining lifetime
     */
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
