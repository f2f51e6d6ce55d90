package dev.gatehouse.authz.audit;

import dev.gatehouse.authz.audit.AuditChain.ChainedEvent;
import dev.gatehouse.shared.audit.OncePerMinute;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Delivers the events of the trail to a destination, each at least once. It reads the store, so an outage of the destination loses nothing. */
final class AuditExport {

    private static final Logger LOG = LoggerFactory.getLogger(AuditExport.class);
    private static final int EVENTS_PER_READ = 500;
    private static final long INTERVAL_MILLIS = 1_000;
    private static final long RETRY_MILLIS = 5_000;
    /** A destination that does not answer must not delay the end of the server. */
    private static final long LAST_MILLIS = 1_500;

    private final Vertx vertx;
    private final AuditStore store;
    private final Destination destination;
    private final OncePerMinute failures = new OncePerMinute();
    private volatile boolean stopped;
    private volatile Future<Boolean> running = Future.succeededFuture(false);

    AuditExport(Vertx vertx, AuditStore store, Destination destination) {
        this.vertx = vertx;
        this.store = store;
        this.destination = destination;
    }

    /** A destination of events: a file or a collector. */
    interface Destination {

        /** The name in messages. */
        String name();

        /** The number of the last delivered event; empty if another node delivers. */
        Future<Optional<Long>> position();

        /** Delivers events in this order. */
        Future<Void> deliver(List<ChainedEvent> events);
    }

    AuditExport start() {
        vertx.setTimer(INTERVAL_MILLIS, due -> run());
        return this;
    }

    private void run() {
        if (stopped) {
            return;
        }
        running = deliver();
        running.onComplete(delivered -> {
            if (delivered.failed()) {
                failures.write(held -> LOG.warn("Audit events are not delivered to {} and stay in the store: {}", destination.name(),
                    delivered.cause().getMessage()));
            }
            if (delivered.succeeded() && delivered.result()) {
                run();
            } else {
                vertx.setTimer(delivered.failed() ? RETRY_MILLIS : INTERVAL_MILLIS, due -> run());
            }
        });
    }

    /** Returns whether there may be more. */
    private Future<Boolean> deliver() {
        return destination.position().compose(position -> position.isEmpty() ? Future.succeededFuture(false)
            : store.after(position.get(), EVENTS_PER_READ).compose(events -> events.isEmpty() ? Future.succeededFuture(false)
                : destination.deliver(events).map(events.size() == EVENTS_PER_READ)));
    }

    /** Ends after one more delivery, which takes the events that the trail got at last. */
    Future<Void> stop() {
        stopped = true;
        return running.otherwise(false).compose(done -> deliver()).timeout(LAST_MILLIS, TimeUnit.MILLISECONDS).otherwise(false).mapEmpty();
    }
}
