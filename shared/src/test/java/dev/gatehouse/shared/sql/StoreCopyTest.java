package dev.gatehouse.shared.sql;

import static dev.gatehouse.shared.sql.Samples.await;
import static dev.gatehouse.shared.sql.Samples.count;
import static dev.gatehouse.shared.sql.Samples.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** Copies, backups and restores of a store, between the engines. */
@ExtendWith(VertxExtension.class)
class StoreCopyTest {

    private static final String ALL = "SELECT id, amount, bytes, expires_at FROM item ORDER BY id";

    @TempDir
    Path directory;

    private StoreLocation location(Engine.Place place, String migrations) {
        DataHome home = DataHome.of(Map.of("GATEHOUSE_HOME", directory.toString()));
        return new StoreLocation(Engine.store(place.url()), home, place.file(), migrations);
    }

    private StoreLocation location(Engine.Place place) {
        return location(place, "db/sample");
    }

    private Engine.Place place(Engine engine, String name) throws Exception {
        return engine.place(Files.createDirectories(directory.resolve(name)));
    }

    private static List<List<Object>> rows(Database database) throws Exception {
        return await(database.read(ALL)).stream().<List<Object>>map(row -> List.of(row.text("id"), row.number("amount"),
            row.bytes("bytes") == null ? "none" : new BigInteger(row.bytes("bytes")), row.number("expires_at"))).toList();
    }

    /** More rows than are read at once, among them one with bytes and one with letters of another script. */
    private static void fill(Database database) throws Exception {
        await(database.write(statements -> {
            Future<Integer> done = statements.update("INSERT INTO item (id, amount, bytes) VALUES ($1, $2, $3)", "日本 ünïcode", -7, new byte[] {0, 1, -1});
            for (int i = 0; i < 2_500; i++) {
                String id = "item " + i;
                done = done.compose(before -> insert(id).run(statements));
            }
            return done.compose(before -> statements.update("INSERT INTO invalidation (kind, subject, created_at) VALUES ($1, $2, $3)", "token", "a", 1L));
        }));
    }

