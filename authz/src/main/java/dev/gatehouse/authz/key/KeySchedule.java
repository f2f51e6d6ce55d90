package dev.gatehouse.authz.key;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.shared.jose.SigningAlgorithm;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * When keys come and go.
 *
 * @param algorithm of new keys
 * @param rotationMillis how long a key signs
 * @param aheadMillis how long a key is published before it signs, so that nobody meets its tokens before it
 * @param tokenMillis how long a token usually lives
 */
record KeySchedule(SigningAlgorithm algorithm, long rotationMillis, long aheadMillis, long tokenMillis) {

    /** For clocks that differ. */
    private static final long GRACE_MILLIS = Duration.ofMinutes(2).toMillis();

    static KeySchedule of(AuthzOptions options) {
        var signing = options.features().signing();
        return new KeySchedule(SigningAlgorithm.named(signing.algorithm()).orElseThrow(),
            Duration.ofDays(signing.rotationDays()).toMillis(), signing.publishAheadSeconds() * 1000,
            options.tokens().accessTokenSeconds() * 1000);
    }

    /** When the key should begin that has to be made now; empty while none has to. */
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

    /** Whether a key still signs or will, or tokens that it signed may still be about. */
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
