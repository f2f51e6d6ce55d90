package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.feature.Change;

import java.util.HashSet;
import java.util.Set;

/** The resources that one client wants to hear of when they change. Safe for use from any thread. */
public final class ResourceSubscriptions {

    private static final int MAXIMUM = 1_000;

    private Set<String> uris = Set.of();

    /** @return false if there are as many as one client may have */
    synchronized boolean add(String uri) {
        if (uris.isEmpty()) {
            uris = new HashSet<>();
        }
        return uris.contains(uri) || uris.size() < MAXIMUM && uris.add(uri);
    }

    synchronized void remove(String uri) {
        if (!uris.isEmpty()) {
            uris.remove(uri);
        }
    }

    /** Whether the client wants to hear of a change: of lists it always does. */
    public synchronized boolean wants(Change change) {
        return change.kind() != Change.Kind.RESOURCE_UPDATED || uris.contains(change.uri());
    }
}
