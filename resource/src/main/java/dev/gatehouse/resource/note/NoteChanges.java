package dev.gatehouse.resource.note;

import dev.gatehouse.mcp.feature.Change;
import dev.gatehouse.mcp.feature.Changes;
import dev.gatehouse.shared.audit.OncePerMinute;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;

/**
 * Tells clients of notes that have changed, whichever process over the database changed them. The database is looked at once a second from
 * when it is open on; what this process writes is told at once.
 */
public final class NoteChanges {

    private static final Logger LOG = LoggerFactory.getLogger(NoteChanges.class);
    private static final long POLL_MILLIS = 1_000;
    private static final long KEPT_MILLIS = 3_600_000;
    private static final int AT_ONCE = 1_000;

    private static final String ADD = "INSERT INTO note_change (owner, note_id, listed, at) VALUES ($1, $2, $3, $4)";
    static final String FORGET = "DELETE FROM note_change WHERE at < $1";
    private static final String LAST = "SELECT COALESCE(MAX(seq), 0) AS seq FROM note_change";
    private static final String BEHIND = "SELECT seq, owner, note_id, listed FROM note_change WHERE seq > $1 ORDER BY seq LIMIT " + AT_ONCE;

    private final OncePerMinute failures = new OncePerMinute();
    private final Vertx vertx;
    private volatile Database database;
    private Changes changes;
    private long timer = -1;
    private volatile long seen;
    private boolean looking;
    private boolean again;

    public NoteChanges(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Keeps a change in the transaction that makes it. */
    static Future<Void> keep(Statements statements, String owner, String noteId, boolean listed, long now) {
        return statements.update(ADD, owner, noteId, listed ? 1L : 0L, now)
            .compose(added -> statements.update(FORGET, now - KEPT_MILLIS)).mapEmpty();
    }

    /** Takes the database as soon as it is open, and notes where it stands: what follows is news. */
    public Future<Void> begin(Database opened) {
        return opened.read(LAST).map(rows -> {
            seen = rows.get(0).number("seq");
            database = opened;
            return null;
        });
    }

    /** Tells of changes from now on. A second call with the same hub does nothing: several instances of a server share one. */
    public synchronized void follow(Changes hub) {
        if (changes == null) {
            changes = hub;
            timer = vertx.setPeriodic(POLL_MILLIS, tick -> look());
        }
    }

    /** Looks now, because this process has written. */
    void look() {
        synchronized (this) {
            if (changes == null || looking || database == null) {
                again = looking;
                return;
            }
            looking = true;
        }
        database.read(BEHIND, seen).map(this::tell)
            .onFailure(failure -> failures.write(held -> LOG.warn("Changes of notes cannot be read: {}", failure.getMessage())))
            .onComplete(told -> looked(Boolean.TRUE.equals(told.result())));
    }

    /** Whether there may be more. */
    private boolean tell(List<SqlRow> rows) {
        if (!rows.isEmpty() && seen > 0 && rows.get(0).number("seq") != seen + 1) {
            // Changes were removed before this process, which was suspended, has read them: any list may be another.
            changes.publish(Change.of(Change.Kind.RESOURCES));
        }
        for (SqlRow row : rows) {
            seen = row.number("seq");
            changes.publish(new Change(Change.Kind.RESOURCE_UPDATED, NoteSummary.uri(row.text("note_id")), row.text("owner")));
            if (row.number("listed") != 0) {
                changes.publish(new Change(Change.Kind.RESOURCES, null, row.text("owner")));
            }
        }
        return rows.size() == AT_ONCE;
    }

    private void looked(boolean mayBeMore) {
        boolean more;
        synchronized (this) {
            looking = false;
            more = again || mayBeMore;
            again = false;
        }
        if (more) {
            look();
        }
    }

    /** Tells of nothing any more. */
    public synchronized void close() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }
}
