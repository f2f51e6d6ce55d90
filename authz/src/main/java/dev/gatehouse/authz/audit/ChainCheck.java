package dev.gatehouse.authz.audit;

import dev.gatehouse.authz.audit.AuditChain.ChainedEvent;
import dev.gatehouse.authz.audit.AuditChain.Head;

import java.util.ArrayList;
import java.util.List;

/** Finds changed, removed, inserted and reordered events. Takes the events in the order of their numbers. */
final class ChainCheck {

    private static final int MOST_FAULTS = 20;

    private final AuditChain chain;
    private final List<Fault> faults = new ArrayList<>();
    private Head last;
    private Head beforeSuspect;
    private ChainedEvent suspect;
    private long events;

    /** @param start the place before the first event that is kept */
    ChainCheck(AuditChain chain, Head start) {
        this.chain = chain;
        this.last = start;
    }

    /** The kinds of faults. */
    enum Kind {
        CHANGED, REMOVED, INSERTED, MISPLACED, HEAD
    }

    /**
     * A fault.
     *
     * @param from the number of the first event concerned
     * @param to the number of the last
     * @param previousHash of a misplaced event: the hash of the event that it followed
     */
    record Fault(Kind kind, long from, long to, String previousHash) {

        static Fault at(Kind kind, long from, long to) {
            return new Fault(kind, from, to, null);
        }
    }

    void accept(ChainedEvent event) {
        events++;
        if (event.seq() > last.seq() + 1) {
            settleSuspect(null);
            add(Fault.at(Kind.REMOVED, last.seq() + 1, event.seq() - 1));
            last = new Head(event.seq() - 1, event.previousHash());
        }
        if (!chain.isAuthentic(event)) {
            settleSuspect(null);
            suspect = event;
            beforeSuspect = last;
        } else if (suspect != null) {
            settleSuspect(event.previousHash());
        } else if (!event.previousHash().equals(last.hash())) {
            add(new Fault(Kind.MISPLACED, event.seq(), event.seq(), event.previousHash()));
        }
        if (suspect == null && event.event().event().equals(AuditEvent.HEAD_MISMATCH)) {
            add(Fault.at(Kind.HEAD, event.seq(), event.seq()));
        }
        last = event.head();
    }

    /** An event without a valid hash was inserted if its successor follows its predecessor; otherwise it was changed. */
    private void settleSuspect(String successorFollows) {
        if (suspect != null) {
            boolean inserted = beforeSuspect.hash().equals(successorFollows);
            add(Fault.at(inserted ? Kind.INSERTED : Kind.CHANGED, suspect.seq(), suspect.seq()));
            suspect = null;
        }
    }

    private void add(Fault fault) {
        if (faults.size() < MOST_FAULTS) {
            faults.add(fault);
        }
    }

    /** The faults. @param head the newest event as the store has recorded it; null if there is no record or its proof is not valid */
    List<Fault> end(Head head) {
        settleSuspect(null);
        if (head == null) {
            if (last.seq() > 0) {
                add(Fault.at(Kind.HEAD, last.seq(), last.seq()));
            }
        } else if (head.seq() > last.seq()) {
            add(Fault.at(Kind.REMOVED, last.seq() + 1, head.seq()));
        } else if (head.seq() < last.seq()) {
            add(Fault.at(Kind.INSERTED, head.seq() + 1, last.seq()));
        } else if (!head.hash().equals(last.hash()) && faults.isEmpty()) {
            add(Fault.at(Kind.CHANGED, head.seq(), head.seq()));
        }
        return List.copyOf(faults);
    }

    long events() {
        return events;
    }

    Head last() {
        return last;
    }
}
