package dev.gatehouse.authz.token;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.token.TokenIndex.IndexedToken;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts the changes to grants, users and clients. A token keeps the count at which its read began, which shows whether its own grant,
 * user or client has changed since. If nothing has changed since the last look, the check is one comparison.
 */
final class Generations {

    private static final int MOST_SUBJECTS = 10_000;

    private final Map<InvalidationKind, Map<String, Long>> changedIn = new EnumMap<>(InvalidationKind.class);
    private volatile long latest;
    /** Tokens that were read before this are out of date, because the changes until then are no longer kept one by one. */
    private volatile long floor;

    Generations() {
        for (InvalidationKind kind : InvalidationKind.values()) {
            changedIn.put(kind, new ConcurrentHashMap<>());
        }
    }

    long latest() {
        return latest;
    }

    /** Notes a change. Returns whether so many were noted that every token now counts as out of date. */
    synchronized boolean advance(InvalidationKind kind, String subject) {
        long next = latest + 1;
        changedIn.get(kind).put(subject, next);
        boolean full = changedIn.get(kind).size() > MOST_SUBJECTS;
        if (full) {
            floor = next;
            changedIn.values().forEach(Map::clear);
        }
        latest = next;
        return full;
    }

    /** Notes that anything may have changed. */
    synchronized void advanceAll() {
        floor = latest + 1;
        changedIn.values().forEach(Map::clear);
        latest++;
    }

    boolean isCurrent(IndexedToken indexed) {
        long now = latest;
        if (indexed.checkedIn() == now) {
            return true;
        }
        AccessToken token = indexed.token();
        // The floor last: it is raised before the changes that it stands for are dropped.
        boolean current = isCurrent(indexed, InvalidationKind.USER, token.sub())
            && isCurrent(indexed, InvalidationKind.CLIENT, token.clientId())
            && (token.grantId() == null || isCurrent(indexed, InvalidationKind.GRANT, token.grantId()))
            && indexed.readIn() >= floor;
        if (current) {
            indexed.checkedIn(now);
        }
        return current;
    }

    private boolean isCurrent(IndexedToken indexed, InvalidationKind kind, String subject) {
        Long changed = changedIn.get(kind).get(subject);
        return changed == null || changed <= indexed.readIn();
    }
}
