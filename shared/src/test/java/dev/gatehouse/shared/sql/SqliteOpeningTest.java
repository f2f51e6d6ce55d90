package dev.gatehouse.shared.sql;

import static dev.gatehouse.shared.sql.Samples.await;
import static dev.gatehouse.shared.sql.Samples.count;
import static dev.gatehouse.shared.sql.Samples.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

@ExtendWith(VertxExtension.class)
class SqliteOpeningTest {

    @TempDir
    Path directory;

    private Vertx vertx;
    private Path file;

    @BeforeEach
    void file(Vertx vertx) {
        this.vertx = vertx;
        file = directory.resolve("sample.db");
    }

    @Test
    void newerProgramAddsWhatIsMissingAndKeepsTheRows() throws Exception {
        openWriteAndClose("db/sample");
        SqliteDatabase newer = await(SqliteDatabase.open(vertx, file, "db/newer"));
        assertThat(count(newer)).isEqualTo(1);
        assertThat(await(newer.read("SELECT id FROM more"))).isEmpty();
        await(newer.close());
    }

    @Test
    void olderProgramRefusesANewerDatabaseAndChangesNothing() throws Exception {
        openWriteAndClose("db/newer");
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(() -> await(SqliteDatabase.open(vertx, file, "db/sample")))
            .cause().isInstanceOf(StartupException.class).hasMessageContaining("newer version").hasMessageContaining("002");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void failedMigrationLeavesTheDatabaseUsableAsItWas() throws Exception {
        openWriteAndClose("db/sample");
        assertThatThrownBy(() -> await(SqliteDatabase.open(vertx, file, "db/broken")))
            .cause().isInstanceOf(StartupException.class).hasMessageContaining("absent");
        SqliteDatabase database = await(SqliteDatabase.open(vertx, file, "db/newer"));
        assertThat(await(database.read("SELECT name FROM sqlite_master WHERE name = $1", "half"))).isEmpty();
        assertThat(count(database)).isEqualTo(1);
        await(database.close());
    }

    @Test
    void fileThatIsNoDatabaseIsNamedAndKept() throws Exception {
        String text = "These are somebody's notes, and long enough to be read as a database's header would be.".repeat(20);
        Files.writeString(file, text);
        assertThatThrownBy(() -> await(SqliteDatabase.open(vertx, file, "db/sample")))
            .cause().isInstanceOf(StartupException.class).hasMessageContaining(file + " is not a SQLite database");
        assertThat(Files.readString(file)).isEqualTo(text);
    }

    @Test
    void databaseOfAnotherProgramIsRefused() throws Exception {
        Files.createFile(file);
        try (SqliteConnection other = SqliteConnection.writing(SqliteOptions.of(file, "db/sample"))) {
            other.control("CREATE TABLE theirs (id TEXT)");
        }
        assertThatThrownBy(() -> await(SqliteDatabase.open(vertx, file, "db/sample")))
            .cause().isInstanceOf(StartupException.class).hasMessageContaining(file + " is the database of another program");
    }

    @Test
    void placeThatCannotBeWrittenIsNamedWithARemedy() throws Exception {
        Files.writeString(directory.resolve("occupied"), "a file");
        Path impossible = directory.resolve("occupied/sample.db");
        assertThatThrownBy(() -> await(SqliteDatabase.open(vertx, impossible, "db/sample")))
            .cause().isInstanceOf(StartupException.class)
            .hasMessageContaining(impossible.toString()).hasMessageContaining("GATEHOUSE_HOME");
        Path notAFile = Files.createDirectory(directory.resolve("folder"));
        assertThatThrownBy(() -> await(SqliteDatabase.open(vertx, notAFile, "db/sample")))
            .cause().isInstanceOf(StartupException.class).hasMessageContaining("not a file");
    }

    @Test
    void filesOpenToOthersAreClosedAndForeignFoldersKeepTheirMode() throws Exception {
        openWriteAndClose("db/sample");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        await(await(SqliteDatabase.open(vertx, file, "db/sample")).close());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory))).isEqualTo("rwxr-xr-x");
    }

    private void openWriteAndClose(String migrations) throws Exception {
        SqliteDatabase database = await(SqliteDatabase.open(vertx, file, migrations));
        await(database.write(insert("kept")));
        await(database.close());
    }
}
