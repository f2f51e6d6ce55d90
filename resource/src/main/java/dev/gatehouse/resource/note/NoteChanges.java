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
 * Publishes changes of notes to clients, including changes by other processes on the database. It polls the database once a second
 * after it is open; changes by this process are published immediately.
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

    /** Records a change in its transaction. */
    static Future<Void> keep(Statements statements, String owner, String noteId, boolean listed, long now) {
        return statements.update(ADD, owner, noteId, listed ? 1L : 0L, now)
            .compose(added -> statements.update(FORGET, now - KEPT_MILLIS)).mapEmpty();
    }

    /** Starts with the current state of the open database; later changes are published. */
    public Future<Void> begin(Database opened) {
        return opened.read(LAST).map(rows -> {
            seen = rows.get(0).number("seq");
            database = opened;
            return null;
        });
    }

    /** Publishes changes to a hub from now on. A second call has no effect, because several instances of a server share one hub. */
    public synchronized void follow(Changes hub) {
        if (changes == null) {
            changes = hub;
            timer = vertx.setPeriodic(POLL_MILLIS, tick -> look());
        }
    }

    /** Polls now, because this process has written. */
    void look() {
        synchronized (this) {
            if (changes == null || looking || database == null) {
                again = looking;
                return;
            }
            looking = true;
        }
        database.read(BEHIND, seen).map(this::tell)
            .onFailure(failure -> failures.write(held -> LOG.warn("Cannot read changes of notes: {}", failure.getMessage())))
            .onComplete(told -> looked(Boolean.TRUE.equals(told.result())));
    }

    /** Returns whether there may be more rows. */
    private boolean tell(List<SqlRow> rows) {
        if (!rows.isEmpty() && seen > 0 && rows.get(0).number("seq") != seen + 1) {
            // Rows were removed while this process was suspended, so any list may have changed.
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

    /** Stops publishing. */
    public synchronized void close() {
        if (timer >= 0) {
            vertx.cancelTimer(timer);
            timer = -1;
        }
    }
}
