package dev.gatehouse.shared.sql;

import static dev.gatehouse.shared.sql.Samples.await;
import static dev.gatehouse.shared.sql.Samples.count;
import static dev.gatehouse.shared.sql.Samples.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Postgres;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Transactions that only PostgreSQL aborts. */
@Order(1)
@ExtendWith(VertxExtension.class)
class PostgresDatabaseTest {

    @TempDir
    Path directory;

    private Vertx vertx;
    private Engine.Place place;
    private Database database;

    @BeforeEach
    void open(Vertx vertx) throws Exception {
        this.vertx = vertx;
        place = Engine.POSTGRESQL.place(directory);
        database = place.open(vertx);
    }

    @AfterEach
    void close() throws Exception {
        if (database != null) {
            await(database.close());
        }
    }

    @Test
    void transactionsThatDeadlockRunAgainAndBothSucceed() throws Exception {
        await(database.write(insert("a")));
        await(database.write(insert("b")));
        Promise<Void> bothHoldOne = Promise.promise();
        AtomicInteger holding = new AtomicInteger();
        Future<Integer> one = database.write(statements -> crossed(statements, "a", "b", holding, bothHoldOne));
        Future<Integer> other = database.write(statements -> crossed(statements, "b", "a", holding, bothHoldOne));
        await(Future.all(one, other));
        assertThat(holding.get()).as("one of them ran twice").isGreaterThan(2);
        assertThat(await(database.read("SELECT SUM(amount) AS total FROM item")).get(0).number("total")).isEqualTo(6);
    }

    private static Future<Integer> crossed(Statements statements, String first, String second, AtomicInteger holding, Promise<Void> both) {
        return add(statements, first).compose(done -> {
            if (holding.incrementAndGet() == 2) {
                both.tryComplete();
            }
            return both.future();
        }).compose(done -> add(statements, second));
    }

    private static Future<Integer> add(Statements statements, String id) {
        return statements.update("UPDATE item SET amount = amount + 1 WHERE id = $1", id);
    }

    @Test
    void severalProcessesThatStartTogetherMigrateOnce() throws Exception {
        Engine.Place fresh = Engine.POSTGRESQL.place(directory);
        List<Future<Database>> opened = IntStream.range(0, 6).mapToObj(number -> Database.open(vertx, Engine.store(fresh.url()),
            DataHome.of(Map.of("GATEHOUSE_HOME", directory.toString())), fresh.file(), "db/newer")).toList();
        await(Future.all(opened));
        Database one = opened.get(0).result();
        assertThat(await(one.read("SELECT COUNT(*) AS n FROM schema_history")).get(0).number("n")).isEqualTo(2);
        for (Future<Database> each : opened) {
            await(each.result().close());
        }
        assertThatThrownBy(() -> Engine.POSTGRESQL.place(directory).open(vertx, "db/broken")).hasMessageContaining("absent")
            .hasMessageNotContaining(Postgres.PASSWORD);
    }

    @Test
    void wrongPasswordIsNamedWithoutShowingIt() {
        Engine.Place wrong = new Engine.Place(place.file(), place.url().replace("s3cret", "other"));
        assertThatThrownBy(() -> wrong.open(vertx)).hasCauseInstanceOf(StartupException.class).hasMessageContaining("password")
            .hasMessageContaining("127.0.0.1").hasMessageNotContaining("with signs");
    }

    @Test
    void lockThatIsHeldTooLongFailsTheWaiterAndNotTheHolder() throws Exception {
        Promise<Void> release = Promise.promise();
        Promise<Void> held = Promise.promise();
        Future<Void> holder = database.write(statements -> statements.lock("name").onSuccess(held::tryComplete).compose(locked -> release.future()));
        await(held.future());
        Future<Void> waiter = database.write(statements -> statements.lock("name"));
        assertThatThrownBy(() -> await(waiter)).hasCauseInstanceOf(StoreUnavailableException.class).hasMessageContaining("lock timeout");
        release.complete();
        await(holder);
        await(database.write(statements -> statements.lock("name")));
    }

