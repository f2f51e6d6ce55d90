package dev.gatehouse.resource.note;

import dev.gatehouse.mcp.feature.Change;
import dev.gatehouse.mcp.feature.Changes;
import dev.gatehouse.resource.note.Note.NoteSummary;
import dev.gatehouse.shared.sql.ChangeFeed;
import dev.gatehouse.shared.sql.ChangeFeed.FeedTable;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.time.Duration;

/** Stores changes of notes for an hour, and publishes them to the clients of all processes on the database. */
public final class NoteChangeStore implements ChangeFeed.Listener {

    private static final FeedTable FEED = new FeedTable("note_change", "owner, note_id, listed");
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final long KEPT_MILLIS = 3_600_000;

    private static final String ADD = "INSERT INTO note_change (owner, note_id, listed, at) VALUES ($1, $2, $3, $4)";
    static final String FORGET = "DELETE FROM note_change WHERE at < $1";

    private final Vertx vertx;
    private volatile Changes hub;
    private volatile ChangeFeed feed;

    public NoteChangeStore(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Records a change in its transaction. */
    static Future<Void> keep(Statements statements, String owner, String noteId, boolean listed, long now) {
        statements.wake(FEED.name());
        return statements.update(ADD, owner, noteId, listed ? 1L : 0L, now)
            .compose(added -> statements.update(FORGET, now - KEPT_MILLIS)).mapEmpty();
    }

    /** Publishes the changes of an open database that are committed from now on. */
    public Future<Void> begin(Database opened) {
        return ChangeFeed.start(vertx, opened, FEED, INTERVAL, this).map(started -> {
            feed = started;
            return null;
        });
    }

    /** Publishes changes to a hub from now on. Several instances of a server share one hub. */
    public void follow(Changes changes) {
        hub = changes;
    }

    /** Tells of the list first: a client may have subscribed to a new note before it hears that the note was made. */
    @Override
    public void onChange(SqlRow row) {
        if (row.number("listed") != 0) {
            publish(new Change(Change.Kind.RESOURCES, null, row.text("owner")));
        }
        publish(new Change(Change.Kind.RESOURCE_UPDATED, NoteSummary.uri(row.text("note_id")), row.text("owner")));
    }

    /** Any list may have changed. */
    @Override
    public void onGap() {
        publish(Change.of(Change.Kind.RESOURCES));
    }

    private void publish(Change change) {
        Changes to = hub;
        if (to != null) {
            to.publish(change);
        }
    }

    /** Stops publishing. */
    public void close() {
        if (feed != null) {
            feed.stop();
        }
    }
}
