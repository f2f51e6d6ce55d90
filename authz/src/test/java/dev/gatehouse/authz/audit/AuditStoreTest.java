package dev.gatehouse.authz.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.authz.audit.AuditChain.ChainedEvent;
import dev.gatehouse.authz.audit.AuditChain.Head;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.audit.AuditLog;
import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.sql.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The trail in SQLite, or in PostgreSQL if the tests run on it. */
class AuditStoreTest {

    private static final AuditFilter ALL = AuditFilter.ALL;

    private final Vertx vertx = Vertx.vertx();
    private final AuditChain chain = new AuditChain(new MasterKey(SecretToken.randomBytes(32)));
    private final Path directory = RunningServer.temporaryDirectory();
    private Database database;
    private AuditStore store;

    @BeforeEach
    void open() {
        database = database();
        store = new AuditStore(database, chain);
    }

    @AfterEach
    void close() {
        Waiting.on(database.close());
        Waiting.on(vertx.close());
    }

    private Database database() {
        AuthzOptions options = AuthzOptions.of(ConfigFile.check(RunningServer.configuration(directory, 9000), AuthzOptions.SCHEMA, Map.of()));
        return Waiting.on(Database.open(vertx, options.store(), DataHome.of(Map.of()), directory.resolve("authz.db"), "db/authz"));
    }

    private static AuditEvent event(String name, long at, String node) {
        return AuditEvent.of(AuditLog.describe(name, "sub", "usr_1", "client_id", "app", "source", "192.0.2.1", "reason", "because", "other", "x\u0000\ud800y"), at, node);
    }

    private List<AuditEvent> append(int from, int to) {
        List<AuditEvent> events = IntStream.rangeClosed(from, to).mapToObj(i -> event("event_" + i, i * 1000L, "a")).toList();
        Waiting.on(store.append(events));
        return events;
    }

    private List<String> faults() {
        return verify(null).faults();
    }

    private AuditVerification.Result verify(Head expected) {
        return Waiting.on(new AuditVerification(store).verify(expected));
    }

    private void change(String sql) {
        int rows = Waiting.on(database.write(statements -> statements.update(sql)));
        assertThat(rows).as(sql).isPositive();
    }

    private Head head() {
        return Waiting.on(store.head()).orElseThrow();
    }

    @Test
    void emptyTrailIsIntact() {
        assertThat(verify(null)).isEqualTo(new AuditVerification.Result(0, 0, 0, "", List.of()));
    }

    @Test
    void eventsAreNumberedChainedAndReturnedAsTheyWereRecorded() {
        List<AuditEvent> first = append(1, 5);
        append(6, 9);
        List<ChainedEvent> events = Waiting.on(store.after(0, 100));
        assertThat(events).extracting(ChainedEvent::seq).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
        for (int i = 1; i < events.size(); i++) {
            assertThat(events.get(i).previousHash()).isEqualTo(events.get(i - 1).hash());
        }
        assertThat(events.get(3).event()).isEqualTo(first.get(3));
        assertThat(first.get(3)).extracting(AuditEvent::event, AuditEvent::at, AuditEvent::node, AuditEvent::actor).containsExactly("event_4", 4000L, "a", "usr_1");
        assertThat(verify(null)).isEqualTo(new AuditVerification.Result(9, 1, 9, head().hash(), List.of()));
    }

    @Test
    void changedEventIsNamed() {
        append(1, 9);
        change("UPDATE audit_event SET actor = 'usr_2' WHERE seq = 4");
        assertThat(faults()).containsExactly("Event 4 was changed.");
    }

    @Test
    void eachFieldIsProtected() {
        append(1, 1);
        for (String column : List.of("node", "event", "actor", "client_id", "resource", "source", "reason", "request_id", "trace_id", "details", "previous_hash", "hash", "event_id")) {
            String former = Waiting.on(database.read("SELECT " + column + " AS text FROM audit_event WHERE seq = 1")).get(0).text("text");
            change("UPDATE audit_event SET " + column + " = '{}' WHERE seq = 1");
            assertThat(faults()).as(column).containsExactly("Event 1 was changed.");
            change("UPDATE audit_event SET " + column + " = " + (former == null ? "NULL" : "'" + former + "'") + " WHERE seq = 1");
            assertThat(faults()).isEmpty();
        }
        change("UPDATE audit_event SET at = at + 1 WHERE seq = 1");
        assertThat(faults()).containsExactly("Event 1 was changed.");
    }

