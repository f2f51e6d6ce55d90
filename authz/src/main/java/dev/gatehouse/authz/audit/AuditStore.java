package dev.gatehouse.authz.audit;

import dev.gatehouse.authz.audit.AuditChain.ChainedEvent;
import dev.gatehouse.authz.audit.AuditChain.Head;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The audit trail in the database. All nodes append to one chain, one batch at a time, so that it also proves the order of events across nodes. */
public final class AuditStore {

    private static final String COLUMNS = "seq, at, node, event, actor, client_id, resource, source, reason, request_id, trace_id, details, previous_hash, hash, event_id";
    private static final String INSERT = "INSERT INTO audit_event (" + COLUMNS + ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    private static final String STORED = "SELECT event_id FROM audit_event WHERE event_id IN ";
    private static final String HEAD = "SELECT seq, hash, proof FROM audit_head WHERE id = 1";
    private static final String NEWEST = "SELECT seq, hash FROM audit_event ORDER BY seq DESC LIMIT 1";
    private static final String SET_HEAD = """
        INSERT INTO audit_head (id, seq, hash, proof) VALUES (1, $1, $2, $3)
        ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, proof = excluded.proof
        """;
    private static final String WAITING = "SELECT seq, at, record FROM administration WHERE chained_at IS NULL ORDER BY seq LIMIT 200";
    private static final String CHAINED = "UPDATE administration SET chained_at = $1 WHERE seq = $2";
    private static final String FIRST = "SELECT MIN(seq) AS seq FROM audit_event";
    private static final String FIRST_YOUNG = "SELECT MIN(seq) AS seq FROM audit_event WHERE at > $1";
    private static final String DELETE = "DELETE FROM audit_event WHERE seq <= $1";
    private static final String AFTER = "SELECT " + COLUMNS + " FROM audit_event WHERE seq > $1 ORDER BY seq LIMIT $2";
    private static final String OF_NUMBER = "SELECT " + COLUMNS + " FROM audit_event WHERE seq = $1";
    private static final String OF_HASH = "SELECT seq FROM audit_event WHERE hash = $1 ORDER BY seq LIMIT 1";
    private static final long HOUR = 3_600_000;
    private static final String HOURLY = "SELECT at / 3600000 AS hour, event, COUNT(*) AS events FROM audit_event WHERE at >= $1 GROUP BY at / 3600000, event";
    private static final String ANCHORS = "SELECT " + COLUMNS + " FROM audit_event WHERE event = '" + AuditEvent.PRUNED + "' ORDER BY seq DESC LIMIT 100";

    private static final String BEGIN_EXPORT = "INSERT INTO audit_export (name, seq, holder, held_until) VALUES ($1, 0, $2, 0) ON CONFLICT (name) DO NOTHING";
    private static final String TAKE_TURN = "UPDATE audit_export SET holder = $1, held_until = $2 WHERE name = $3 AND (holder = $1 OR held_until < $4) RETURNING seq";
    private static final String DELIVERED = "UPDATE audit_export SET seq = $1 WHERE name = $2 AND holder = $3";

    private final Database database;
    private final AuditChain chain;

    public AuditStore(Database database, AuditChain chain) {
        this.database = database;
        this.chain = chain;
    }

    /** Appends events in this order. */
    Future<Void> append(List<AuditEvent> events) {
        return database.write(statements -> append(statements, events)).mapEmpty();
    }

    /** Appends those of the events that are not stored yet, after an attempt whose outcome is unknown. */
    Future<Void> appendMissing(List<AuditEvent> events) {
        String places = IntStream.rangeClosed(1, events.size()).mapToObj(i -> "$" + i).collect(Collectors.joining(", "));
        return database.write(statements -> statements.lock("audit trail")
            .compose(held -> statements.query(STORED + "(" + places + ")", events.stream().map(AuditEvent::id).toArray()))
            .compose(rows -> {
                Set<String> stored = rows.stream().map(row -> row.text("event_id")).collect(Collectors.toSet());
                List<AuditEvent> missing = events.stream().filter(event -> !stored.contains(event.id())).toList();
                return missing.isEmpty() ? Future.<Void>succeededFuture() : appendAtHead(statements, missing).<Void>mapEmpty();
            }));
    }

    private Future<Head> append(Statements statements, List<AuditEvent> events) {
        // The lock comes first: on PostgreSQL only a later statement sees the head of the transaction that held it.
        return statements.lock("audit trail").compose(held -> appendAtHead(statements, events));
    }