    @ParameterizedTest
    @CsvSource({"SQLITE, POSTGRESQL", "POSTGRESQL, SQLITE", "SQLITE, SQLITE", "POSTGRESQL, POSTGRESQL"})
    void copyHoldsEveryRowAndContinuesTheNumbers(Engine from, Engine to, Vertx vertx) throws Exception {
        Engine.Place source = place(from, "from");
        Engine.Place target = place(to, "to");
        Database database = source.open(vertx);
        fill(database);
        List<StoreCopy.Copied> copied = await(StoreCopy.copy(vertx, location(source), location(target)));
        assertThat(copied).extracting(StoreCopy.Copied::table).containsExactlyInAnyOrder("item", "invalidation");
        assertThat(copied).filteredOn(table -> table.table().equals("item")).extracting(StoreCopy.Copied::rows).containsExactly(2_501L);
        Database other = target.open(vertx);
        assertThat(rows(other)).containsExactlyInAnyOrderElementsOf(rows(database));
        assertThat(await(other.write(statements -> statements.query(
            "INSERT INTO invalidation (kind, subject, created_at) VALUES ($1, $2, $3) RETURNING seq", "token", "b", 2L))).get(0).number("seq")).isEqualTo(2);
        await(database.close());
        await(other.close());
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void targetWithRowsOrWithAServerIsRefusedAndStaysAsItIs(Engine engine, Vertx vertx) throws Exception {
        Engine.Place source = place(Engine.SQLITE, "from");
        Engine.Place target = place(engine, "to");
        Database database = source.open(vertx);
        await(database.write(insert("new")));
        Database used = target.open(vertx);
        await(used.write(insert("old")));
        assertThatThrownBy(() -> await(StoreCopy.copy(vertx, location(source), location(target)))).hasCauseInstanceOf(StartupException.class)
            .hasMessageContaining("Stop it first");
        await(used.close());
        assertThatThrownBy(() -> await(StoreCopy.copy(vertx, location(source), location(target)))).hasCauseInstanceOf(StartupException.class)
            .hasMessageContaining("item has rows");
        Database again = target.open(vertx);
        assertThat(rows(again)).extracting(row -> row.get(0)).containsExactly("old");
        await(again.close());
        await(database.close());
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void backupOfARunningStoreIsRestoredWithANewerSchema(Engine engine, Vertx vertx) throws Exception {
        Engine.Place place = place(engine, "store");
        Database database = place.open(vertx);
        fill(database);
        Path file = directory.resolve("backup.db");
        await(new StoreBackup(vertx, location(place)).write(file));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        List<List<Object>> before = rows(database);
        await(database.write(insert("later")));
        await(database.close());
        assertThatThrownBy(() -> await(new StoreBackup(vertx, location(place)).write(file))).hasMessageContaining("exists");

        StoreBackup newer = new StoreBackup(vertx, location(place, "db/newer"));
        assertThatThrownBy(() -> await(newer.restore(file, false, statements -> Future.succeededFuture()))).hasMessageContaining("has rows");
        StoreBackup.Restored<Integer> restored = await(newer.restore(file, true,
            statements -> statements.update("UPDATE item SET amount = amount + $1", 1L)));
        assertThat(restored.ended()).isEqualTo(2_501);
        Database again = place.open(vertx, "db/newer");
        assertThat(count(again)).isEqualTo(2_501);
        assertThat(rows(again)).extracting(row -> row.get(0)).containsExactlyInAnyOrderElementsOf(before.stream().map(row -> row.get(0)).toList())
            .doesNotContain("later");
        assertThat(await(again.read("SELECT SUM(amount) AS total FROM item")).get(0).number("total")).isEqualTo(2_500 * 2 - 6);
        await(again.close());
        try (var files = Files.list(directory)) {
            assertThat(files.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("backup.db", "store");
        }
    }

    @Test
    void failureBeforeTheCommitLeavesTheStoreAsItIs(Vertx vertx) throws Exception {
        Engine.Place place = place(Engine.SQLITE, "store");
        Database database = place.open(vertx);
        await(database.write(insert("a")));
        Path file = directory.resolve("backup.db");
        await(new StoreBackup(vertx, location(place)).write(file));
        await(database.write(insert("b")));
        await(database.close());
        assertThatThrownBy(() -> await(new StoreBackup(vertx, location(place)).restore(file, true,
            statements -> Future.failedFuture(new IllegalStateException("stop"))))).hasMessageContaining("stop");
        Database again = place.open(vertx);
        assertThat(count(again)).isEqualTo(2);
        await(again.close());
        Path other = Files.writeString(directory.resolve("other"), "no database");
        assertThatThrownBy(() -> await(new StoreBackup(vertx, location(place)).restore(other, true, statements -> Future.succeededFuture())))
            .hasMessageContaining("not a SQLite database");
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void statusTellsWhatAMigrationWouldDoAndChangesNothing(Engine engine, Vertx vertx) throws Exception {
        Engine.Place place = place(engine, "store");
        StoreLocation.Status none = await(location(place).status(vertx));
        assertThat(none.version()).isZero();
        assertThat(none.pending()).containsExactly("V001__sample.sql");
        assertThat(none.rows()).isEmpty();
        Database database = place.open(vertx);
        await(database.write(insert("a")));
        await(database.close());
        StoreLocation.Status older = await(location(place, "db/newer").status(vertx));
        assertThat(older.version()).isEqualTo(1);
        assertThat(older.pending()).containsExactly("V002__more.sql");
        assertThat(older.rows()).containsEntry("item", 1L).containsEntry("invalidation", 0L);
        assertThat(older.name()).doesNotContain("s3cret");
        await(location(place, "db/newer").migrate(vertx));
        assertThat(await(location(place, "db/newer").status(vertx)).pending()).isEmpty();
    }
}
