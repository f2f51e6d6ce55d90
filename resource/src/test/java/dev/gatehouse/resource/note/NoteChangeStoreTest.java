package dev.gatehouse.resource.note;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.SqliteDatabase;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

class NoteChangeStoreTest {

    @TempDir
    private Path directory;
    private Vertx vertx;
    private SqliteDatabase database;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        database = Waiting.on(SqliteDatabase.open(vertx, directory.resolve("notes.db"), "db/notes"));
    }

    @AfterEach
    void close() {
        Waiting.on(database.close());
        Waiting.on(vertx.close());
    }

    /** Each write takes away what is older than an hour: at 500,000 changes, reading them all left 15 writes a second. */
    @Test
    void takingAwayOldChangesReadsAnIndexAndNotTheTable() {
        List<SqlRow> plan = Waiting.on(database.read("EXPLAIN QUERY PLAN " + NoteChangeStore.FORGET, 1L));
        assertThat(plan).hasSize(1);
        assertThat(plan.get(0).text("detail")).contains("note_change_by_time");
    }

    @Test
    void changesOfMoreThanAnHourAgoAreTakenAwayAndYoungerOnesKept() {
        keep("old", 1_000);
        keep("young", 1_001 + 3_600_000);
        keep("now", 1_002 + 3_600_000);
        assertThat(Waiting.on(database.read("SELECT note_id FROM note_change ORDER BY seq")).stream().map(row -> row.text("note_id")))
            .containsExactly("young", "now");
    }

    private void keep(String noteId, long now) {
        Waiting.on(database.write(statements -> NoteChangeStore.keep(statements, "owner", noteId, true, now)));
    }
}
