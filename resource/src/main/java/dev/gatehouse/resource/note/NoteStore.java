package dev.gatehouse.resource.note;

import dev.gatehouse.mcp.api.CallRefused;
import dev.gatehouse.resource.note.Note.NoteSummary;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.Sealer;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.KeyCheckStore;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Stores encrypted notes. Each is visible only to its owner; another user's note behaves like a missing note. */
public final class NoteStore {

    /** The maximum number of notes of one user. */
    public static final int NOTES_PER_OWNER = 1_000;

    /** The data that depends on the key of notes. A sample, newest first, is enough to verify the key. */
    public static final KeyCheckStore.Contents SEALED_CONTENTS = new KeyCheckStore.Contents("SELECT 1 AS present FROM note LIMIT 1",
        "SELECT id, owner, sealed_title FROM note ORDER BY created_at DESC LIMIT 100", NoteStore::opens);

    private static final String UNREADABLE_TITLE = "(unreadable note)";
    private static final String UNREADABLE = "This note is damaged and cannot be read. It can be deleted.";
    private static final int ID_BYTES = 16;

    private static final String COUNT = "SELECT COUNT(*) AS notes FROM note WHERE owner = $1";
    private static final String INSERT = """
        INSERT INTO note (id, owner, created_at, sealed_title, sealed_preview, sealed_content)
        VALUES ($1, $2, $3, $4, $5, $6)""";
    private static final String SEALED = """
        SELECT id, created_at, updated_at, version, sealed_title, sealed_content FROM note
        WHERE owner = $1 ORDER BY created_at DESC, id DESC LIMIT $2 OFFSET $3""";
    private static final String UPDATE = """
        UPDATE note SET sealed_title = $1, sealed_preview = $2, sealed_content = $3, updated_at = $4, version = version + 1
        WHERE owner = $5 AND id = $6 AND version = $7""";
    private static final String DELETE = "DELETE FROM note WHERE owner = $1 AND id = $2";
    private static final String LIST = """
        SELECT id, created_at, updated_at, version, sealed_title, sealed_preview FROM note
        WHERE owner = $1 ORDER BY created_at DESC, id DESC""";
    private static final String FIND = """
        SELECT id, created_at, updated_at, version, sealed_title, sealed_content FROM note WHERE owner = $1 AND id = $2""";

    private final Database database;
    private final Supplier<Future<Sealer>> sealer;
    private final Clock clock;

    /** @param sealer provides the cipher after its key has been read */
    public NoteStore(Database database, Supplier<Future<Sealer>> sealer, Clock clock) {
        this.database = database;
        this.sealer = sealer;
        this.clock = clock;
    }

    /** Adds a note; empty if the owner has the maximum number. Completes when the note is durable. */
    public Future<Optional<Note>> create(String owner, String title, String content) {
        String id = "note_" + SecretToken.encode(SecretToken.randomBytes(ID_BYTES));
        Instant now = Instant.ofEpochMilli(clock.millis());
        Note note = new Note(id, title, content, now, now, 1);
        return sealer.get().compose(with -> insert(owner, note, with));
    }

    private Future<Optional<Note>> insert(String owner, Note note, Sealer with) {
        Object[] row = {note.id(), owner, note.createdAt().toEpochMilli(),
            with.seal(note.title(), context(owner, note.id(), "title")),
            with.seal(NoteText.preview(note.content()), context(owner, note.id(), "preview")),
            with.seal(note.content(), context(owner, note.id(), "content"))};
        return database.write(statements -> statements.lock("notes " + owner).compose(locked -> statements.query(COUNT, owner)).compose(count ->
            count.get(0).number("notes") >= NOTES_PER_OWNER
                ? Future.succeededFuture(Optional.<Note>empty())
                : statements.update(INSERT, row)
                    .compose(added -> NoteChangeStore.keep(statements, owner, note.id(), true, note.createdAt().toEpochMilli()))
                    .map(Optional.of(note))));
    }

    /** Lists the owner's notes, newest first. */
    public Future<List<NoteSummary>> list(String owner) {
        return sealer.get().compose(with -> database.read(LIST, owner)
            .map(rows -> rows.stream().map(row -> summary(owner, row, with)).toList()));
    }

    /** Finds a note of the owner. */
    public Future<Optional<Note>> find(String owner, String id) {
        return sealer.get().compose(with -> database.read(FIND, owner, id)
            .map(rows -> rows.stream().findFirst().map(row -> open(owner, row, with))));
    }

    /** Returns the title of a note of the owner, even if the note is damaged. */
    Future<Optional<String>> title(String owner, String id) {
        return sealer.get().compose(with -> database.read(FIND, owner, id)
            .map(rows -> rows.stream().findFirst().map(row -> tryOpen(owner, row, with).map(Note::title).orElse(UNREADABLE_TITLE))));
    }

