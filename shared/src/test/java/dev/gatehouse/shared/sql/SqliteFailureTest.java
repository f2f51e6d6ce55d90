package dev.gatehouse.shared.sql;

import static dev.gatehouse.shared.sql.Samples.await;
import static dev.gatehouse.shared.sql.Samples.awaitLatch;
import static dev.gatehouse.shared.sql.Samples.count;
import static dev.gatehouse.shared.sql.Samples.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

@ExtendWith(VertxExtension.class)
class SqliteFailureTest {

    @TempDir
    Path directory;

    private Vertx vertx;
    private SqliteOptions options;

    @BeforeEach
    void options(Vertx vertx) {
        this.vertx = vertx;
        options = SqliteOptions.of(directory.resolve("sample.db"), "db/sample");
    }

    @Test
    void aDatabaseRemovedUnderTheServerIsNoticedByWritesAndReads() throws Exception {
        SqliteDatabase database = await(SqliteDatabase.open(vertx, options));
        await(database.write(insert("kept")));
        assertThat(count(database)).isEqualTo(1);
        Path away = directory.resolve("away.db");
        Files.move(options.file(), away);

        assertThatThrownBy(() -> await(database.write(insert("lost")))).cause().isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("removed or replaced");
        assertThatThrownBy(() -> await(database.write(insert("lost too")))).cause().isInstanceOf(StoreUnavailableException.class);
        assertThat(options.file()).as("no empty database is made in its place").doesNotExist();
        await(vertx.timer(300));
        assertThatThrownBy(() -> count(database)).cause().isInstanceOf(StoreUnavailableException.class);

        Files.move(away, options.file());
        await(database.write(insert("afterwards")));
        assertThat(count(database)).isEqualTo(2);
    }

    @Test
    void aWriteAheadLogRemovedUnderTheServerIsNoticed() throws Exception {
        SqliteDatabase database = await(SqliteDatabase.open(vertx, options));
        await(database.write(insert("kept")));
        await(database.write(insert("kept too")));
        Files.delete(directory.resolve("sample.db-wal"));
        assertThatThrownBy(() -> await(database.write(insert("lost")))).cause().isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining("sample.db-wal was removed or replaced");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 20, 4096})
    void aDatabaseEmptiedOrCutShortUnderTheServerIsNoticedByWritesAndReadsAndStaysSo(long length) throws Exception {
        SqliteDatabase database = await(SqliteDatabase.open(vertx, options));
        await(database.write(insert("kept")));
        assertThat(count(database)).isEqualTo(1);
        cut(options.file(), length);

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> await(database.write(insert("lost")))).cause().isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("emptied or truncated");
        }
        await(vertx.timer(300));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> count(database)).cause().isInstanceOf(StoreUnavailableException.class);
        }
        assertThat(options.file()).as("nothing is written into what is left").hasSize(length);
    }

    private static void cut(Path file, long length) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(length);
        }
    }

    @Test
    void aDatabaseThatVacuumMadeShorterIsWhole() throws Exception {
        SqliteDatabase database = await(SqliteDatabase.open(vertx, options));
        await(database.write(statements -> insertBig(statements, "big")));
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + options.file()); Statement statement = other.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            await(database.write(insert("kept")));
            long before = Files.size(options.file());
            statement.execute("DELETE FROM item WHERE id = 'big'");
            statement.execute("VACUUM");
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            assertThat(Files.size(options.file())).isLessThan(before);
        }
        await(database.write(insert("afterwards")));
        await(vertx.timer(300));
        assertThat(count(database)).isEqualTo(2);
    }

    @Test
    void fullDiskIsToldToTheWholeCommitAndRecoveredFrom() throws Exception {
        SqliteDatabase database = await(SqliteDatabase.open(vertx, options));
        await(database.write(statements -> statements.query("PRAGMA max_page_count = 12")));
        CountDownLatch queued = hold(database);
        List<Future<?>> writes = new ArrayList<>();
        writes.add(database.write(insert("neighbour")));
        writes.add(database.write(statements -> insertBig(statements, "big")));
        // A body that makes light of the failure must not slip a row past the transaction that is gone.
        writes.add(database.write(statements ->
            insertBig(statements, "stubborn").recover(e -> insert("slipped").run(statements))));
        queued.countDown();
        for (Future<?> write : writes) {
            assertThatThrownBy(() -> await(write)).isInstanceOf(ExecutionException.class)
                .cause().isInstanceOf(StoreUnavailableException.class).hasMessageContaining("full");
        }
        assertThat(count(database)).isZero();
        await(database.write(insert("recovered")));
        assertThat(count(database)).isEqualTo(1);
    }

    @Test
    void lockHeldTooLongByAnotherProcessFailsAndThenRecovers() throws Exception {
        SqliteDatabase database = await(SqliteDatabase.open(vertx, options.withBusyMillis(50)));
        try (SqliteConnection other = SqliteConnection.writing(options)) {
            other.begin();
            other.update("INSERT INTO item (id, amount) VALUES ($1, $2)", "other", 1);
            Future<Integer> blocked = database.write(insert("blocked"));
            assertThatThrownBy(() -> await(blocked)).cause().isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("BUSY");
            assertThat(count(database)).isZero();
            other.commit();
        }
        await(database.write(insert("later")));
        assertThat(count(database)).isEqualTo(2);
    }

    @Test
    void workBeyondTheQueueIsRefusedAtOnce() throws Exception {
        SqliteDatabase database = await(SqliteDatabase.open(vertx, options.withQueueCapacity(10)));
        CountDownLatch queued = hold(database);
        List<Future<Integer>> waiting = IntStream.range(0, 10).mapToObj(row -> database.write(insert("row" + row))).toList();
        Future<Integer> refused = database.write(insert("refused"));
        assertThatThrownBy(() -> await(refused)).cause().isInstanceOf(StoreUnavailableException.class);
        queued.countDown();
        await(Future.all(waiting));
        await(database.write(insert("again")));
        assertThat(count(database)).isEqualTo(11);
    }

    @Test
    void closeFinishesWhatIsQueuedAndRefusesWhatComesAfter() throws Exception {
        SqliteDatabase database = await(SqliteDatabase.open(vertx, options));
        List<Future<Integer>> writes = IntStream.range(0, 500).mapToObj(row -> database.write(insert("row" + row))).toList();
        Future<List<SqlRow>> read = database.read("SELECT 1 AS one");
        Future<Void> closed = database.close();
        Future<Integer> late = database.write(insert("late"));
        await(closed);
        assertThat(writes).allMatch(Future::succeeded);
        assertThat(read.succeeded()).isTrue();
        assertThatThrownBy(() -> await(late)).cause().isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> await(database.read("SELECT 1 AS one"))).cause().isInstanceOf(StoreUnavailableException.class);
        assertThat(directory.toFile().list()).containsExactlyInAnyOrder("sample.db", "sample.db.lock");
        await(database.close());
        assertThat(count(await(SqliteDatabase.open(vertx, options)))).isEqualTo(500);
    }

    /** Keeps the writer busy until the latch is counted down; what is queued meanwhile shares one commit. */
    private static CountDownLatch hold(Database database) {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch queued = new CountDownLatch(1);
        database.write(statements -> {
            busy.countDown();
            awaitLatch(queued);
            return Future.succeededFuture();
        });
        awaitLatch(busy);
        return queued;
    }

    private static Future<Integer> insertBig(Statements statements, String id) {
        return statements.update("INSERT INTO item (id, amount, bytes) VALUES ($1, $2, $3)", id, 1, new byte[200_000]);
    }
}
