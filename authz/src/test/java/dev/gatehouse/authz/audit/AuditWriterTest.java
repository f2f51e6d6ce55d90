package dev.gatehouse.authz.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.sql.ChangeFeed.FeedPage;
import dev.gatehouse.shared.sql.ChangeFeed.FeedTable;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.StoreUnavailableException;
import dev.gatehouse.shared.sql.Transaction;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** The writer of the trail, on a database that rejects an event, or loses the answer to a commit. */
class AuditWriterTest {

    private static final Duration LONGEST = Duration.ofSeconds(20);
    private static final AuditChain CHAIN = new AuditChain(new MasterKey(new byte[32]));

    private static JsonObject record(String event) {
        return new JsonObject().put("event", event).put("request_id", "request-of-" + event);
    }

    private static List<String> names(Database database) {
        return Waiting.on(database.read("SELECT event FROM audit_event WHERE request_id IS NOT NULL ORDER BY seq")).stream().map(row -> row.text("event")).toList();
    }

    private static AuditWriter writer(Vertx vertx, Database database) {
        return new AuditWriter(vertx, new AuditStore(database, CHAIN), List.of(), "node", Clock.systemUTC());
    }

    /** A trail that accepts one event of this name and rejects all later ones, on both engines. */
    private static RunningServer serverThatRejectsTheSecond(String event) {
        RunningServer server = RunningServer.start(new JsonObject().put("audit", new JsonObject().put("store", new JsonObject().put("enabled", false))));
        Waiting.on(server.database().write(statements -> statements.update("CREATE UNIQUE INDEX once ON audit_event (event) WHERE event = '" + event + "'")));
        return server;
    }

    @Test
    void eventThatTheDatabaseRejectsDoesNotBlockTheOthers() {
        Vertx vertx = Vertx.vertx();
        try (RunningServer server = serverThatRejectsTheSecond("poison")) {
            AuditWriter writer = writer(vertx, server.database());
            List.of("first", "poison", "second", "poison", "third").forEach(event -> writer.add(record(event)));
            Eventually.holds("the others are stored", LONGEST, () -> names(server.database()).contains("third"));
            assertThat(names(server.database())).containsExactly("first", "poison", "second", "audit_event_rejected", "third");
            writer.add(record("later"));
            Eventually.holds("the trail goes on", LONGEST, () -> names(server.database()).contains("later"));
            assertThat(Waiting.on(new AuditVerification(new AuditStore(server.database(), CHAIN)).verify(null)).faults()).isEmpty();
        } finally {
            Waiting.on(vertx.close());
        }
    }

    @Test
    void flushCompletesWhenTheEventsBeforeItAreStored() {
        Vertx vertx = Vertx.vertx();
        try (RunningServer server = RunningServer.start(new JsonObject().put("audit", new JsonObject().put("store", new JsonObject().put("enabled", false))))) {
            AuditWriter writer = writer(vertx, server.database());
            Waiting.on(writer.flush());
            for (int i = 0; i < 30; i++) {
                writer.add(record("event-" + i));
                Waiting.on(writer.flush());
                assertThat(names(server.database())).hasSize(i + 1).endsWith("event-" + i);
            }
            List<Future<Void>> flushes = IntStream.range(0, 500).mapToObj(i -> {
                writer.add(record("many-" + i));
                return writer.flush();
            }).toList();
            Waiting.on(Future.all(flushes));
            assertThat(names(server.database())).hasSize(530).endsWith("many-499").doesNotHaveDuplicates();
        } finally {
            Waiting.on(vertx.close());
        }
    }

    @Test
    void rejectedEventDoesNotKeepTheOthersFromBeingStoredAtTheEnd() {
        Vertx vertx = Vertx.vertx();
        try (RunningServer server = serverThatRejectsTheSecond("poison")) {
            AuditWriter writer = writer(vertx, server.database());
            List.of("poison", "poison", "last").forEach(event -> writer.add(record(event)));
            Waiting.on(writer.drain());
            assertThat(names(server.database())).containsExactly("poison", "audit_event_rejected", "last");
        } finally {
            Waiting.on(vertx.close());
        }
    }

    @Test
    void nothingIsGivenUpWhileTheDatabaseRejectsAll() {
        Vertx vertx = Vertx.vertx();
        try (RunningServer server = serverThatRejectsTheSecond("poison")) {
            Database database = server.database();
            Waiting.on(database.write(statements -> statements.update("ALTER TABLE audit_event RENAME TO hidden")));
            AuditWriter writer = writer(vertx, database);
            writer.add(record("kept"));
            assertThat(writer.drain()).as("ends without the database").satisfies(drained -> Eventually.holds("it ends", LONGEST, drained::isComplete));
            Waiting.on(database.write(statements -> statements.update("ALTER TABLE hidden RENAME TO audit_event")));
            Waiting.on(writer.drain());
            assertThat(names(database)).containsExactly("kept");
        } finally {
            Waiting.on(vertx.close());
        }
    }

    @Test
    void commitWithALostAnswerStoresEachEventOnce() {
        Vertx vertx = Vertx.vertx();
        try (RunningServer server = serverThatRejectsTheSecond("none")) {
            LosingAnswers losing = new LosingAnswers(server.database(), 2);
            AuditWriter writer = writer(vertx, losing);
            List.of("one", "two", "three").forEach(event -> writer.add(record(event)));
            Eventually.holds("the answer arrives at last", LONGEST, () -> losing.writes.get() >= 3);
            writer.add(record("four"));
            Eventually.holds("the later event is stored", LONGEST, () -> names(server.database()).contains("four"));
            assertThat(names(server.database())).containsExactly("one", "two", "three", "four");
        } finally {
            Waiting.on(vertx.close());
        }
    }

    /** Commits, but reports the first transactions as lost. */
    private static final class LosingAnswers implements Database {

        private final Database database;
        private final int lost;
        private final AtomicInteger writes = new AtomicInteger();

        LosingAnswers(Database database, int lost) {
            this.database = database;
            this.lost = lost;
        }

        @Override
        public String name() {
            return database.name();
        }

        @Override
        public <T> Future<T> write(Transaction<T> transaction) {
            return database.write(transaction).compose(done -> writes.incrementAndGet() > lost ? Future.succeededFuture(done)
                : Future.failedFuture(new StoreUnavailableException("The connection ended; the outcome is unknown")));
        }

        @Override
        public Future<List<SqlRow>> read(String sql, Object... parameters) {
            return database.read(sql, parameters);
        }

        @Override
        public Future<String> feedPosition(FeedTable table) {
            return database.feedPosition(table);
        }

        @Override
        public Future<FeedPage> feed(FeedTable table, String position, int limit) {
            return database.feed(table, position, limit);
        }

        @Override
        public Runnable onWake(String feed, Runnable listener) {
            return database.onWake(feed, listener);
        }

        @Override
        public Future<Void> close() {
            return database.close();
        }
    }
}
