package dev.gatehouse.it.chaos;

import dev.gatehouse.it.support.Tokens;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The answers that clients got, and every contradiction to them. An answer that got lost, or a 503, promises nothing: the operation may have
 * happened or not.
 */
final class Ledger {

    private static final int REMEMBERED = 60;
    private static final int REMEMBERED_OF_A_ROUND = 10;

    /** The answer to the creation of a note. */
    enum NoteAnswer {
        CREATED, REFUSED, NONE
    }

    private final Map<String, Tokens> live = new ConcurrentHashMap<>();
    private final Queue<Tokens> revoked = new ConcurrentLinkedQueue<>();
    private final Map<String, NoteAnswer> notes = new ConcurrentHashMap<>();
    private final Map<String, Tokens> olderLive = new ConcurrentSkipListMap<>();
    private final Deque<Tokens> olderRevoked = new ArrayDeque<>();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private final Queue<String> doubled = new ConcurrentLinkedQueue<>();
    private final Queue<String> broken = new ConcurrentLinkedQueue<>();
    private final AtomicLong operations = new AtomicLong();
    private final AtomicLong acknowledged = new AtomicLong();

    void operation() {
        operations.incrementAndGet();
    }

    void issued(Tokens tokens) {
        acknowledged.incrementAndGet();
        live.put(tokens.access(), tokens);
    }

    /** The client no longer relies on the token, because it has another one or does not know the outcome of its request. */
    void forget(Tokens tokens) {
        live.remove(tokens.access());
        olderLive.remove(tokens.access());
    }

    void revoked(Tokens tokens) {
        acknowledged.incrementAndGet();
        revoked.add(tokens);
    }

    void note(String title, NoteAnswer answer) {
        notes.put(title, answer);
        if (answer == NoteAnswer.CREATED) {
            acknowledged.incrementAndGet();
        }
    }

    /** A token that was issued is not valid. */
    void lost(Tokens tokens, String what) {
        forget(tokens);
        lost(what);
    }

    void lost(String what) {
        lost.add(what);
    }

    void doubled(String what) {
        doubled.add(what);
    }

    /** A status of a server's own fault, other than 503. */
    void broken(String what) {
        broken.add(what);
    }

    /** The tokens that must be valid: all of this round, and some older ones. */
    List<Tokens> live() {
        List<Tokens> all = new ArrayList<>(live.values());
        all.addAll(olderLive.values());
        return all;
    }

    /** The tokens that must not be valid: all of this round, and some older ones. */
    List<Tokens> revoked() {
        List<Tokens> all = new ArrayList<>(revoked);
        all.addAll(olderRevoked);
        return all;
    }

    Map<String, NoteAnswer> notes() {
        return new LinkedHashMap<>(notes);
    }

    /** Ends a round. */
    void close() {
        live.values().stream().limit(REMEMBERED_OF_A_ROUND).forEach(tokens -> olderLive.put(tokens.access(), tokens));
        olderLive.keySet().stream().limit(Math.max(0, olderLive.size() - REMEMBERED)).toList().forEach(olderLive::remove);
        olderRevoked.addAll(revoked);
        while (olderRevoked.size() > REMEMBERED) {
            olderRevoked.removeFirst();
        }
        live.clear();
        revoked.clear();
        notes.clear();
    }

    Totals totals() {
        return new Totals(operations.get(), acknowledged.get(), List.copyOf(lost), List.copyOf(doubled), List.copyOf(broken));
    }

    /** Counts since the start. */
    record Totals(long operations, long acknowledged, List<String> lost, List<String> doubled, List<String> broken) {

        boolean isClean() {
            return lost.isEmpty() && doubled.isEmpty() && broken.isEmpty();
        }
    }
}
