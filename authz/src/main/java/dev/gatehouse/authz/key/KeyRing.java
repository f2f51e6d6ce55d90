package dev.gatehouse.authz.key;

import java.util.List;

/**
 * All keys at one moment, in the order in which they sign.
 *
 * @param generation which set this is
 */
record KeyRing(long generation, List<LoadedKey> keys) {

    /** The key that signs at a time, or null: the newest that has begun, else the first that is to begin. */
    LoadedKey signer(long now) {
        LoadedKey signer = null;
        for (LoadedKey key : keys) {
            if (key.canSign() && (signer == null || key.stored().activatesAt() <= now)) {
                signer = key;
            }
        }
        return signer;
    }

    /** The key that signs last of all that there are, or null. */
    LoadedKey newest() {
        return keys.stream().filter(LoadedKey::canSign).reduce((before, after) -> after).orElse(null);
    }

    /** When another key takes over from this one; never is the end of time. */
    long supersededAt(LoadedKey key) {
        return keys.stream().filter(LoadedKey::canSign).mapToLong(other -> other.stored().activatesAt())
            .filter(begins -> begins > key.stored().activatesAt()).min().orElse(Long.MAX_VALUE);
    }
}
