package dev.gatehouse.shared.sql;

import static dev.gatehouse.shared.sql.Samples.await;
import static dev.gatehouse.shared.sql.Samples.count;
import static dev.gatehouse.shared.sql.Samples.insert;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

@ExtendWith(VertxExtension.class)
@Tag("slow")
class SqliteProcessesTest {

    @TempDir
    Path directory;

    @Test
    void everyAcknowledgedRowSurvivesKill(Vertx vertx) throws Exception {
        Path file = directory.resolve("sample.db");
        Set<String> acknowledged = new HashSet<>();
        for (int round = 0; round < 3; round++) {
            try (WriterProcess process = new WriterProcess(file, "round" + round + "-", Integer.MAX_VALUE)) {
                acknowledged.addAll(process.acknowledged(200 + new Random().nextInt(1_000)));
                acknowledged.addAll(process.kill());
            }
        }
        SqliteDatabase database = await(SqliteDatabase.open(vertx, file, "db/sample"));
        Set<String> stored = await(database.read("SELECT id FROM item")).stream().map(row -> row.text("id"))
            .collect(Collectors.toSet());
        assertThat(acknowledged).isNotEmpty().isSubsetOf(stored);
        assertThat(await(database.read("PRAGMA integrity_check")).get(0).text("integrity_check")).isEqualTo("ok");
        await(database.close());
    }

    @Test
    void processesThatStartTogetherMakeOneSchemaAndLoseNothing(Vertx vertx) throws Exception {
        Path file = directory.resolve("home/sample.db");
        List<WriterProcess> processes = new ArrayList<>();
        for (int number = 0; number < 3; number++) {
            processes.add(new WriterProcess(file, "process" + number + "-", 300));
        }
        List<Future<SqliteDatabase>> here = IntStream.range(0, 3)
            .mapToObj(number -> SqliteDatabase.open(vertx, file, "db/sample")).toList();
        for (int number = 0; number < here.size(); number++) {
            SqliteDatabase database = await(here.get(number));
            String prefix = "here" + number + "-";
            await(Future.all(IntStream.range(0, 300).mapToObj(row -> database.write(insert(prefix + row))).toList()));
        }
        for (WriterProcess process : processes) {
            assertThat(process.end()).isZero();
        }
        assertThat(count(here.get(0).result())).isEqualTo(6 * 300);
        for (Future<SqliteDatabase> database : here) {
            await(database.result().close());
        }
    }

    @Test
    void filesAreTheirOwnersAloneUnderAnyUmask() throws Exception {
        Path home = directory.resolve("above/home");
        try (WriterProcess process = new WriterProcess(home.resolve("sample.db"), "row", Integer.MAX_VALUE)) {
            process.acknowledged(10);
            assertThat(modes(home)).allSatisfy(mode -> assertThat(mode).startsWith("rw-------"))
                .extracting(mode -> mode.substring(10))
                .containsExactlyInAnyOrder("sample.db", "sample.db-wal", "sample.db-shm", "sample.db.lock");
            assertThat(mode(home)).isEqualTo("rwx------");
            assertThat(mode(home.getParent())).isEqualTo("rwx------");
        }
    }

    private static List<String> modes(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> mode(file) + " " + file.getFileName()).toList();
        }
    }

    private static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
