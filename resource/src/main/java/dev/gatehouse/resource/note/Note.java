package dev.gatehouse.resource.note;

import java.time.Instant;
import java.util.Objects;

/**
 * A note, as its owner sees it.
 *
 * @param id        {@code note_} and 22 base64url characters
 * @param content all of it
 * @param version counts from 1, by one for each change
 */
public record Note(String id, String title, String content, Instant createdAt, Instant updatedAt, long version) {

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
}
