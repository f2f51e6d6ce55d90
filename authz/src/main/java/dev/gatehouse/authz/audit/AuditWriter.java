package dev.gatehouse.authz.audit;

import dev.gatehouse.shared.audit.OncePerMinute;
import dev.gatehouse.shared.sql.StoreUnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/**
 * Appends events to the trail in batches, after the response: only a change of the administration waits for it. If the database accepts no changes, the events wait
 * in memory. Thread-safe.
 */
final class AuditWriter {

    private static final Logger LOG = LoggerFactory.getLogger(AuditWriter.class);
    private static final int MOST_WAITING = 20_000;
    private static final int BATCH = 200;
    private static final long DELAY_MILLIS = 50;
    private static final long RETRY_MILLIS = 1_000;
    private static final int MOST_REJECTIONS = 3;

    private final Vertx vertx;
    private final AuditStore store;
    private final Set<String> omitted;
    private final String node;
    private final Clock clock;
    private final OncePerMinute failures = new OncePerMinute();
    private final Queue<Recorded> waiting = new ArrayDeque<>();
    private final String run = AuditEvent.newId();
    private long recorded;
    private long dropped;
    private int rejections;
    private boolean unconfirmed;
    private boolean busy;
    private long timer;
    private long stored;
    private final Queue<Awaited> awaited = new ArrayDeque<>();
    private boolean draining;
    private volatile Future<Void> running = Future.succeededFuture();

    private record Recorded(String id, long at, JsonObject record) {
    }

    /** A caller who waits for the events that were recorded before. @param through their number */
    private record Awaited(long through, Promise<Void> stored) {
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
        long now = clock.millis();
        synchronized (this) {
            if (waiting.size() >= MOST_WAITING) {
                dropped++;
                return;
            }
            enqueue(record, now);
            if (busy) {
                return;
            }
            busy = true;
            timer = vertx.setTimer(DELAY_MILLIS, due -> write());
        }
    }

    /** Stores the events that have been recorded so far without the usual delay. Completes when they are stored. */
    Future<Void> flush() {
        Promise<Void> promise = Promise.promise();
        synchronized (this) {
            if (waiting.isEmpty()) {
                return Future.succeededFuture();
            }
            awaited.add(new Awaited(recorded, promise));
        }
        // A timer that cannot be cancelled has begun the batch.
        if (vertx.cancelTimer(timer)) {
            write();
        }
        return promise.future();
    }

    private synchronized void enqueue(JsonObject record, long at) {
        waiting.add(new Recorded(run + "-" + recorded++, at, record));
    }

    /** The lock makes the check and the start of a batch one step: {@link #drain} must not take the same events. */
    private synchronized void write() {
        List<AuditEvent> batch = draining ? List.of() : batch();
        if (!batch.isEmpty()) {
            running = append(batch);
            running.onComplete(appended -> {
                if (appended.succeeded()) {
                    write();
                } else {
                    vertx.setTimer(RETRY_MILLIS, due -> write());
                }
            });
        }
    }

    private Future<Void> append(List<AuditEvent> batch) {
        return (startsUnconfirmed() ? store.appendMissing(batch) : store.append(batch)).onSuccess(done -> remove(batch.size()))
            .recover(failure -> isRejection(failure) ? appendEach(batch) : Future.failedFuture(failure))
            .onSuccess(done -> confirmed())
            .onFailure(failure -> failures.write(held ->
                LOG.error("The audit trail accepts no events; {} wait in memory: {}", size(), failure.getMessage())));
    }

    /** Returns whether the attempt before this one has failed, so that its events may be stored. */
    private synchronized boolean startsUnconfirmed() {
        boolean before = unconfirmed;
        unconfirmed = true;
        return before;
    }

    private synchronized void confirmed() {
        unconfirmed = false;
        rejections = 0;
    }

    /** Returns whether the database works, but has rejected the batch several times. */
    private synchronized boolean isRejection(Throwable failure) {
        return !(failure instanceof StoreUnavailableException) && (++rejections >= MOST_REJECTIONS || draining);
    }

    private Future<Void> appendEach(List<AuditEvent> batch) {
        Future<Void> appended = Future.succeededFuture();
        for (AuditEvent event : batch) {
            appended = appended.compose(before -> appendAlone(event));
        }
        return appended;
    }

    private Future<Void> appendAlone(AuditEvent event) {
        return store.appendMissing(List.of(event))
            .recover(failure -> failure instanceof StoreUnavailableException ? Future.failedFuture(failure) : reject(event, failure))
            .onSuccess(done -> remove(1));
    }

    /** Stores a note in place of an event. If the database does not accept the note either, the event is not the cause and waits. */
    private Future<Void> reject(AuditEvent event, Throwable failure) {
        JsonObject note = new JsonObject().put("event", AuditEvent.REJECTED).put("rejected", event.event()).put("request_id", event.requestId());
        return store.append(List.of(AuditEvent.of(note, clock.millis(), node))).onSuccess(noted ->
            LOG.error("The database rejects the event {} of request {}. It is in the audit log alone: {}", event.event(), event.requestId(), failure.getMessage()));
    }

    private List<AuditEvent> batch() {
        return oldest().stream().map(each -> AuditEvent.of(each.id(), each.record(), each.at(), node)).toList();
    }

    /** The oldest records. They stay in the queue until they are stored. */
    private synchronized List<Recorded> oldest() {
        List<Recorded> oldest = waiting.stream().limit(BATCH).toList();
        busy = !oldest.isEmpty();
        return oldest;
    }

    private void remove(int count) {
        List<Awaited> done = new ArrayList<>();
        synchronized (this) {
            for (int i = 0; i < count; i++) {
                waiting.remove();
            }
            stored += count;
            while (!awaited.isEmpty() && awaited.peek().through() <= stored) {
                done.add(awaited.remove());
            }
            if (dropped > 0) {
                enqueue(new JsonObject().put("event", "audit_events_dropped").put("count", dropped), clock.millis());
                dropped = 0;
            }
        }
        done.forEach(each -> each.stored().complete());
    }

    private synchronized int size() {
        return waiting.size();
    }

    /** Stores the events that wait, and takes no more care of later ones; ends also if the database does not accept them. */
    Future<Void> drain() {
        Future<Void> started;
        synchronized (this) {
            draining = true;
            started = running;
        }
        return started.otherwiseEmpty().compose(done -> drainRest());
    }

    private Future<Void> drainRest() {
        List<AuditEvent> batch = batch();
        return batch.isEmpty() ? Future.succeededFuture() : append(batch).compose(done -> drainRest());
    }
}
