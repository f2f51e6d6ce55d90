package dev.gatehouse.authz.audit;

import dev.gatehouse.authz.audit.AuditChain.Head;
import dev.gatehouse.authz.audit.ChainCheck.Fault;
import io.vertx.core.Future;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Verifies the whole audit trail. */
public final class AuditVerification {

    private static final int EVENTS_PER_READ = 1_000;

    private final AuditStore store;

    public AuditVerification(AuditStore store) {
        this.store = store;
    }

    /**
     * The result.
     *
     * @param events the number of verified events
     * @param first the number of the first event
     * @param last the number of the newest event
     * @param hash the hash of the newest event, which a later verification can expect
     * @param faults sentences; empty if the trail is as it was recorded
     */
    public record Result(long events, long first, long last, String hash, List<String> faults) {
    }

    /** Verifies the trail. @param expected a place that the trail had; null for none */
    public Future<Result> verify(Head expected) {
        // A server may append and prune between two reads, so a fault must show twice.
        return once(expected).compose(result -> result.faults().isEmpty() ? Future.succeededFuture(result) : once(expected));
    }

    private Future<Result> once(Head expected) {
        return store.head().compose(head -> store.start().compose(start -> {
            ChainCheck check = new ChainCheck(store.chain(), start);
            return read(check, 0, head.map(Head::seq).orElse(Long.MAX_VALUE))
                .compose(done -> sentences(check.end(head.orElse(null))))
                .compose(faults -> requireExpected(expected, start, faults))
                .map(faults -> new Result(check.events(), check.events() == 0 ? 0 : start.seq() + 1, check.last().seq(), check.last().hash(), faults));
        }));
    }

    private Future<Void> read(ChainCheck check, long after, long head) {
        return store.after(after, EVENTS_PER_READ).compose(events -> {
            events.stream().filter(event -> event.seq() <= head).forEach(check::accept);
            long last = events.isEmpty() ? head : events.get(events.size() - 1).seq();
            return last < head ? read(check, last, head) : readBeyond(check, head);
        });
    }

    /** Events after the newest one are faults, unless a server has appended them meanwhile. */
    private Future<Void> readBeyond(ChainCheck check, long head) {
        return store.after(head, EVENTS_PER_READ).compose(events -> store.head().map(now -> {
            if (now.map(Head::seq).orElse(0L) == head) {
                events.forEach(check::accept);
            }
            return null;
        }));
    }

    private Future<List<String>> sentences(List<Fault> faults) {
        return Future.all(faults.stream().map(this::sentence).toList()).map(all -> new ArrayList<>(all.<String>list()));
    }

    private Future<String> sentence(Fault fault) {
        String which = fault.from() == fault.to() ? "Event " + fault.from() : "Events " + fault.from() + " to " + fault.to();
        String was = fault.from() == fault.to() ? " was " : " were ";
        return switch (fault.kind()) {
            case CHANGED, REMOVED, INSERTED -> Future.succeededFuture(which + was + fault.kind().name().toLowerCase(Locale.ROOT) + ".");
            case HEAD -> Future.succeededFuture("The record of the newest event was removed or changed at event " + fault.from() + "; events before or after it may be missing.");
            case MISPLACED -> store.numberOf(fault.previousHash()).map(former -> former.isPresent()
                ? which + " was reordered: it was recorded right after the event that has the number " + former.get() + " now."
                : which + " was recorded after an event that was removed.");
        };
    }

    private Future<List<String>> requireExpected(Head expected, Head start, List<String> faults) {
        if (expected == null || expected.seq() <= start.seq()) {
            return Future.succeededFuture(faults);
        }
        return store.find(expected.seq()).map(found -> {
            if (found.filter(event -> event.hash().equals(expected.hash())).isEmpty()) {
                faults.add("Event " + expected.seq() + " is not the event with the expected hash: the trail was replaced or cut.");
            }
            return faults;
        });
    }
}
