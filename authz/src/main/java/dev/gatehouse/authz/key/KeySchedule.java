package dev.gatehouse.authz.key;

import dev.gatehouse.authz.key.SigningKeys.SigningOptions;
import dev.gatehouse.shared.jose.SigningAlgorithm;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * The schedule of key rotation.
 *
 * @param algorithm the algorithm of new keys
 * @param rotationMillis how long a key signs
 * @param aheadMillis how long a key is published before it signs, so that verifiers know it in time
 * @param tokenMillis the usual lifetime of a token
 */
record KeySchedule(SigningAlgorithm algorithm, long rotationMillis, long aheadMillis, long tokenMillis) {

    /** The tolerance for clock skew. */
    private static final long GRACE_MILLIS = Duration.ofMinutes(2).toMillis();

    static KeySchedule of(SigningOptions signing, long tokenSeconds) {
        return new KeySchedule(SigningAlgorithm.named(signing.algorithm()).orElseThrow(),
            Duration.ofDays(signing.rotationDays()).toMillis(), signing.publishAheadSeconds() * 1000,
            tokenSeconds * 1000);
    }

    /** The activation time of the key that must be created now; empty if none is needed. */
    OptionalLong due(KeyRing ring, long now) {
        LoadedKey newest = ring.newest();
        if (newest == null) {
            return OptionalLong.of(now);
        }
        long begins = newest.stored().activatesAt();
        boolean old = begins + rotationMillis - aheadMillis <= now;
        boolean other = begins <= now && !newest.stored().algorithm().equals(algorithm.wireName());
        return old || other ? OptionalLong.of(Math.max(now, begins + 1) + aheadMillis) : OptionalLong.empty();
    }

    /** Returns whether a key signs now or later, or tokens signed by it may still be valid. */
    boolean isNeeded(KeyRing ring, LoadedKey key, long now) {
        long superseded = ring.supersededAt(key);
        return superseded > now || now < Math.max(key.stored().neededUntil(), superseded + tokenMillis) + GRACE_MILLIS;
    }

    List<LoadedKey> needed(KeyRing ring, long now) {
        return ring.keys().stream().filter(key -> isNeeded(ring, key, now)).toList();
    }

    List<LoadedKey> spent(KeyRing ring, long now) {
        return ring.keys().stream().filter(key -> !isNeeded(ring, key, now)).toList();
    }
}
