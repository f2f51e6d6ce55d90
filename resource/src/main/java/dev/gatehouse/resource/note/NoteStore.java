package dev.gatehouse.resource.note;

import dev.gatehouse.shared.secret.Sealer;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Keeps notes, sealed, each visible to its owner only: whoever asks for another's note is told what is told of none. */
public final class NoteStore {

    /** Notes that one user may have, so that a list stays a list. */
    public static final int NOTES_PER_OWNER = 1_000;

    private static final int ID_BYTES = 16;

    private static final String COUNT = "SELECT COUNT(*) AS notes FROM note WHERE owner = $1";
    private static final String INSERT = """
        INSERT INTO note (id, owner, created_at, sealed_title, sealed_preview, sealed_content)
        VALUES ($1, $2, $3, $4, $5, $6)""";
    private static final String LIST = """
        SELECT id, created_at, sealed_title, sealed_preview FROM note
        WHERE owner = $1 ORDER BY created_at DESC, id DESC""";
    private static final String FIND = "SELECT id, created_at, sealed_title, sealed_content FROM note WHERE owner = $1 AND id = $2";

    private final Database database;
    private final Supplier<Future<Sealer>> sealer;
    private final Clock clock;

    /** @param sealer gives the cipher, as soon as its key has been read */
    public NoteStore(Database database, Supplier<Future<Sealer>> sealer, Clock clock) {
        this.database = database;
        this.sealer = sealer;
        this.clock = clock;
    }

    /** Adds a note; empty when the owner has as many as one may have. Completes once the note is durable. */
    public Future<Optional<Note>> create(String owner, String title, String content) {
        String id = "note_" + SecretToken.encode(SecretToken.randomBytes(ID_BYTES));
        Note note = new Note(id, title, content, Instant.ofEpochMilli(clock.millis()));
        return sealer.get().compose(with -> insert(owner, note, with));
    }

    private Future<Optional<Note>> insert(String owner, Note note, Sealer with) {
        Object[] row = {note.id(), owner, note.createdAt().toEpochMilli(),
            with.seal(note.title(), context(owner, note.id(), "title")),
            with.seal(NoteText.preview(note.content()), context(owner, note.id(), "preview")),
            with.seal(note.content(), context(owner, note.id(), "content"))};
        return database.write(statements -> statements.query(COUNT, owner).compose(count ->
            count.get(0).number("notes") >= NOTES_PER_OWNER
                ? Future.succeededFuture(Optional.<Note>empty())
                : statements.update(INSERT, row).map(Optional.of(note))));
    }

    /** The owner's notes, the newest first. */
    public Future<List<NoteSummary>> list(String owner) {
        return sealer.get().compose(with -> database.read(LIST, owner)
            .map(rows -> rows.stream().map(row -> summary(owner, row, with)).toList()));
    }

    /** One note of the owner. */
    public Future<Optional<Note>> find(String owner, String id) {
        return sealer.get().compose(with -> database.read(FIND, owner, id)
            .map(rows -> rows.stream().findFirst().map(row -> note(owner, row, with))));
    }

    private static NoteSummary summary(String owner, SqlRow row, Sealer with) {
        String id = row.text("id");
        return new NoteSummary(id, with.open(row.bytes("sealed_title"), context(owner, id, "title")),
            with.open(row.bytes("sealed_preview"), context(owner, id, "preview")), Instant.ofEpochMilli(row.number("created_at")));
    }

    private static Note note(String owner, SqlRow row, Sealer with) {
        String id = row.text("id");
        return new Note(id, with.open(row.bytes("sealed_title"), context(owner, id, "title")),
            with.open(row.bytes("sealed_content"), context(owner, id, "content")), Instant.ofEpochMilli(row.number("created_at")));
    }

    /** Binds a sealed value to its place, so that nobody who can write to the file can swap values between rows or columns. */
    private static String context(String owner, String id, String column) {
        return owner + ' ' + id + ' ' + column;
    }
}
