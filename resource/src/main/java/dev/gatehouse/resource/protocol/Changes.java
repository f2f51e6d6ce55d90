package dev.gatehouse.resource.protocol;

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

    private final Map<Subscription, Consumer<Change>> listeners = new ConcurrentHashMap<>();

    /** Ends what {@link #subscribe} began. Safe to call more than once. */
    public interface Subscription {

        void cancel();
    }

    /** Tells all that listen. */
    public void publish(Change change) {
        for (Consumer<Change> listener : listeners.values()) {
            try {
                listener.accept(change);
            } catch (RuntimeException e) {
                LOG.error("A listener failed", e);
            }
        }
    }

    /** Listens until the subscription is cancelled. */
    public Subscription subscribe(Consumer<Change> listener) {
        Subscription subscription = new Subscription() {
            @Override
            public void cancel() {
                listeners.remove(this);
            }
        };
        listeners.put(subscription, listener);
        return subscription;
    }

    /** How many listen. */
    public int listeners() {
        return listeners.size();
    }
}
