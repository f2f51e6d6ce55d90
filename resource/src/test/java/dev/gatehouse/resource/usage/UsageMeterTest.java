package dev.gatehouse.resource.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.fixtures.Postgres;
import dev.gatehouse.fixtures.SteppingClock;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.CallRefused;
import dev.gatehouse.mcp.api.ObservedCall;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.resource.usage.UsageMeter.UsageQuota;
import dev.gatehouse.resource.usage.UsageStore.UsageTotals;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqliteDatabase;
import dev.gatehouse.shared.sql.StoreConfiguration;
import dev.gatehouse.shared.sql.StoreConfiguration.PostgresqlOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

class UsageMeterTest {

    private static final Principal ALICE = principal("https://issuer.example", "alice");
    private static final Principal BOB = principal("https://issuer.example", "bob");

    private final SteppingClock clock = new SteppingClock("2026-11-30T23:59:00Z");
    @TempDir
    private Path home;
    private Vertx vertx;
    private SqliteDatabase database;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        database = open();
    }

    @AfterEach
    void stop() {
        Waiting.on(database.close());
        Waiting.on(vertx.close());
    }

    private SqliteDatabase open() {
        return Waiting.on(SqliteDatabase.open(vertx, home.resolve("notes.db"), "db/notes"));
    }

    private UsageMeter meter(long requests, long tokens) {
        return new UsageMeter(vertx, new UsageStore(database), new UsageQuota(requests, tokens), clock);
    }

    private static Principal principal(String issuer, String subject) {
        return new Principal(issuer, subject, "client", Set.of(), Long.MAX_VALUE, new JsonObject());
    }

    private static void call(UsageMeter meter, Principal caller) {
        Waiting.on(meter.before(caller, "tool"));
        meter.after(new ObservedCall(caller, "tool", Map.of(), "x".repeat(40), false));
    }

    private static void assertRefused(UsageMeter meter, Principal caller) {
        assertThatThrownBy(() -> Waiting.on(meter.before(caller, "tool"))).isInstanceOf(CallRefused.class)
            .hasMessageContaining("Quota exceeded").hasMessageContaining("2026-12-01");
    }

    @Test
    void requestsAndTokensAreCountedPerUser() {
        UsageMeter meter = meter(100, 1_000);
        call(meter, ALICE);
        call(meter, ALICE);
        call(meter, BOB);
        assertThat(Waiting.on(meter.current(ALICE))).isEqualTo(new UsageTotals(2, 0, 20));
        assertThat(Waiting.on(meter.current(BOB))).isEqualTo(new UsageTotals(1, 0, 10));
        assertThat(Waiting.on(meter.current(principal("https://other.example", "alice")))).isEqualTo(UsageTotals.NONE);
    }

    @Test
    void countsOutliveAnOrderlyStop() {
        UsageMeter meter = meter(100, 1_000);
        call(meter, ALICE);
        Waiting.on(meter.store());
        Waiting.on(database.close());
        database = open();
        assertThat(Waiting.on(meter(100, 1_000).current(ALICE))).isEqualTo(new UsageTotals(1, 0, 10));
    }

    @Test
    void requestBeyondTheQuotaIsRefusedUntilTheNextMonth() {
        UsageMeter meter = meter(2, 1_000);
        call(meter, ALICE);
        call(meter, ALICE);
        assertRefused(meter, ALICE);
        call(meter, BOB);
        assertThat(Waiting.on(meter.current(ALICE)).requests()).isEqualTo(2);

        clock.advance(Duration.ofMinutes(1));
        call(meter, ALICE);
        assertThat(Waiting.on(meter.current(ALICE)).requests()).isEqualTo(1);
    }

    @Test
    void tokensBeyondTheQuotaAreRefused() {
        UsageMeter meter = meter(100, 20);
        call(meter, ALICE);
        call(meter, ALICE);
        assertRefused(meter, ALICE);
    }

    @Test
    void exactlyTheQuotaPassesOfManyAtOnce() {
        UsageMeter meter = meter(50, 1_000_000);
        List<Future<Void>> calls = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            calls.add(meter.before(ALICE, "tool"));
        }
        Waiting.on(Future.join(calls).transform(whatever -> Future.succeededFuture()));
        assertThat(calls.stream().filter(Future::succeeded).count()).isEqualTo(50);
        assertThat(Waiting.on(meter.current(ALICE)).requests()).isEqualTo(50);
    }

    @Test
    void processesAddToOneCounterAndSeeEachOther() {
        UsageMeter one = meter(10, 1_000);
        UsageMeter two = meter(10, 1_000);
        for (int i = 0; i < 5; i++) {
            call(one, ALICE);
            call(two, ALICE);
        }
        Waiting.on(one.store());
        Waiting.on(two.store());
        assertThat(Waiting.on(one.current(ALICE))).isEqualTo(new UsageTotals(10, 0, 100));

        clock.advance(Duration.ofMillis(UsageMeter.TRUST_MILLIS + 1));
        assertRefused(one, ALICE);
        assertRefused(two, ALICE);
    }

    /** Each process counts most calls in memory; without the counting in the database, both together would serve more than the quota. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void twoProcessesServeExactlyTheQuota(boolean postgresql) {
        Assumptions.assumeTrue(!postgresql || Postgres.isAvailable(), "No PostgreSQL here");
        StoreConfiguration store = new StoreConfiguration(postgresql ? Postgres.shared().createDatabase() : null,
            new PostgresqlOptions(List.of(), null, null, null, null, "notes", "disable", null, null, null, 16, 10_000, 5, 3));
        List<Database> databases = IntStream.range(0, 2).mapToObj(i -> Waiting.on(Database.open(vertx, store, DataHome.of(Map.of()),
            home.resolve("shared.db"), "db/notes"))).toList();
        List<UsageMeter> meters = databases.stream().map(each -> new UsageMeter(vertx, new UsageStore(each), new UsageQuota(500, 1_000_000), clock)).toList();
        List<Future<Void>> calls = IntStream.range(0, 700).mapToObj(i -> meters.get(i % 2).before(ALICE, "tool")).toList();
        Waiting.on(Future.join(calls).transform(whatever -> Future.succeededFuture()));
        assertThat(calls.stream().filter(Future::succeeded)).hasSize(500);
        assertThat(calls.stream().filter(Future::failed)).allMatch(call -> call.cause() instanceof CallRefused);
        assertThat(Waiting.on(meters.get(0).current(ALICE)).requests()).isEqualTo(500);
        databases.forEach(each -> Waiting.on(each.close()));
    }
}
