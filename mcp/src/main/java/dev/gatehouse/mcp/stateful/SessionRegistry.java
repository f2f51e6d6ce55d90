package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.api.Principal;

import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The open sessions, found by id for their principal, bounded in number, and closed when idle. Safe for use from several event loops: the
 * next connection of a client may reach any of them.
 */
public final class SessionRegistry {

    /** Sessions without streams and pending requests first, and of them the one that was used longest ago. */
    private static final Comparator<Entry> IDLEST_FIRST = Comparator.<Entry, Boolean>comparing(entry -> entry.session.isBusy())
        .thenComparing(entry -> !entry.session.isQuiet()).thenComparingLong(entry -> entry.usedAt);

    private final int maximum;
    private final int perPrincipal;
    private final long idleMillis;
    private final Clock clock;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final Map<Owner, Set<Entry>> owned = new ConcurrentHashMap<>();

    /**
     * @param maximum sessions of all callers
     * @param perPrincipal sessions of one caller
     * @param idleSeconds time without a request after which a session without an open channel ends
     */
    public SessionRegistry(int maximum, int perPrincipal, int idleSeconds, Clock clock) {
        this.maximum = maximum;
        this.perPrincipal = perPrincipal;
        this.idleMillis = idleSeconds * 1000L;
        this.clock = clock;
    }

    private record Owner(String issuer, String subject, String clientId) {

        static Owner of(StatefulSession<?> session) {
            Principal principal = session.owner();
            return new Owner(principal.issuer(), principal.subject(), principal.clientId());
        }
    }

    private static final class Entry {

        private final StatefulSession<?> session;
        private volatile long usedAt;

        Entry(StatefulSession<?> session, long now) {
            this.session = session;
            this.usedAt = now;
        }
    }

    /**
     * Adds a session. If a principal has too many, its idlest one ends: clients that crash leave their sessions open.
     *
     * @throws TooManySessions if there is no room on the server; the session then has not been added
     */
    public void add(StatefulSession<?> session) {
        requireRoom();
        Entry entry = new Entry(session, clock.millis());
        entries.put(session.id(), entry);
        Set<Entry> own = owned.compute(Owner.of(session), (same, before) -> {
            Set<Entry> all = before == null ? ConcurrentHashMap.newKeySet() : before;
            all.add(entry);
            return all;
        });
        if (own.size() > perPrincipal) {
            own.stream().filter(each -> each != entry).min(IDLEST_FIRST).ifPresent(idlest -> remove(idlest.session));
        }
    }

    private void requireRoom() {
        if (entries.size() >= maximum) {
            sweep();
        }
        if (entries.size() >= maximum) {
            throw new TooManySessions();
        }
    }

    /** The session of that id if its channel is of that kind and it belongs to the principal. It counts as used now. */
    @SuppressWarnings("unchecked")
    public <C extends SessionChannel> Optional<StatefulSession<C>> find(String id, Principal principal, Class<C> kind) {
        Entry entry = entries.get(id);
        if (entry == null || !kind.isInstance(entry.session.channel()) || !entry.session.owner().sameAs(principal)) {
            return Optional.empty();
        }
        entry.usedAt = clock.millis();
        return Optional.of((StatefulSession<C>) entry.session);
    }

    /** Ends a session; one that has ended already is left alone. */
    public void remove(StatefulSession<?> session) {
        Entry entry = entries.get(session.id());
        if (entry != null && entry.session == session && entries.remove(session.id(), entry)) {
            owned.computeIfPresent(Owner.of(session), (same, all) -> {
                all.remove(entry);
                return all.isEmpty() ? null : all;
            });
            session.close();
        }
    }

    /** Ends the sessions that have been idle for too long. */
    public void sweep() {
        long before = clock.millis() - idleMillis;
        for (Entry entry : entries.values()) {
            if (entry.usedAt < before && entry.session.isQuiet()) {
                remove(entry.session);
            }
        }
    }

    /** Returns the number of sessions. */
    public int size() {
        return entries.size();
    }

    /** Ends all sessions. */
    public void close() {
        List.copyOf(entries.values()).forEach(entry -> remove(entry.session));
    }

    /** There is no room for another session on this server. */
    public static final class TooManySessions extends RuntimeException {

        TooManySessions() {
            super("Too many sessions on this server. Try again later.", null, false, false);
        }
    }
}