    @Test
    void removedEventsAreNamed() {
        append(1, 9);
        change("DELETE FROM audit_event WHERE seq IN (3, 4)");
        assertThat(faults()).containsExactly("Events 3 to 4 were removed.");
    }

    @Test
    void removedFirstAndLastEventsAreNamed() {
        append(1, 9);
        change("DELETE FROM audit_event WHERE seq IN (1, 8, 9)");
        assertThat(faults()).containsExactly("Event 1 was removed.", "Events 8 to 9 were removed.");
        append(10, 10);
        assertThat(faults()).as("a later event does not hide it").contains("Event 1 was removed.", "Events 8 to 9 were removed.");
    }

    @Test
    void removalShowsEvenIfTheOthersAreRenumbered() {
        append(1, 9);
        change("DELETE FROM audit_event WHERE seq = 4");
        for (int seq = 5; seq <= 9; seq++) {
            change("UPDATE audit_event SET seq = " + (seq - 1) + " WHERE seq = " + seq);
        }
        assertThat(faults()).containsExactly("Event 4 was recorded after an event that was removed.", "Event 9 was removed.");
    }

    @Test
    void insertedEventIsNamed() {
        append(1, 5);
        for (int seq = 5; seq >= 3; seq--) {
            change("UPDATE audit_event SET seq = " + (seq + 1) + " WHERE seq = " + seq);
        }
        change("INSERT INTO audit_event SELECT 3, at, node, 'forged', actor, client_id, resource, source, reason, request_id, trace_id, details, hash, 'forged', 'forged'"
            + " FROM audit_event WHERE seq = 2");
        assertThat(faults()).containsExactly("Event 3 was inserted.", "Event 6 was inserted.");
    }

    @Test
    void reorderedEventsAreNamed() {
        append(1, 9);
        change("UPDATE audit_event SET seq = 100 WHERE seq = 4");
        change("UPDATE audit_event SET seq = 4 WHERE seq = 5");
        change("UPDATE audit_event SET seq = 5 WHERE seq = 100");
        assertThat(faults()).hasSize(3).first().isEqualTo("Event 4 was reordered: it was recorded right after the event that has the number 5 now.");
    }

    @Test
    void lostRecordOfTheNewestEventShowsForEver() {
        append(1, 3);
        change("DELETE FROM audit_head");
        assertThat(faults()).singleElement().asString().contains("record of the newest event");
        append(4, 5);
        assertThat(faults()).singleElement().asString().contains("at event 4");
        assertThat(Waiting.on(store.newest(new AuditFilter("audit_head_mismatch", null, null, null, null, null, null, null, null, null), 0, 10))).hasSize(1);
    }

    @Test
    void trailThatWasReplacedByAnOlderOneIsNotTheExpectedOne() {
        append(1, 3);
        String proof = Waiting.on(database.read("SELECT proof FROM audit_head")).get(0).text("proof");
        Head older = head();
        append(4, 6);
        Head newer = head();
        assertThat(verify(newer).faults()).isEmpty();
        change("DELETE FROM audit_event WHERE seq > 3");
        change("UPDATE audit_head SET seq = 3, hash = '" + older.hash() + "', proof = '" + proof + "'");
        assertThat(verify(null).faults()).as("the store alone cannot know").isEmpty();
        assertThat(verify(newer).faults()).singleElement().asString().contains("replaced or cut");
        assertThat(verify(older).faults()).isEmpty();
    }