    @Test
    void serverThatStopsAnsweringFailsCallersInTimeAndIsUsedAgainLater() throws Exception {
        try (Postgres own = Postgres.own()) {
            Database onOwn = new Engine.Place(directory.resolve("own.db"), own.createDatabase()).open(vertx);
            await(onOwn.write(insert("before")));
            own.signal("STOP");
            long begun = System.nanoTime();
            List<Future<Integer>> writes = IntStream.range(0, 40).mapToObj(number -> onOwn.write(insert("stopped" + number))).toList();
            Future<List<SqlRow>> read = onOwn.read("SELECT id FROM item");
            await(Future.join(writes).otherwiseEmpty());
            await(read.otherwiseEmpty());
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
            assertThat(writes).allMatch(write -> write.cause() instanceof StoreUnavailableException);
            assertThat(read.cause()).isInstanceOf(StoreUnavailableException.class);
            own.signal("CONT");
            Eventually.holds("it is used again", Duration.ofSeconds(20), () -> await(onOwn.write(insert("after" + System.nanoTime()))) == 1);

            own.crash();
            Future<Integer> gone = onOwn.write(insert("gone"));
            await(gone.otherwiseEmpty());
            assertThat(gone.cause()).isInstanceOf(StoreUnavailableException.class);
            own.start();
            Eventually.holds("it is used again after a crash", Duration.ofSeconds(20), () -> await(onOwn.write(insert("again" + System.nanoTime()))) == 1);

            own.sql("postgres", "ALTER SYSTEM SET default_transaction_read_only = on");
            own.sql("postgres", "SELECT pg_reload_conf()");
            Eventually.holds("changes are refused", Duration.ofSeconds(10), () -> onOwn.write(insert("refused" + System.nanoTime()))
                .transform(result -> Future.succeededFuture(result.cause() instanceof StoreUnavailableException)).toCompletionStage().toCompletableFuture()
                .get(10, TimeUnit.SECONDS));
            assertThat(await(onOwn.read("SELECT id FROM item WHERE id = 'before'"))).hasSize(1);
            own.sql("postgres", "ALTER SYSTEM RESET default_transaction_read_only");
            own.sql("postgres", "SELECT pg_reload_conf()");
            Eventually.holds("changes are accepted", Duration.ofSeconds(10), () -> await(onOwn.write(insert("accepted" + System.nanoTime()))) == 1);
            await(onOwn.close());
        }
    }

    @Test
    void certificateOfTheServerIsVerifiedAsConfigured() throws Exception {
        try (Postgres own = Postgres.own()) {
            String url = own.createDatabase();
            String certificate = own.enableTls("localhost").toString();
            assertThat(isEncrypted(url.replace("127.0.0.1", "localhost") + "?sslmode=verify-full&sslrootcert=" + certificate)).isTrue();
            assertThat(isEncrypted(url + "?sslmode=verify-ca&sslrootcert=" + certificate)).isTrue();
            assertThat(isEncrypted(url + "?sslmode=require")).isTrue();
            assertThat(isEncrypted(url)).isFalse();
            assertThatThrownBy(() -> isEncrypted(url + "?sslmode=verify-full&sslrootcert=" + certificate)).as("another name")
                .hasCauseInstanceOf(StartupException.class);
            try (Postgres stranger = Postgres.own()) {
                String another = stranger.enableTls("localhost").toString();
                assertThatThrownBy(() -> isEncrypted(url.replace("127.0.0.1", "localhost") + "?sslmode=verify-full&sslrootcert=" + another)).as("another authority")
                    .hasCauseInstanceOf(StartupException.class);
            }
        }
    }

