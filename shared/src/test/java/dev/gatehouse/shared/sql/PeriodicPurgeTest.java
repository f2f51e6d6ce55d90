package dev.gatehouse.shared.sql;

import static dev.gatehouse.shared.sql.Samples.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.sql.PeriodicPurge.PurgeStep;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

@ExtendWith(VertxExtension.class)
class PeriodicPurgeTest {

    private static final PurgeStep EXPIRED_ITEMS = new PurgeStep(
        "DELETE FROM item WHERE id IN (SELECT id FROM item WHERE expires_at <= $1 LIMIT $2)", () -> 100);
    private static final PurgeStep BROKEN = new PurgeStep("DELETE FROM absent WHERE a <= $1 AND b = $2", () -> 100);

    @TempDir
    Path directory;

    @Test
    void removesExpiredRowsOnlyAndInSteps(Vertx vertx) throws Exception {
        Database database = await(SqliteDatabase.open(vertx, directory.resolve("sample.db"), "db/sample"));
        await(database.write(statements -> {
            for (int number = 0; number < 45; number++) {
                insert(statements, "expired" + number, 100);
                insert(statements, "alive" + number, 101);
            }
            return Future.succeededFuture();
        }));
        PeriodicPurge purge =
            PeriodicPurge.start(vertx, database, Duration.ofMillis(5), 10, List.of(BROKEN, EXPIRED_ITEMS));
        await(untilCount(vertx, database, 45));
        await(database.write(statements -> insert(statements, "later", 99)));
        await(untilCount(vertx, database, 45));
        purge.stop();
        assertThat(await(database.read("SELECT COUNT(*) AS n FROM item WHERE expires_at = $1", 101)).get(0).number("n"))
            .isEqualTo(45);
    }

    private static Future<Integer> insert(Statements statements, String id, long expiresAt) {
        return statements.update("INSERT INTO item (id, amount, expires_at) VALUES ($1, $2, $3)", id, 1, expiresAt);
    }

    private static Future<Void> untilCount(Vertx vertx, Database database, long wanted) {
        Promise<Void> reached = Promise.promise();
        vertx.setPeriodic(5, timer -> database.read("SELECT COUNT(*) AS n FROM item")
            .onSuccess(rows -> {
                if (rows.get(0).number("n") == wanted) {
                    vertx.cancelTimer(timer);
                    reached.tryComplete();
                }
            }));
        return reached.future();
    }
}
