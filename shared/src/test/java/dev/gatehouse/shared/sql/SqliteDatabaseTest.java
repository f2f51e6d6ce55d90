package dev.gatehouse.shared.sql;

import static dev.gatehouse.shared.sql.Samples.await;
import static dev.gatehouse.shared.sql.Samples.awaitLatch;
import static dev.gatehouse.shared.sql.Samples.count;
import static dev.gatehouse.shared.sql.Samples.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.fixtures.Eventually;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

@ExtendWith(VertxExtension.class)
class SqliteDatabaseTest {

    @TempDir
    Path directory;

    private Vertx vertx;
    private SqliteDatabase database;

    @BeforeEach
    void open(Vertx vertx) throws Exception {
        this.vertx = vertx;
        database = await(SqliteDatabase.open(vertx, directory.resolve("sample.db"), "db/sample"));
    }

    @Test
    void writesThatWaitTogetherShareOneCommit() throws Exception {
        CountDownLatch queued = new CountDownLatch(1);
        List<Future<Integer>> writes = new ArrayList<>();
        writes.add(database.write(statements -> {
            awaitLatch(queued);
            return insert("first").run(statements);
        }));
        IntStream.range(0, 200).forEach(number -> writes.add(database.write(insert("item" + number))));
        queued.countDown();
        await(Future.all(writes));
        await(database.close());
        assertThat(database.commits()).isLessThanOrEqualTo(2);
        assertThat(await(reopened().read("SELECT COUNT(*) AS n FROM item")).get(0).number("n")).isEqualTo(201);
    }

    @Test
    void committedPagesReachTheFileWhileTheDatabaseIsOpen() throws Exception {
        Path file = directory.resolve("sample.db");
        await(database.write(insert("first")));
        long before = Files.size(file);
        await(Future.all(IntStream.range(0, 5_000).mapToObj(number -> database.write(insert("item" + number))).toList()));
        Eventually.holds(() -> Files.size(file) > before + 5_000 * 10);
        assertThat(count(database)).isEqualTo(5_001);
    }

    @Test
    void failingTransactionLeavesItsNeighboursIntact() throws Exception {
        CountDownLatch queued = new CountDownLatch(1);
        database.write(statements -> {
            awaitLatch(queued);
            return Future.succeededFuture();
        });
        Future<Integer> before = database.write(insert("before"));
        Future<Integer> failed = database.write(statements -> insert("failed").run(statements)
            .compose(done -> Future.failedFuture(new IllegalStateException("refused"))));
        Future<Integer> thrown = database.write(statements -> {
            insert("thrown").run(statements);
            throw new IllegalArgumentException("thrown");
        });
        Future<Integer> duplicate = database.write(insert("before"));
        Future<Integer> after = database.write(insert("after"));
        queued.countDown();
        assertThat(await(before)).isEqualTo(1);
        assertThat(await(after)).isEqualTo(1);
        assertThatThrownBy(() -> await(failed)).hasRootCauseMessage("refused");
        assertThatThrownBy(() -> await(thrown)).hasRootCauseMessage("thrown");
        assertThatThrownBy(() -> await(duplicate)).hasRootCauseInstanceOf(java.sql.SQLException.class)
            .hasMessageContaining("INSERT INTO item").hasMessageContaining("UNIQUE");
        assertThat(await(database.read("SELECT id FROM item ORDER BY id"))).extracting(row -> row.text("id"))
            .containsExactly("after", "before");
    }

    @Test
    void bodyThatWaitsForSomethingElseFailsLoudly() throws Exception {
        Promise<Integer> never = Promise.promise();
        Future<Integer> write = database.write(statements -> insert("lost").run(statements).compose(done -> never.future()));
        assertThatThrownBy(() -> await(write)).hasRootCauseInstanceOf(IllegalStateException.class)
            .hasMessageContaining("not complete");
        assertThat(count(database)).isZero();
    }

    @Test
    void parametersOutOfOrderAreRefused() {
        assertThatThrownBy(() -> await(database.read("SELECT $2 AS second, $1 AS first", "x", "y")))
            .hasMessageContaining("$2 appears before $1");
        assertThatThrownBy(() -> await(database.read("SELECT $1 AS first", "x", "y")))
            .hasMessageContaining("2 parameters given, 1 expected");
    }

    private SqliteDatabase reopened() throws Exception {
        return await(SqliteDatabase.open(vertx, directory.resolve("sample.db"), "db/sample"));
    }
}