    @Test
    void retentionDeletesTheOldestEventsAndTheRestCanBeVerified() {
        append(1, 9);
        assertThat(Waiting.on(store.prune(4000, 3, 50_000, "a"))).as("no more than the limit").isEqualTo(3);
        assertThat(Waiting.on(store.prune(4000, 3, 50_000, "a"))).isEqualTo(1);
        assertThat(Waiting.on(store.prune(4000, 3, 50_000, "a"))).isZero();
        AuditVerification.Result result = verify(null);
        assertThat(result.faults()).isEmpty();
        assertThat(result.first()).isEqualTo(5);
        assertThat(result.last()).as("two events about the deletion").isEqualTo(11);
        change("DELETE FROM audit_event WHERE seq = 5");
        assertThat(faults()).as("a deletion by another hand").contains("Events 1 to 5 were removed.");
    }

    @Test
    void retentionOfAllEventsKeepsTheNewest() {
        append(1, 4);
        assertThat(Waiting.on(store.prune(Long.MAX_VALUE, 100, 50_000, "a"))).isEqualTo(3);
        assertThat(Waiting.on(store.after(0, 10))).extracting(each -> each.event().event()).containsExactly("event_4", "audit_pruned");
        assertThat(faults()).isEmpty();
    }

    @Test
    void repeatedAppendStoresOnlyTheMissingEvents() {
        List<AuditEvent> events = append(1, 3);
        AuditEvent later = event("event_4", 4000, "a");
        Waiting.on(store.appendMissing(List.of(events.get(1), events.get(2), later)));
        Waiting.on(store.appendMissing(List.of(later)));
        assertThat(Waiting.on(store.after(0, 10))).extracting(each -> each.event().event()).containsExactly("event_1", "event_2", "event_3", "event_4");
        assertThat(faults()).isEmpty();
    }

    @Test
    void nodesThatAppendAtOnceMakeOneChain() {
        Database second = database();
        AuditStore other = new AuditStore(second, chain);
        Future<Void> here = Future.succeededFuture();
        Future<Void> there = Future.succeededFuture();
        for (int i = 0; i < 50; i++) {
            here = here.compose(before -> store.append(List.of(event("event", 1000, "a"), event("event", 1000, "a"))));
            there = there.compose(before -> other.append(List.of(event("event", 1000, "b"))));
        }
        Waiting.on(Future.all(here, there));
        assertThat(verify(null)).extracting(AuditVerification.Result::events, AuditVerification.Result::faults).containsExactly(150L, List.of());
        assertThat(Waiting.on(store.matching(ALL, 0, 1000))).filteredOn(each -> each.event().node().equals("b")).hasSize(50);
        Waiting.on(second.close());
    }

    @Test
    void anotherKeyForgesNothing() {
        append(1, 2);
        AuditStore forger = new AuditStore(database, new AuditChain(new MasterKey(SecretToken.randomBytes(32))));
        Waiting.on(forger.append(List.of(event("forged", 3000, "a"))));
        assertThat(faults()).contains("Event 3 was changed.", "Event 4 was changed.");
    }

    @Test
    void filterSelectsEvents() {
        append(1, 9);
        Waiting.on(store.append(List.of(AuditEvent.of(AuditLog.describe("login_failed", "account", "bob", "source", "192.0.2.7"), 20_000, "b"))));
        assertThat(numbers(new AuditFilter("event_3", null, null, null, null, null, null, null, null, null))).containsExactly(3L);
        assertThat(numbers(new AuditFilter(null, "bob", null, null, null, null, null, null, null, null))).containsExactly(10L);
        assertThat(numbers(new AuditFilter(null, "usr_1", "app", null, "192.0.2.1", null, null, 2000L, 4000L, null))).containsExactly(3L, 2L);
        assertThat(numbers(new AuditFilter("event_3' OR '1'='1", null, null, null, null, null, null, null, null, null))).isEmpty();
        assertThat(Waiting.on(store.newest(ALL, 4, 2))).extracting(ChainedEvent::seq).containsExactly(3L, 2L);
    }

    private List<Long> numbers(AuditFilter filter) {
        return Waiting.on(store.newest(filter, 0, 100)).stream().map(ChainedEvent::seq).toList();
    }
}
