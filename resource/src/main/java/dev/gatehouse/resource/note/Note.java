package dev.gatehouse.resource.note;

import io.vertx.core.json.JsonObject;

import java.time.Instant;
import java.util.Objects;

/**
 * A decrypted note.
 *
 * @param id        {@code note_} and 22 base64url characters
 * @param content the complete text
 * @param version starts at 1 and increases by 1 with each change
 */
record Note(String id, String title, String content, Instant createdAt, Instant updatedAt, long version) {

    public Note {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(updatedAt, "updatedAt");
    }

    /** The URI of the note as an MCP resource. */
    public String uri() {
        return NoteSummary.uri(id);
    }

    NoteSummary summary() {
        return new NoteSummary(id, title, NoteText.preview(content), createdAt, updatedAt, version);
    }

    /** The form of tools and resources. */
    JsonObject toJson() {
        return new JsonObject().put("note_id", id).put("title", title).put("content", content).put("uri", uri())
            .put("created_at", createdAt.toString()).put("updated_at", updatedAt.toString()).put("version", version);
    }

    /** A note in a list, with a preview of its content. */
    record NoteSummary(String id, String title, String preview, Instant createdAt, Instant updatedAt, long version) {

        /** The JSON Schema of {@link #toJson}. */
        static final String SCHEMA = """
            {"type": "object", "required": ["note_id", "title", "preview", "uri", "created_at", "updated_at", "version"], "properties": {
              "note_id": {"type": "string"},
              "title": {"type": "string"},
              "preview": {"type": "string", "description": "The first 100 characters or so"},
              "uri": {"type": "string", "description": "Resource to read the note from"},
              "created_at": {"type": "string", "description": "RFC 3339"},
              "updated_at": {"type": "string", "description": "RFC 3339"},
              "version": {"type": "integer", "description": "Pass it to update_secure_note"}}}""";

        static final String URI_PREFIX = "user://notes/";

        public NoteSummary {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(title, "title");
            Objects.requireNonNull(preview, "preview");
            Objects.requireNonNull(createdAt, "createdAt");
            Objects.requireNonNull(updatedAt, "updatedAt");
        }

        /** The URI of the note as an MCP resource. */
        public String uri() {
            return uri(id);
        }

        /** The form of tool results. */
        JsonObject toJson() {
            return new JsonObject().put("note_id", id).put("title", title).put("preview", preview).put("uri", uri())
                .put("created_at", createdAt.toString()).put("updated_at", updatedAt.toString()).put("version", version);
        }

        static String uri(String id) {
            return URI_PREFIX + id;
        }
    }
}
