package dev.gatehouse.mcp.feature;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Publishes changes to the connections that notify clients. Safe for use from any thread; listeners run on the thread that publishes, so
 * they must not block.
 */
public final class Changes {

    private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

    /** The key of listeners to the changes of all users. */
    private static final String ALL_USERS = "";

    /** By owner: a change for one user costs nothing for the streams of all others. */
    private final Map<String, Map<Subscription, Consumer<Change>>> listeners = new ConcurrentHashMap<>();

    /** Creates a publisher without listeners. */
    public Changes() {
    }

    /** A registered listener. Cancelling it more than once is safe. */
    public interface Subscription {

        /** Ends the subscription. */
        void cancel();
    }

    /**
     * Notifies the listeners of the change's owner, or all listeners if it has none.
     *
     * @param change the change
     */
    public void publish(Change change) {
        if (change.owner() == null) {
            listeners.values().forEach(some -> tell(some, change));
        } else {
            tell(listeners.getOrDefault(change.owner(), Map.of()), change);
            tell(listeners.getOrDefault(ALL_USERS, Map.of()), change);
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

    /**
     * Listens to all changes until the subscription is cancelled.
     *
     * @param listener receives the changes
     * @return the subscription
     */
    public Subscription subscribe(Consumer<Change> listener) {
        return subscribe(ALL_USERS, listener);
    }

    /**
     * Listens to the changes of one owner and to those without an owner, until the subscription is cancelled.
     *
     * @param owner as {@link Change#owner}
     * @param listener receives the changes
     * @return the subscription
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

    /** {@return the number of listeners} */
    public int listeners() {
        return listeners.values().stream().mapToInt(Map::size).sum();
    }
}
