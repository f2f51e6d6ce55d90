package dev.gatehouse.resource.note;

import java.time.Instant;
import java.util.Objects;

/** A note in a list: its beginning instead of all of it. */
public record NoteSummary(String id, String title, String preview, Instant createdAt) {

    static final String URI_PREFIX = "user://notes/";

    public NoteSummary {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(preview, "preview");
        Objects.requireNonNull(createdAt, "createdAt");
    }

    /** URI of the MCP resource that the note is. */
    public String uri() {
        return uri(id);
    }

    static String uri(String id) {
        return URI_PREFIX + id;
    }
}
