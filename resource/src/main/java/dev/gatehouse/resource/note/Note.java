package dev.gatehouse.resource.note;

import io.vertx.core.json.JsonObject;

import java.time.Instant;
import java.util.Objects;

/**
 * A note, as its owner sees it.
 *
 * @param id        {@code note_} and 22 base64url characters
 * @param content all of it
 * @param version counts from 1, by one for each change
 */
record Note(String id, String title, String content, Instant createdAt, Instant updatedAt, long version) {

    public Note {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(updatedAt, "updatedAt");
    }

    /** URI of the MCP resource that this note is. */
    public String uri() {
        return NoteSummary.uri(id);
    }

    NoteSummary summary() {
        return new NoteSummary(id, title, NoteText.preview(content), createdAt, updatedAt, version);
    }

    /** As tools and the resource tell it. */
    JsonObject toJson() {
        return new JsonObject().put("note_id", id).put("title", title).put("content", content).put("uri", uri())
            .put("created_at", createdAt.toString()).put("updated_at", updatedAt.toString()).put("version", version);
    }
}
