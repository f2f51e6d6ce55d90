package dev.gatehouse.mcp.feature;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Where what changes is told, and heard by the connections that have to tell their clients. Safe for use from any thread;
 * listeners are called on the thread that publishes, so they must not block.
 */
public final class Changes {

    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

    /** Under this name those who hear of everybody's changes. */
    private static final String EVERYBODY = "";

    /** By whom they are for: a change of one user's costs nothing for the streams of all others. */
    private final Map<String, Map<Subscription, Consumer<Change>>> listeners = new ConcurrentHashMap<>();

    /** Ends what {@link #subscribe} began. Safe to call more than once. */
    public interface Subscription {

        void cancel();
    }

    /** Tells those who listen to the owner's changes, or all if it has none. */
    public void publish(Change change) {
        if (change.owner() == null) {
            listeners.values().forEach(some -> tell(some, change));
        } else {
            tell(listeners.getOrDefault(change.owner(), Map.of()), change);
            tell(listeners.getOrDefault(EVERYBODY, Map.of()), change);
        }
    }

    private static void tell(Map<Subscription, Consumer<Change>> some, Change change) {
        for (Consumer<Change> listener : some.values()) {
            try {
                listener.accept(change);
            } catch (RuntimeException e) {
                LOG.error("A listener failed", e);
            }
        }
    }

    /** Listens to all changes until the subscription is cancelled. */
    public Subscription subscribe(Consumer<Change> listener) {
        return subscribe(EVERYBODY, listener);
    }

    /**
     * Listens to the changes of one owner, and to those that have none, until the subscription is cancelled.
     *
     * @param owner as {@link Change#owner}
     */
    public Subscription subscribe(String owner, Consumer<Change> listener) {
        Subscription subscription = new Subscription() {
            @Override
            public void cancel() {
                listeners.computeIfPresent(owner, (same, some) -> {
                    some.remove(this);
                    return some.isEmpty() ? null : some;
                });
            }
        };
        listeners.compute(owner, (same, some) -> {
            Map<Subscription, Consumer<Change>> others = some == null ? new ConcurrentHashMap<>() : some;
            others.put(subscription, listener);
            return others;
        });
        return subscription;
    }

    /** How many listen. */
    public int listeners() {
        return listeners.values().stream().mapToInt(Map::size).sum();
    }
}
