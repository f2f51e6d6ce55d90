package dev.gatehouse.authz.key;

import dev.gatehouse.authz.key.SigningKeyStore.StoredKey;
import dev.gatehouse.authz.key.SigningKeys.SigningOptions;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.jose.SigningKey;
import dev.gatehouse.shared.jose.VerificationKey;
import io.vertx.core.json.JsonObject;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * A snapshot of all keys, in the order of their activation.
 *
 * @param generation the version of the set
 */
record KeyRing(long generation, List<LoadedKey> keys) {

    /** The active key at a time: the newest activated one, else the next to be activated; or null. */
    LoadedKey signer(long now) {
        LoadedKey signer = null;
        for (LoadedKey key : keys) {
            if (key.canSign() && (signer == null || key.stored().activatesAt() <= now)) {
                signer = key;
            }
        }
        return signer;
    }

    /** The key with the latest activation, or null. */
    LoadedKey newest() {
        return keys.stream().filter(LoadedKey::canSign).reduce((before, after) -> after).orElse(null);
    }

    /** Returns when the next key replaces this one; {@code Long.MAX_VALUE} for never. */
    long supersededAt(LoadedKey key) {
        return keys.stream().filter(LoadedKey::canSign).mapToLong(other -> other.stored().activatesAt())
            .filter(begins -> begins > key.stored().activatesAt()).min().orElse(Long.MAX_VALUE);
    }

    /**
     * A loaded key.
     *
     * @param secret null if the key file cannot decrypt it; the key then only verifies
     */
    record LoadedKey(StoredKey stored, VerificationKey verification, SigningKey secret) {

        boolean canSign() {
            return secret != null;
        }

        /** The public JWK, for the JWK set. */
        JsonObject publicJwk() {
            return new JsonObject(stored.publicJwk());
        }
    }

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
}
