package dev.gatehouse.resource.note;

import dev.gatehouse.mcp.api.Schemas;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.resource.note.Note.NoteSummary;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code list_secure_notes}. */
public final class ListNotesTool implements Tool {

    private static final ToolDefinition DEFINITION = new ToolDefinition("list_secure_notes", "List secure notes",
        "List the notes of the authenticated user, newest first, each with a preview: all of them, or page by page. Read a complete note"
            + " with get_secure_note.",
        Schemas.of("""
            {"type": "object", "additionalProperties": false, "properties": {
              "limit": {"type": "integer", "minimum": 1, "maximum": 1000, "description": "Maximum number of notes; without it all notes"},
              "cursor": {"type": "string", "maxLength": 200, "description": "next_cursor of the previous result, to get the next page"}}}"""),
        Schemas.of("""
            {"type": "object", "required": ["count", "notes"], "properties": {
              "count": {"type": "integer", "description": "Notes in this result"},
              "next_cursor": {"type": "string", "description": "Present if there are more"},
              "notes": {"type": "array", "items": %s}}}""".formatted(NoteSummary.SCHEMA)),
        ToolHints.reads());

    private final NoteStore notes;

    public ListNotesTool(NoteStore notes) {
        this.notes = notes;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public Set<String> scopes() {
        return Set.of("mcp:read");
    }

    @Override
    public Future<ToolResult> call(ToolCall call) {
        Map<String, Object> arguments = call.arguments();
        int limit = arguments.get("limit") instanceof Number number ? number.intValue() : NoteStore.NOTES_PER_OWNER;
        NoteCursor cursor = arguments.get("cursor") instanceof String text && !text.isEmpty() ? NoteCursor.parse(text) : NoteCursor.START;
        return cursor == null ? Future.succeededFuture(ToolResult.error("The cursor is not valid. Start without a cursor."))
            : notes.list(call.principal().userKey()).map(all -> describe(all.stream().filter(cursor::isBefore).toList(), limit));
    }

    private static ToolResult describe(List<NoteSummary> left, int limit) {
        List<NoteSummary> told = left.subList(0, Math.min(limit, left.size()));
        JsonObject result = new JsonObject().put("count", told.size()).put("notes", told.stream().map(NoteSummary::toJson).toList());
        if (told.size() < left.size()) {
            result.put("next_cursor", NoteCursor.behind(told.get(told.size() - 1)).encode());
        }
        return ToolResult.of(result.encode(), result);
    }

    /**
     * A position in the list of notes, newest first. It identifies the last listed note, so that added or deleted notes, even that
     * note itself, do not shift the position.
     *
     * @param createdAt the creation time of that note, epoch milliseconds
     */
    private record NoteCursor(long createdAt, String id) {

        static final NoteCursor START = new NoteCursor(Long.MAX_VALUE, "");

        static NoteCursor behind(NoteSummary note) {
            return new NoteCursor(note.createdAt().toEpochMilli(), note.id());
        }

        /** Parses a cursor; null if the text is not one. */
        static NoteCursor parse(String text) {
            try {
                String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", 2);
                return parts.length == 2 ? new NoteCursor(Long.parseLong(parts[0]), parts[1]) : null;
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        String encode() {
            return Base64.getUrlEncoder().withoutPadding().encodeToString((createdAt + " " + id).getBytes(StandardCharsets.UTF_8));
        }

        /** Returns whether a note is listed after this position. */
        boolean isBefore(NoteSummary note) {
            long created = note.createdAt().toEpochMilli();
            return created < createdAt || created == createdAt && note.id().compareTo(id) < 0;
        }
    }
}