    /** Appends events in a transaction that holds the lock. */
    private Future<Head> appendAtHead(Statements statements, List<AuditEvent> events) {
        return statements.query(HEAD).compose(heads -> statements.query(NEWEST).compose(newest -> append(statements, heads, newest, events)));
    }

    private Future<Head> append(Statements statements, List<SqlRow> heads, List<SqlRow> newest, List<AuditEvent> events) {
        Head recorded = heads.isEmpty() ? Head.START : head(heads.get(0));
        Head present = newest.isEmpty() ? Head.START : head(newest.get(0));
        boolean valid = recorded.equals(present) && (heads.isEmpty() || isProven(heads.get(0)));
        Head last = recorded.seq() > present.seq() ? recorded : present;
        List<AuditEvent> all = new ArrayList<>(events);
        if (!valid) {
            JsonObject mismatch = new JsonObject().put("event", AuditEvent.HEAD_MISMATCH).put("head", recorded.seq()).put("newest", present.seq());
            all.add(0, AuditEvent.of(mismatch, events.get(0).at(), events.get(0).node()));
        }
        List<Future<Integer>> inserted = new ArrayList<>(all.size() + 1);
        for (AuditEvent event : all) {
            ChainedEvent next = chain.next(last, event);
            inserted.add(insert(statements, next));
            last = next.head();
        }
        Head end = last;
        inserted.add(statements.update(SET_HEAD, end.seq(), end.hash(), chain.proof(end)));
        return Future.all(inserted).map(end);
    }

    private boolean isProven(SqlRow row) {
        return chain.proof(head(row)).equals(row.text("proof"));
    }

    private static Future<Integer> insert(Statements statements, ChainedEvent next) {
        AuditEvent event = next.event();
        return statements.update(INSERT, next.seq(), event.at(), event.node(), event.event(), event.actor(), event.clientId(), event.resource(),
            event.source(), event.reason(), event.requestId(), event.traceId(), event.details(), next.previousHash(), next.hash(), event.id());
    }

    /** Appends the records of commands that are not in the trail yet. Returns their number. */
    public Future<Integer> appendCommands(String node, long now) {
        return database.read(WAITING).compose(found -> found.isEmpty() ? Future.succeededFuture(0)
            : database.write(statements -> statements.lock("audit trail").compose(held -> statements.query(WAITING))
                .compose(rows -> rows.isEmpty() ? Future.succeededFuture(0) : appendAtHead(statements, rows.stream().map(row -> command(row, node)).toList())
                    .compose(appended -> Future.all(rows.stream().map(row -> statements.update(CHAINED, now, row.number("seq"))).toList()))
                    .map(marked -> rows.size()))));
    }

    private static AuditEvent command(SqlRow row, String node) {
        return AuditEvent.of(new JsonObject(row.text("record")), row.number("at"), node);
    }

    /**
     * Deletes the oldest events. An event of the trail names the last deleted event and its hash, so that the rest can be verified.
     *
     * @param cutoff events of this time and earlier are deleted, up to the first younger one
     * @param most the most events to delete
     * @return the number of deleted events
     */
    Future<Integer> prune(long cutoff, int most, long now, String node) {
        return database.write(statements -> statements.lock("audit trail").compose(held -> statements.query(FIRST)).compose(first -> statements
            .query(FIRST_YOUNG, cutoff).compose(young -> statements.query(HEAD).compose(head -> {
                Long oldest = first.get(0).numberOrNull("seq");
                if (oldest == null || head.isEmpty()) {
                    return Future.succeededFuture(0);
                }
                Long kept = young.get(0).numberOrNull("seq");
                long through = Math.min((kept == null ? head.get(0).number("seq") : kept) - 1, oldest + most - 1);
                return through < oldest ? Future.succeededFuture(0) : prune(statements, through, cutoff, now, node);
            }))));
    }

    private Future<Integer> prune(Statements statements, long through, long cutoff, long now, String node) {
        return statements.query(OF_NUMBER, through).compose(rows -> {
            if (rows.isEmpty()) {
                return Future.succeededFuture(0);
            }
            JsonObject record = new JsonObject().put("event", AuditEvent.PRUNED).put("reason", "retention").put("through", through)
                .put("through_hash", rows.get(0).text("hash")).put("cutoff", cutoff);
            return appendAtHead(statements, List.of(AuditEvent.of(record, now, node))).compose(anchored -> statements.update(DELETE, through));
        });
    }

    /** The events after a number, at most so many. */
    public Future<List<ChainedEvent>> after(long seq, int limit) {
        return database.read(AFTER, seq, limit).map(AuditStore::events);
    }

