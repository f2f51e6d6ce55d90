package dev.gatehouse.shared.sql;

import static dev.gatehouse.shared.sql.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Intercepted;
import dev.gatehouse.shared.sql.ChangeFeed.FeedTable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

@ExtendWith(VertxExtension.class)
class ChangeFeedTest {

    private static final Duration INTERVAL = Duration.ofMillis(5);
    private static final int WRITES = 1_200;
    private static final FeedTable FEED = new FeedTable("invalidation", "kind, subject");

    @TempDir
    Path directory;

    private final List<ChangeFeed> feeds = new ArrayList<>();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private Vertx vertx;
    private Database here;
    private Database elsewhere;

    @BeforeEach
    void vertx(Vertx vertx) {
        this.vertx = vertx;
    }

    @AfterEach
    void close() throws Exception {
        feeds.forEach(ChangeFeed::stop);
        if (here != null) {
            await(here.close());
            await(elsewhere.close());
        }
    }

    private void open(Engine engine) throws Exception {
        Engine.Place place = engine.place(directory);
        here = place.open(vertx);
        elsewhere = place.open(vertx);
    }

    private ChangeFeed start(Database database, ChangeFeed.Listener to) throws Exception {
        ChangeFeed feed = await(ChangeFeed.start(vertx, database, FEED, INTERVAL, to));
        feeds.add(feed);
        return feed;
    }

    @ParameterizedTest
    @EnumSource
    void newRowsAreToldInOrderAndOldOnesNot(Engine engine) throws Exception {
        open(engine);
        invalidate("before the start");
        start(here, listener);
        for (int number = 0; number < 50; number++) {
            invalidate("token" + number);
        }
        for (int number = 0; number < 50; number++) {
            assertThat(next()).isEqualTo("token" + number);
        }
        assertThat(heard).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void failingReadsAndListenersAreSurvived(Engine engine) throws Exception {
        open(engine);
        AtomicBoolean failing = new AtomicBoolean();
        ChangeFeed feed = start(failingReads(here, failing), listener);
        failing.set(true);
        invalidate("while failing");
        await(vertx.timer(30));
        assertThat(heard).isEmpty();
        failing.set(false);
        assertThat(next()).isEqualTo("while failing");
        invalidate("throw");
        invalidate("after");
        assertThat(next()).isEqualTo("throw");
        assertThat(next()).isEqualTo("after");
        feed.stop();
    }

    @ParameterizedTest
    @EnumSource
    void rowsPurgedBeforeTheyWereReadAreNoticedByTheGapTheyLeave(Engine engine) throws Exception {
        open(engine);
        AtomicBoolean suspended = new AtomicBoolean();
        invalidate("before the start");
        ChangeFeed feed = start(failingReads(here, suspended), listener);
        invalidate("heard");
        assertThat(next()).isEqualTo("heard");
        suspended.set(true);
        invalidate("missed");
        invalidate("newest");
        await(elsewhere.write(statements -> statements.update("DELETE FROM invalidation WHERE subject <> 'newest'")));
        suspended.set(false);
        assertThat(next()).isEqualTo("everything");
        assertThat(next()).isEqualTo("newest");
        invalidate("next");
        assertThat(next()).as("no gap").isEqualTo("next");
        feed.stop();
    }

    /**
     * Many connections of two processes write at once, while a transaction that began before all of them stays open. Their sequence numbers are not
     * in the order of their commits, and a reader that relied on it would miss some.
     */
    @ParameterizedTest
    @EnumSource
    void everyRowOfManyConcurrentWritersReachesBothProcesses(Engine engine) throws Exception {
        open(engine);
        Set<String> heardHere = ConcurrentHashMap.newKeySet();
        Set<String> heardElsewhere = ConcurrentHashMap.newKeySet();
        AtomicInteger gaps = new AtomicInteger();
        start(here, into(heardHere, gaps));
        start(elsewhere, into(heardElsewhere, gaps));
        await(append(here, "first", 0));
        Promise<Void> end = Promise.promise();
        Future<Integer> longOne = engine == Engine.SQLITE ? Future.succeededFuture(0) : here.write(statements -> insert(statements, "long")
            .compose(added -> end.future()).map(1));
        List<Future<Integer>> writes = IntStream.range(0, WRITES).mapToObj(number ->
            append(number % 2 == 0 ? here : elsewhere, "row" + number, number % 3)).toList();
        await(Future.all(writes));
        Eventually.holds("rows do not wait for the long transaction", Duration.ofSeconds(5), () -> heardHere.size() > WRITES && heardElsewhere.size() > WRITES);
        end.complete();
        await(longOne);
        int expected = WRITES + (engine == Engine.SQLITE ? 1 : 2);
        Eventually.holds("all rows arrive", Duration.ofSeconds(5), () -> heardHere.size() == expected && heardElsewhere.size() == expected);
        assertThat(gaps).as("false gaps").hasValue(0);
    }

    private static Future<Integer> append(Database database, String subject, int pauses) {
        return database.write(statements -> {
            Future<Integer> added = insert(statements, subject);
            for (int i = 0; i < pauses; i++) {
                added = added.compose(done -> statements.query("SELECT COUNT(*) AS n FROM item")).map(1);
            }
            return added;
        });
    }

    private static Future<Integer> insert(Statements statements, String subject) {
        statements.wake(FEED.name());
        return statements.update("INSERT INTO invalidation (kind, subject, created_at) VALUES ($1, $2, $3)", "token", subject, 1L);
    }

    private static ChangeFeed.Listener into(Set<String> subjects, AtomicInteger gaps) {
        return new ChangeFeed.Listener() {

            @Override
            public void onChange(SqlRow row) {
                subjects.add(row.text("subject"));
            }

            @Override
            public void onGap() {
                gaps.incrementAndGet();
            }
        };
    }

    private final ChangeFeed.Listener listener = new ChangeFeed.Listener() {

        @Override
        public void onChange(SqlRow row) {
            hear(row.text("subject"));
        }

        @Override
        public void onGap() {
            heard.add("everything");
        }
    };

    private void hear(String subject) {
        heard.add(subject);
        if (subject.equals("throw")) {
            throw new IllegalStateException("a listener's defect");
        }
    }

    private String next() throws InterruptedException {
        return heard.poll(20, TimeUnit.SECONDS);
    }

    private void invalidate(String subject) throws Exception {
        await(elsewhere.write(statements -> statements.update(
            "INSERT INTO invalidation (kind, subject, created_at) VALUES ($1, $2, $3)", "token", subject, 1L)));
    }

    /** Fails the reads while the flag is set, and those that are under way when it is set. */
    private static Database failingReads(Database database, AtomicBoolean failing) {
        Future<Object> failure = Future.failedFuture(new StoreUnavailableException("no disk"));
        return Intercepted.of(Database.class, database, call -> {
            if (!Set.of("read", "feed").contains(call.name())) {
                return call.proceed();
            }
            return failing.get() ? failure : ((Future<?>) call.proceed()).compose(rows -> failing.get() ? failure : Future.succeededFuture(rows));
        });
    }
}
