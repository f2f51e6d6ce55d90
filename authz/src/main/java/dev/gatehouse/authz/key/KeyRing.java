package dev.gatehouse.authz.key;

import java.util.List;

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
}
