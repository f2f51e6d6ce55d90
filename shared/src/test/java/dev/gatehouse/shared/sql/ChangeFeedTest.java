package dev.gatehouse.shared.sql;

import static dev.gatehouse.shared.sql.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.sql.ChangeFeed.FeedPage;
import dev.gatehouse.shared.sql.ChangeFeed.FeedTable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

@ExtendWith(VertxExtension.class)
class ChangeFeedTest {

    private static final Duration INTERVAL = Duration.ofMillis(5);
    private static final FeedTable FEED = new FeedTable("invalidation", "kind, subject");

    @TempDir
    Path directory;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private Vertx vertx;
    private Database here;
    private Database elsewhere;

    @BeforeEach
    void open(Vertx vertx) throws Exception {
        this.vertx = vertx;
        here = await(SqliteDatabase.open(vertx, directory.resolve("sample.db"), "db/sample"));
        elsewhere = await(SqliteDatabase.open(vertx, directory.resolve("sample.db"), "db/sample"));
    }

    @Test
    void newRowsAreToldInOrderAndOldOnesNot() throws Exception {
        invalidate("before the start");
        await(ChangeFeed.start(vertx, here, FEED, INTERVAL, listener));
        for (int number = 0; number < 50; number++) {
            invalidate("token" + number);
        }
        for (int number = 0; number < 50; number++) {
            assertThat(next()).isEqualTo("token" + number);
        }
        assertThat(heard).isEmpty();
    }

    @Test
    void failingReadsAndListenersAreSurvived() throws Exception {
        AtomicBoolean failing = new AtomicBoolean();
        ChangeFeed feed = await(ChangeFeed.start(vertx, new FailingReads(here, failing), FEED, INTERVAL, listener));
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

    @Test
    void rowsPurgedBeforeTheyWereReadAreNoticedByTheGapTheyLeave() throws Exception {
        AtomicBoolean suspended = new AtomicBoolean();
        invalidate("before the start");
        ChangeFeed feed = await(ChangeFeed.start(vertx, new FailingReads(here, suspended), FEED, INTERVAL, listener));
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

    private record FailingReads(Database database, AtomicBoolean failing) implements Database {

        @Override
        public <T> Future<T> write(Transaction<T> transaction) {
            return database.write(transaction);
        }

        @Override
        public Future<List<SqlRow>> read(String sql, Object... parameters) {
            return failing.get() ? Future.failedFuture(new StoreUnavailableException("no disk"))
                : database.read(sql, parameters);
        }

        @Override
        public Future<String> feedPosition(FeedTable table) {
            return database.feedPosition(table);
        }

        @Override
        public Future<FeedPage> feed(FeedTable table, String position, int limit) {
            return failing.get() ? Future.failedFuture(new StoreUnavailableException("no disk")) : database.feed(table, position, limit);
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