    @Test
    void serverLogsInByTheCertificateOfItsUser() throws Exception {
        try (Postgres own = Postgres.own()) {
            String url = own.createDatabase().replace("127.0.0.1", "localhost");
            String verified = url + "?sslmode=verify-full&sslrootcert=" + own.enableTls("localhost");
            Path certificates = own.requireClientCertificate(Postgres.USER, "stranger");
            assertThat(isEncrypted(verified + certificate(certificates, Postgres.USER))).isTrue();
            assertThatThrownBy(() -> isEncrypted(verified)).as("no certificate").hasCauseInstanceOf(StartupException.class);
            assertThatThrownBy(() -> isEncrypted(verified + certificate(certificates, "stranger"))).as("of another user").hasCauseInstanceOf(StartupException.class);
        }
    }

    private static String certificate(Path directory, String user) {
        return "&sslcert=" + directory.resolve(user + ".crt") + "&sslkey=" + directory.resolve(user + ".key");
    }

    @Test
    void nextHostServesWhenTheFirstTakesNoChangesAndWhenItIsDown() throws Exception {
        try (Postgres first = Postgres.own(); Postgres second = Postgres.own()) {
            String url = first.createDatabase();
            Database onSecond = new Engine.Place(directory.resolve("second.db"), second.createDatabase()).open(vertx);
            Engine.Place either = new Engine.Place(directory.resolve("either.db"),
                url.replace(":" + first.port() + "/", ":" + first.port() + ",127.0.0.1:" + second.port() + "/"));
            Database open = either.open(vertx);
            await(open.write(insert("on first")));
            assertThat(count(onSecond)).isZero();

            first.sql("postgres", "ALTER SYSTEM SET default_transaction_read_only = on");
            first.sql("postgres", "SELECT pg_reload_conf()");
            Eventually.holds("the second host takes the changes", Duration.ofSeconds(20), () -> {
                await(open.write(insert("changed " + System.nanoTime())).otherwiseEmpty());
                return count(onSecond) > 0;
            });
            await(open.close());

            first.crash();
            long before = count(onSecond);
            Database startedLater = either.open(vertx);
            await(startedLater.write(insert("on second")));
            assertThat(count(onSecond)).isEqualTo(before + 1);
            await(startedLater.close());
            await(onSecond.close());
        }
    }

    private boolean isEncrypted(String url) throws Exception {
        Database opened = new Engine.Place(directory.resolve("tls.db"), url).open(vertx);
        boolean encrypted = await(opened.read("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")).get(0).number("ssl") == 1;
        await(opened.close());
        return encrypted;
    }

    @Test
    void feedCatchesUpAfterItsConnectionForNotificationsIsLost() throws Exception {
        ChangeFeed.FeedTable table = new ChangeFeed.FeedTable("invalidation", "kind, subject");
        Set<String> heard = ConcurrentHashMap.newKeySet();
        ChangeFeed feed = await(ChangeFeed.start(vertx, database, table, Duration.ofSeconds(60), new ChangeFeed.Listener() {
            @Override
            public void onChange(SqlRow row) {
                heard.add(row.text("subject"));
            }

            @Override
            public void onGap() {
                heard.add("gap");
            }
        }));
        Database elsewhere = place.open(vertx);
        announce(elsewhere, "by notification");
        Eventually.holds("a notification wakes the feed", Duration.ofSeconds(5), () -> heard.contains("by notification"));
        Postgres.shared().sql("postgres", "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' OR query = 'SELECT 1'");
        announce(elsewhere, "while it is lost");
        Eventually.holds("the feed reads when it listens again", Duration.ofSeconds(10), () -> heard.contains("while it is lost"));
        announce(elsewhere, "afterwards");
        Eventually.holds("and notifications arrive again", Duration.ofSeconds(5), () -> heard.contains("afterwards"));
        assertThat(count(database)).isZero();
        feed.stop();
        await(elsewhere.close());
    }

    private static void announce(Database database, String subject) throws Exception {
        await(database.write(statements -> {
            statements.wake("invalidation");
            return statements.update("INSERT INTO invalidation (kind, subject, created_at) VALUES ($1, $2, $3)", "token", subject, 1L);
        }));
    }
}