    /** The outcome of an update. */
    public enum Outcome {
        DONE, NOT_FOUND, CHANGED_MEANWHILE
    }

    /**
     * Changes a note.
     *
     * @param title   the new title, or null to keep it
     * @param content the new content, or null to keep it
     * @param version the version that was read, or null for any version
     */
    public Future<Outcome> update(String owner, String id, String title, String content, Long version) {
        return sealer.get().compose(with -> database.write(statements -> statements.query(FIND, owner, id).compose(rows -> {
            if (rows.isEmpty()) {
                return Future.succeededFuture(Outcome.NOT_FOUND);
            }
            Note before = open(owner, rows.get(0), with);
            return version != null && version != before.version() ? Future.succeededFuture(Outcome.CHANGED_MEANWHILE)
                : change(statements, owner, before, title == null ? before.title() : title, content == null ? before.content() : content, with);
        })));
    }

    private Future<Outcome> change(Statements statements, String owner, Note before, String title, String content, Sealer with) {
        long now = clock.millis();
        return statements.update(UPDATE, with.seal(title, context(owner, before.id(), "title")),
                with.seal(NoteText.preview(content), context(owner, before.id(), "preview")),
                with.seal(content, context(owner, before.id(), "content")), now, owner, before.id(), before.version())
            .compose(rows -> rows == 0 ? Future.succeededFuture(Outcome.CHANGED_MEANWHILE)
                : NoteChangeStore.keep(statements, owner, before.id(), true, now).map(Outcome.DONE));
    }

    /** Deletes a note; false if the owner has no such note. */
    public Future<Boolean> delete(String owner, String id) {
        return database.write(statements -> statements.update(DELETE, owner, id).compose(rows -> rows == 0 ? Future.succeededFuture(false)
            : NoteChangeStore.keep(statements, owner, id, true, clock.millis()).map(true)));
    }

    /** Returns encrypted notes of the owner, newest first. */
    Future<List<SealedNote>> sealed(String owner, int count, int from) {
        return database.read(SEALED, owner, count, from).map(rows -> rows.stream().map(row -> new SealedNote(owner, row)).toList());
    }

    /** A note as it is stored. It is decrypted where its reader has the time. */
    record SealedNote(String owner, SqlRow row) {

        /** Decrypts the note; empty if that fails. Blocking. */
        Optional<Note> tryOpen(Sealer with) {
            return NoteStore.tryOpen(owner, row, with);
        }
    }

    /** Lists a damaged note as such, so that its owner can delete it and read all others. */
    private static NoteSummary summary(String owner, SqlRow row, Sealer with) {
        String id = row.text("id");
        Instant createdAt = Instant.ofEpochMilli(row.number("created_at"));
        Instant updatedAt = updatedAt(row);
        long version = row.number("version");
        try {
            return new NoteSummary(id, with.open(row.bytes("sealed_title"), context(owner, id, "title")),
                with.open(row.bytes("sealed_preview"), context(owner, id, "preview")), createdAt, updatedAt, version);
        } catch (Sealer.BrokenSealException damaged) {
            return new NoteSummary(id, UNREADABLE_TITLE, UNREADABLE, createdAt, updatedAt, version);
        }
    }

    private static boolean opens(MasterKey key, SqlRow row) {
        try {
            sealer(key).open(row.bytes("sealed_title"), context(row.text("owner"), row.text("id"), "title"));
            return true;
        } catch (Sealer.BrokenSealException otherKey) {
            return false;
        }
    }

    /** The cipher of notes. */
    public static Sealer sealer(MasterKey key) {
        return key.sealer("notes");
    }

    private static Optional<Note> tryOpen(String owner, SqlRow row, Sealer with) {
        try {
            return Optional.of(unsealed(owner, row, with));
        } catch (Sealer.BrokenSealException damaged) {
            return Optional.empty();
        }
    }

    private static Note open(String owner, SqlRow row, Sealer with) {
        return tryOpen(owner, row, with).orElseThrow(() -> new CallRefused(UNREADABLE));
    }

    private static Note unsealed(String owner, SqlRow row, Sealer with) {
        String id = row.text("id");
        return new Note(id, with.open(row.bytes("sealed_title"), context(owner, id, "title")),
            with.open(row.bytes("sealed_content"), context(owner, id, "content")),
            Instant.ofEpochMilli(row.number("created_at")), updatedAt(row), row.number("version"));
    }

    private static Instant updatedAt(SqlRow row) {
        Long updated = row.numberOrNull("updated_at");
        return Instant.ofEpochMilli(updated == null ? row.number("created_at") : updated);
    }

    /** Binds an encrypted value to its row and column, so that values cannot be swapped in the file. */
    private static String context(String owner, String id, String column) {
        return owner + ' ' + id + ' ' + column;
    }
}
