package dev.gatehouse.shared.jose;

import java.time.Duration;

/**
 * How long fetched keys are kept, and how often they are fetched.
 *
 * @param fresh a set younger than this is used without asking
 * @param lastGood a set younger than this is still used when the issuer cannot be asked; how long a key that was
 *     withdrawn can outlive an outage
 * @param betweenFetches the least time between two fetches for keys that the set does not have
 * @param afterFailure the least time between two fetches when the last one failed
 */
public record RemoteKeyTimes(Duration fresh, Duration lastGood, Duration betweenFetches, Duration afterFailure) {

    public static final RemoteKeyTimes DEFAULTS = new RemoteKeyTimes(
        Duration.ofMinutes(5), Duration.ofMinutes(15), Duration.ofSeconds(10), Duration.ofSeconds(1));
}
