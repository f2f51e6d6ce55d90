package dev.gatehouse.shared.sql;

import static dev.gatehouse.shared.sql.Samples.await;
import static dev.gatehouse.shared.sql.Samples.count;
import static dev.gatehouse.shared.sql.Samples.insert;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** New files that start as a copy of the database which the build has made. */
@ExtendWith(VertxExtension.class)
class PreparedDatabaseTest {

    private static final String MIGRATIONS = "db/prepared";

    @TempDir
    Path directory;

    private Vertx vertx;
    private Path file;

    @BeforeAll
    static void build() throws Exception {
        Path scripts = Files.createDirectories(classes().resolve(MIGRATIONS));
        Files.copy(classes().resolve("db/sample/V001__sample.sql"), scripts.resolve("V001__sample.sql"), StandardCopyOption.REPLACE_EXISTING);
        PreparedDatabase.main(new String[] {MIGRATIONS, classes().toString()});
    }

    private static Path classes() throws Exception {
        return Path.of(PreparedDatabaseTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @BeforeEach
    void file(Vertx vertx) {
        this.vertx = vertx;
        file = directory.resolve("sample.db");
    }

    private List<String> schema(Path opened, String migrations) throws Exception {
        SqliteDatabase database = await(SqliteDatabase.open(vertx, opened, migrations));
        List<String> parts = await(database.read("""
            SELECT COALESCE(sql, name) AS part FROM sqlite_master UNION ALL SELECT script || checksum || success FROM flyway_schema_history ORDER BY 1""")).stream()
            .map(row -> row.text("part")).toList();
        await(database.close());
        return parts;
    }

    private boolean isCopy() throws Exception {
        SqliteDatabase database = await(SqliteDatabase.open(vertx, file, MIGRATIONS));
        boolean copy = await(database.read("SELECT 1 AS one FROM flyway_schema_history WHERE installed_on = $1", "2026-01-01 00:00:00")).size() == 1;
        await(database.close());
        return copy;
    }

    @Test
    void aNewFileIsACopyWithTheSchemaThatTheMigrationsMake() throws Exception {
        assertThat(schema(file, MIGRATIONS)).isEqualTo(schema(directory.resolve("migrated.db"), "db/sample"));
        assertThat(isCopy()).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    }

    @Test
    void aCopyTakesRowsLikeAnyDatabase() throws Exception {
        SqliteDatabase database = await(SqliteDatabase.open(vertx, file, MIGRATIONS));
        await(database.write(insert("kept")));
        await(database.close());
        SqliteDatabase again = await(SqliteDatabase.open(vertx, file, MIGRATIONS));
        assertThat(count(again)).isEqualTo(1);
        await(again.close());
    }

    @Test
    void aFileWithRowsIsMigratedAndNotReplaced() throws Exception {
        SqliteDatabase older = await(SqliteDatabase.open(vertx, file, "db/sample"));
        await(older.write(insert("kept")));
        await(older.close());
        SqliteDatabase database = await(SqliteDatabase.open(vertx, file, MIGRATIONS));
        assertThat(count(database)).isEqualTo(1);
        await(database.close());
        assertThat(isCopy()).isFalse();
    }

    @Test
    void twoBuildsMakeTheSameBytes() throws Exception {
        Path made = classes().resolve(MIGRATIONS).resolve("prepared.db");
        byte[] first = Files.readAllBytes(made);
        Path other = Files.createDirectories(directory.resolve(MIGRATIONS));
        PreparedDatabase.main(new String[] {MIGRATIONS, directory.toString()});
        assertThat(Files.readAllBytes(other.resolve("prepared.db"))).isEqualTo(first);
    }

    @Test
    void aCopyThatACrashLeftBehindIsReplaced() throws Exception {
        Files.writeString(directory.resolve("sample.db.new"), "the first bytes");
        Files.createFile(file);
        assertThat(isCopy()).isTrue();
        assertThat(directory.resolve("sample.db.new")).doesNotExist();
    }
}
