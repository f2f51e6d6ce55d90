package dev.gatehouse.authz.key;

import io.vertx.core.Future;

import java.util.List;

/** The keys that tokens are signed with. Each change of the set is announced to the other processes. */
public interface SigningKeyStore {

    /**
     * All keys as they were at one moment.
     *
     * @param generation counts the changes of the set
     */
    record KeySet(long generation, List<StoredKey> keys) {
    }

    Future<KeySet> read();

    /** Adds a key, unless the set has changed since this generation. Returns whether it did: of many at once, one does. */
    Future<Boolean> add(StoredKey key, long generation);

    /** Notes that a key is needed until this time at least. Returns false when there is no such key any more. */
    Future<Boolean> keep(String kid, long neededUntil);

    /** Removes a key that is not needed at this time any more; a key needed longer stays. */
    Future<Void> discard(String kid, long at);

    /** Removes a key whatever it is needed for. Returns false when there is none. */
    Future<Boolean> remove(String kid, long at);
}
