package dev.gatehouse.shared.sql;

import static dev.gatehouse.shared.sql.Samples.await;
import static dev.gatehouse.shared.sql.Samples.count;
import static dev.gatehouse.shared.sql.Samples.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
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
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** The behaviour that both engines share. */
@ExtendWith(VertxExtension.class)
class DatabaseTest {

    @TempDir
    Path directory;

    private Vertx vertx;
    private Database database;
    private Database elsewhere;

    @BeforeEach
    void vertx(Vertx vertx) {
        this.vertx = vertx;
    }

    @AfterEach
    void close() throws Exception {
        if (database != null) {
            await(database.close());
        }
        if (elsewhere != null) {
            await(elsewhere.close());
        }
    }

    private void open(Engine engine) throws Exception {
        Engine.Place place = engine.place(directory);
        database = place.open(vertx);
        elsewhere = place.open(vertx);
    }

    @ParameterizedTest
    @EnumSource
    void readSeesWhatWasAcknowledged(Engine engine) throws Exception {
        open(engine);
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

    @ParameterizedTest
    @EnumSource
    void outcomeKeepsTheChangesThatAFailureUndoes(Engine engine) throws Exception {
        open(engine);
        Future<String> outcome = database.write(statements -> insert("kept").run(statements).map("refused"));
        assertThat(await(outcome)).isEqualTo("refused");
        Future<String> failure = database.write(statements -> insert("undone").run(statements)
            .compose(done -> Future.failedFuture(new IllegalStateException("refused"))));
        assertThatThrownBy(() -> await(failure)).hasRootCauseMessage("refused");
        assertThat(count(database)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void statementsAreDeadAfterTheirBody(Engine engine) throws Exception {
        open(engine);
        Statements escaped = await(database.write(Future::succeededFuture));
        assertThat(escaped.update("DELETE FROM item").cause()).hasMessageContaining("has ended");
        assertThat(escaped.query("SELECT 1 AS one").cause()).hasMessageContaining("has ended");
    }

    @ParameterizedTest
    @EnumSource
    void futureCompletesOnTheCallersContext(Engine engine) throws Exception {
        open(engine);
        Promise<Boolean> same = Promise.promise();
        Context context = vertx.getOrCreateContext();
        context.runOnContext(start -> database.write(insert("one"))
            .compose(done -> database.read("SELECT 1 AS one"))
            .onComplete(done -> same.complete(Vertx.currentContext() == context)));
        assertThat(await(same.future())).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void repeatedParameterKeepsItsPlace(Engine engine) throws Exception {
        open(engine);
        await(database.write(insert("a")));
        List<SqlRow> rows = await(database.read(
            "SELECT $1 AS first, $2 AS second, $1 AS again FROM item WHERE id = $2 OR id = $1", "x", "a"));
        assertThat(rows).singleElement().satisfies(row -> {
            assertThat(row.text("first")).isEqualTo("x");
            assertThat(row.text("second")).isEqualTo("a");
            assertThat(row.text("again")).isEqualTo("x");
        });
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeComesBackAsItWent(Engine engine) throws Exception {
        open(engine);
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

    @ParameterizedTest
    @EnumSource
    void returningAnswersTheChangedRowsOnce(Engine engine) throws Exception {
        open(engine);
        await(database.write(insert("code")));
        Transaction<List<SqlRow>> redeem = statements -> statements.query(
            "UPDATE item SET amount = 2 WHERE id = $1 AND amount = 1 RETURNING id, amount", "code");
        List<Future<List<SqlRow>>> races = IntStream.range(0, 50).mapToObj(number -> database.write(redeem)).toList();
        await(Future.all(races));
        assertThat(races.stream().filter(race -> !race.result().isEmpty())).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void failuresUndoTheirOwnChangesAndKeepTheReason(Engine engine) throws Exception {
        open(engine);
        Future<Integer> thrown = database.write(statements -> {
            insert("thrown").run(statements);
            throw new IllegalArgumentException("thrown");
        });
        assertThatThrownBy(() -> await(thrown)).hasRootCauseMessage("thrown");
        await(database.write(insert("before")));
        assertThatThrownBy(() -> await(database.write(insert("before")))).hasMessageContaining("INSERT INTO item")
            .hasCauseInstanceOf(StatementException.class);
        assertThatThrownBy(() -> await(database.read("SELECT nothing FROM item"))).hasMessageContaining("SELECT nothing");
        assertThat(await(database.read("SELECT id FROM item"))).extracting(row -> row.text("id")).containsExactly("before");
    }

    /** A body that recovers from a failed statement must not be told that its changes were kept: PostgreSQL has undone them. */
    @ParameterizedTest
    @EnumSource
    void statementThatFailedIsNeverCommittedInSilence(Engine engine) throws Exception {
        open(engine);
        await(database.write(insert("taken")));
        Future<String> write = database.write(statements -> insert("other").run(statements)
            .compose(done -> insert("taken").run(statements)).map("stored").otherwise("recovered"));
        await(write.otherwiseEmpty());
        assertThat(count(database)).isEqualTo(write.succeeded() ? 2 : 1);
    }

    @ParameterizedTest
    @EnumSource
    void writersThatLockANameCountOneAfterTheOther(Engine engine) throws Exception {
        open(engine);
        List<Future<Boolean>> added = IntStream.range(0, 50).mapToObj(number -> (number % 2 == 0 ? database : elsewhere)
            .<Boolean>write(statements -> statements.lock("items")
                .compose(locked -> statements.query("SELECT COUNT(*) AS n FROM item"))
                .compose(rows -> rows.get(0).number("n") >= 10 ? Future.succeededFuture(false)
                    : insert("item" + number).run(statements).map(true)))).toList();
        await(Future.all(added));
        assertThat(added.stream().filter(Future::result)).hasSize(10);
        assertThat(count(database)).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource
    void commitsWakeListenersAndRollbacksDoNot(Engine engine) throws Exception {
        open(engine);
        AtomicInteger woken = new AtomicInteger();
        Runnable stop = database.onWake("invalidation", woken::incrementAndGet);
        await(database.write(statements -> {
            statements.wake("invalidation");
            return Future.failedFuture(new IllegalStateException("undone"));
        }).otherwiseEmpty());
        await(vertx.timer(100));
        int before = woken.get();
        await(database.write(statements -> {
            statements.wake("invalidation");
            return insert("one").run(statements);
        }));
        assertThat(woken.get()).isGreaterThan(before);
        stop.run();
    }
}
