package dev.gatehouse.resource.note;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Postgres;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.secret.KeyFile;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.StoreConfiguration;
import dev.gatehouse.shared.sql.StoreConfiguration.PostgresqlOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Limits that many callers of two processes reach at the same moment. */
class SeveralProcessesTest {

    private static final int CALLERS = 50;

    @TempDir
    private Path home;
    private Vertx vertx;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stop() {
        Waiting.on(vertx.close());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqlite", "postgresql"})
    void ownerNeverHasMoreNotesThanTheLimit(String engine) {
        List<Database> databases = open(engine);
        var sealer = NoteStore.sealer(KeyFile.loadOrCreate(home.resolve("notes.key")));
        List<NoteStore> stores = databases.stream().map(database -> new NoteStore(database, () -> Future.succeededFuture(sealer), Clock.systemUTC())).toList();
        Waiting.on(Future.all(IntStream.range(0, NoteStore.NOTES_PER_OWNER - 7).mapToObj(i -> stores.get(0).create("owner", "t", "c")).toList()));
        List<Future<Optional<?>>> created = IntStream.range(0, CALLERS).mapToObj(i -> stores.get(i % 2).create("owner", "t", "c").<Optional<?>>map(note -> note)).toList();
        Waiting.on(Future.all(created));
        assertThat(created.stream().filter(note -> note.result().isPresent())).hasSize(7);
        assertThat(Waiting.on(stores.get(1).list("owner"))).hasSize(NoteStore.NOTES_PER_OWNER);
        assertThat(Waiting.on(stores.get(1).create("another", "t", "c"))).isPresent();
        databases.forEach(database -> Waiting.on(database.close()));
    }

    private List<Database> open(String engine) {
        Assumptions.assumeTrue(engine.equals("sqlite") || Postgres.isAvailable(), "No PostgreSQL here");
        String url = engine.equals("sqlite") ? null : Postgres.shared().createDatabase();
        StoreConfiguration store = new StoreConfiguration(url,
            new PostgresqlOptions(List.of(), null, null, null, null, "notes", "disable", null, null, null, 16, 10_000, 5, 3));
        DataHome data = DataHome.of(Map.of("GATEHOUSE_HOME", home.toString()));
        return IntStream.range(0, 2).mapToObj(i -> Waiting.on(Database.open(vertx, store, data, home.resolve("notes.db"), "db/notes"))).toList();
    }
}
