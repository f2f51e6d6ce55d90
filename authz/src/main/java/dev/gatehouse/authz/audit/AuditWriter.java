package dev.gatehouse.authz.audit;

import dev.gatehouse.shared.audit.OncePerMinute;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * Appends events to the trail in batches, after the response: no request waits for it. If the database accepts no changes, the events wait
 * in memory. Thread-safe.
 */
final class AuditWriter {

    private static final Logger LOG = LoggerFactory.getLogger(AuditWriter.class);
    private static final int MOST_WAITING = 20_000;
    private static final int BATCH = 200;
    private static final long DELAY_MILLIS = 50;
    private static final long RETRY_MILLIS = 1_000;

    private final Vertx vertx;
    private final AuditStore store;
    private final Set<String> omitted;
    private final String node;
    private final Clock clock;
    private final OncePerMinute failures = new OncePerMinute();
    private final Queue<Recorded> waiting = new ArrayDeque<>();
    private long dropped;
    private boolean busy;
    private boolean draining;
    private volatile Future<Void> running = Future.succeededFuture();

    private record Recorded(long at, JsonObject record) {
    }

    AuditWriter(Vertx vertx, AuditStore store, List<String> omitted, String node, Clock clock) {
        this.vertx = vertx;
        this.store = store;
        this.omitted = Set.copyOf(omitted);
        this.node = node;
        this.clock = clock;
    }

    /** Takes a record. Returns at once. */
    void add(JsonObject record) {
        if (omitted.contains(record.getString("event"))) {
            return;
        }
        Recorded recorded = new Recorded(clock.millis(), record);
        synchronized (this) {
            if (waiting.size() >= MOST_WAITING) {
                dropped++;
                return;
            }
            waiting.add(recorded);
            if (busy) {
                return;
            }
            busy = true;
        }
        vertx.setTimer(DELAY_MILLIS, due -> write());
    }

    private void write() {
        List<AuditEvent> batch = isDraining() ? List.of() : batch();
        if (!batch.isEmpty()) {
            append(batch).onComplete(appended -> {
                if (appended.succeeded()) {
                    write();
                } else {
                    vertx.setTimer(RETRY_MILLIS, due -> write());
                }
            });
        }
    }

    private Future<Void> append(List<AuditEvent> batch) {
        running = store.append(batch).onSuccess(done -> remove(batch.size())).onFailure(failure -> failures.write(held ->
            LOG.error("The audit trail accepts no events; {} wait in memory: {}", size(), failure.getMessage())));
        return running;
    }

    private synchronized boolean isDraining() {
        return draining;
    }

    private List<AuditEvent> batch() {
        return oldest().stream().map(recorded -> AuditEvent.of(recorded.record(), recorded.at(), node)).toList();
    }

    /** The oldest records. They stay in the queue until they are stored. */
    private synchronized List<Recorded> oldest() {
        List<Recorded> oldest = waiting.stream().limit(BATCH).toList();
        busy = !oldest.isEmpty();
        return oldest;
    }

    private synchronized void remove(int count) {
        for (int i = 0; i < count; i++) {
            waiting.remove();
        }
        if (dropped > 0) {
            waiting.add(new Recorded(clock.millis(), new JsonObject().put("event", "audit_events_dropped").put("count", dropped)));
            dropped = 0;
        }
    }

    private synchronized int size() {
        return waiting.size();
    }

    /** Stores the events that wait, and takes no more care of later ones; ends also if the database does not accept them. */
    Future<Void> drain() {
        synchronized (this) {
            draining = true;
        }
        return running.otherwiseEmpty().compose(done -> drainRest());
    }

    private Future<Void> drainRest() {
        List<AuditEvent> batch = batch();
        return batch.isEmpty() ? Future.succeededFuture() : append(batch).compose(done -> drainRest());
    }
}