    /** The newest events that match, the newest first. @param before only events with smaller numbers; 0 for all */
    public Future<List<ChainedEvent>> newest(AuditFilter filter, long before, int limit) {
        List<Object> parameters = new ArrayList<>();
        String where = filter.where(parameters);
        if (before > 0) {
            parameters.add(before);
            where += " AND seq < $" + parameters.size();
        }
        parameters.add(limit);
        return database.read("SELECT " + COLUMNS + " FROM audit_event WHERE " + where + " ORDER BY seq DESC LIMIT $" + parameters.size(), parameters.toArray())
            .map(AuditStore::events);
    }

    /** The matching events after a number, the oldest first. */
    public Future<List<ChainedEvent>> matching(AuditFilter filter, long after, int limit) {
        List<Object> parameters = new ArrayList<>();
        String where = filter.where(parameters);
        parameters.add(after);
        where += " AND seq > $" + parameters.size();
        parameters.add(limit);
        return database.read("SELECT " + COLUMNS + " FROM audit_event WHERE " + where + " ORDER BY seq LIMIT $" + parameters.size(), parameters.toArray())
            .map(AuditStore::events);
    }

    /** The numbers of events by their hour, since a time. */
    public Future<List<EventCount>> hourly(long since) {
        return database.read(HOURLY, since).map(rows -> rows.stream().map(row -> new EventCount(row.number("hour") * HOUR, row.text("event"), row.number("events"))).toList());
    }

    /** The number of events of a name in an hour. @param hour its beginning, epoch milliseconds */
    public record EventCount(long hour, String event, long events) {
    }

    /** The event of a number. */
    Future<Optional<ChainedEvent>> find(long seq) {
        return database.read(OF_NUMBER, seq).map(rows -> rows.stream().map(AuditStore::event).findFirst());
    }

    /** The number of the event with a hash. */
    Future<Optional<Long>> numberOf(String hash) {
        return database.read(OF_HASH, hash).map(rows -> rows.stream().map(row -> row.number("seq")).findFirst());
    }

    /** The newest event, if its proof is valid. */
    Future<Optional<Head>> head() {
        return database.read(HEAD).map(rows -> rows.stream().filter(this::isProven).map(AuditStore::head).findFirst());
    }

    /** The place before the first kept event: that of the deletion by retention which ended there, else the beginning of the trail. */
    Future<Head> start() {
        return database.read(FIRST).compose(first -> {
            Long oldest = first.get(0).numberOrNull("seq");
            return oldest == null || oldest == 1 ? Future.succeededFuture(Head.START) : database.read(ANCHORS).map(rows -> events(rows).stream()
                .filter(chain::isAuthentic).map(AuditStore::anchor).filter(anchor -> anchor.seq() == oldest - 1).findFirst().orElse(Head.START));
        });
    }

    private static Head anchor(ChainedEvent pruned) {
        JsonObject details = new JsonObject(pruned.event().details());
        return new Head(details.getLong("through"), details.getString("through_hash"));
    }

    private static Head head(SqlRow row) {
        return new Head(row.number("seq"), row.text("hash"));
    }

    private static List<ChainedEvent> events(List<SqlRow> rows) {
        return rows.stream().map(AuditStore::event).toList();
    }

    private static ChainedEvent event(SqlRow row) {
        AuditEvent event = new AuditEvent(row.text("event_id"), row.number("at"), row.text("node"), row.text("event"), row.text("actor"), row.text("client_id"), row.text("resource"),
            row.text("source"), row.text("reason"), row.text("request_id"), row.text("trace_id"), row.text("details"));
        return new ChainedEvent(row.number("seq"), event, row.text("previous_hash"), row.text("hash"));
    }

    /**
     * Takes the turn to deliver events.
     *
     * @param name the exporter
     * @param holder the node
     * @return the last delivered event; empty if another node has the turn
     */
    Future<Optional<Long>> takeTurn(String name, String holder, long now, long until) {
        return database.write(statements -> statements.update(BEGIN_EXPORT, name, holder).compose(begun -> statements.query(TAKE_TURN, holder, until, name, now)))
            .map(rows -> rows.stream().map(row -> row.number("seq")).findFirst());
    }

    /** Records the last delivered event. */
    Future<Void> delivered(String name, String holder, long seq) {
        return database.write(statements -> statements.update(DELIVERED, seq, name, holder)).mapEmpty();
    }

    AuditChain chain() {
        return chain;
    }

    /** Events in the order of time, from a list in the reverse order. */
    public static List<ChainedEvent> reversed(List<ChainedEvent> events) {
        List<ChainedEvent> reversed = new ArrayList<>(events);
        Collections.reverse(reversed);
        return reversed;
    }
}
