package dev.gatehouse.shared.sql;

import static dev.gatehouse.shared.sql.Samples.await;
import static dev.gatehouse.shared.sql.Samples.awaitLatch;
import static dev.gatehouse.shared.sql.Samples.count;
import static dev.gatehouse.shared.sql.Samples.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

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
    void readSeesWhatWasAcknowledged() throws Exception {
        for (int number = 0; number < 200; number++) {
            String id = "item" + number;
            List<SqlRow> rows = await(database.write(insert(id)).compose(done ->
                database.read("SELECT id, amount FROM item WHERE id = $1", id)));
            assertThat(rows).singleElement().satisfies(row -> {
                assertThat(row.text("id")).isEqualTo(id);
                assertThat(row.number("amount")).isEqualTo(1);
            });
        }
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
    void outcomeKeepsTheChangesThatAFailureUndoes() throws Exception {
        Future<String> outcome = database.write(statements -> insert("kept").run(statements).map("refused"));
        assertThat(await(outcome)).isEqualTo("refused");
        Future<String> failure = database.write(statements -> insert("undone").run(statements)
            .compose(done -> Future.failedFuture(new IllegalStateException("refused"))));
        assertThatThrownBy(() -> await(failure)).hasRootCauseMessage("refused");
        assertThat(count(database)).isEqualTo(1);
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
    void statementsAreDeadAfterTheirBody() throws Exception {
        Statements escaped = await(database.write(Future::succeededFuture));
        assertThat(escaped.update("DELETE FROM item").cause()).hasMessageContaining("has ended");
        assertThat(escaped.query("SELECT 1 AS one").cause()).hasMessageContaining("has ended");
    }

    @Test
    void futureCompletesOnTheCallersContext() throws Exception {
        Promise<Boolean> same = Promise.promise();
        Context context = vertx.getOrCreateContext();
        context.runOnContext(start -> database.write(insert("one"))
            .compose(done -> database.read("SELECT 1 AS one"))
            .onComplete(done -> same.complete(Vertx.currentContext() == context)));
        assertThat(await(same.future())).isTrue();
    }

    @Test
    void repeatedParameterKeepsItsPlace() throws Exception {
        await(database.write(insert("a")));
        List<SqlRow> rows = await(database.read(
            "SELECT $1 AS first, $2 AS second, $1 AS again FROM item WHERE id = $2 OR id = $1", "x", "a"));
        assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row.text("first")).isEqualTo("x");
            assertThat(row.text("second")).isEqualTo("a");
            assertThat(row.text("again")).isEqualTo("x");
        });
    }

    @Test
    void parametersOutOfOrderAreRefused() {
        assertThatThrownBy(() -> await(database.read("SELECT $2 AS second, $1 AS first", "x", "y")))
            .hasMessageContaining("$2 appears before $1");
        assertThatThrownBy(() -> await(database.read("SELECT $1 AS first", "x", "y")))
            .hasMessageContaining("2 parameters given, 1 expected");
    }

    @Test
    void everyTypeComesBackAsItWent() throws Exception {
        byte[] bytes = {0, -1, 127};
        await(database.write(statements -> statements.update(
            "INSERT INTO item (id, amount, bytes) VALUES ($1, $2, $3)", "é☃", Long.MAX_VALUE, bytes)));
        await(database.write(statements -> statements.update(
            "INSERT INTO item (id, amount, bytes) VALUES ($1, $2, $3)", "none", 7, null)));
        List<SqlRow> rows = await(database.read("SELECT id, amount, bytes AS Raw FROM item ORDER BY amount DESC"));
        assertThat(rows.get(0).text("id")).isEqualTo("é☃");
        assertThat(rows.get(0).number("amount")).isEqualTo(Long.MAX_VALUE);
        assertThat(rows.get(0).bytes("raw")).isEqualTo(bytes);
        assertThat(rows.get(1).bytes("raw")).isNull();
        assertThat(rows.get(1).numberOrNull("amount")).isEqualTo(7);
        assertThatThrownBy(() -> rows.get(1).text("unknown")).hasMessageContaining("No column unknown");
    }

    @Test
    void returningAnswersTheChangedRowsOnce() throws Exception {
        await(database.write(insert("code")));
        Transaction<List<SqlRow>> redeem = statements -> statements.query(
            "UPDATE item SET amount = 2 WHERE id = $1 AND amount = 1 RETURNING id, amount", "code");
        List<Future<List<SqlRow>>> races = IntStream.range(0, 50).mapToObj(number -> database.write(redeem)).toList();
        await(Future.all(races));
        assertThat(races.stream().filter(race -> !race.result().isEmpty())).hasSize(1);
    }

    private SqliteDatabase reopened() throws Exception {
        return await(SqliteDatabase.open(vertx, directory.resolve("sample.db"), "db/sample"));
    }
}
