package dev.gatehouse.resource.note;

import dev.gatehouse.mcp.api.Schemas;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.Map;
import java.util.Set;

/** {@code update_secure_note}. The version prevents overwriting a change that was made after the read. */
public final class UpdateNoteTool implements Tool {

    private static final ToolDefinition DEFINITION = new ToolDefinition("update_secure_note", "Update secure note",
        "Change the title or the content of a note of the authenticated user. Pass at least one of them, and the version that"
            + " was read, so that later changes are not overwritten.",
        Schemas.of("""
            {"type": "object", "additionalProperties": false, "required": ["note_id"],
              "properties": {
                "note_id": {"type": "string"},
                "title": {"type": "string", "description": "One line, at most 200 characters"},
                "content": {"type": "string", "description": "The complete new text, at most 64 KiB of UTF-8"},
                "version": {"type": "integer", "description": "The version from get_secure_note; without it the current version is changed"}}}"""),
        Schemas.of("""
            {"type": "object", "required": ["note_id", "title", "uri", "version", "updated_at"], "properties": {
              "note_id": {"type": "string"},
              "title": {"type": "string"},
              "uri": {"type": "string"},
              "version": {"type": "integer"},
              "updated_at": {"type": "string", "description": "RFC 3339"}}}"""),
        new ToolHints(false, true, false, false));

    private final NoteStore notes;

    public UpdateNoteTool(NoteStore notes) {
        this.notes = notes;
    }

    @Override
    public ToolDefinition definition() {
        return DEFINITION;
    }

    @Override
    public Set<String> scopes() {
        return Set.of("mcp:write");
    }

    @Override
    public Future<ToolResult> call(ToolCall call) {
        Map<String, Object> arguments = call.arguments();
        String id = (String) arguments.get("note_id");
        String title = arguments.get("title") instanceof String given ? given.strip() : null;
        String content = (String) arguments.get("content");
        String problem = problem(title, content);
        if (problem != null) {
            return Future.succeededFuture(ToolResult.error(problem));
        }
        Long version = arguments.get("version") instanceof Number number ? number.longValue() : null;
        String owner = call.principal().userKey();
        return notes.update(owner, id, title, content, version).compose(outcome -> switch (outcome) {
            case DONE -> notes.find(owner, id).map(found -> found.map(UpdateNoteTool::describe).orElseGet(UpdateNoteTool::unknown));
            case NOT_FOUND -> Future.succeededFuture(unknown());
            case CHANGED_MEANWHILE -> Future.succeededFuture(ToolResult.error(
                "The note does not have version " + version + " any more: it has changed. Read it again with get_secure_note and repeat the change."));
        });
    }

    private static String problem(String title, String content) {
        if (title == null && content == null) {
            return "There is nothing to change. Pass a title, a content, or both.";
        }
        if (title != null && title.isEmpty()) {
            return "The title is empty. Omit it to keep the current title.";
        }
        String ofTitle = title == null ? null : NoteText.titleProblem(title);
        return ofTitle != null || content == null ? ofTitle : NoteText.contentProblem(content);
    }

    private static ToolResult unknown() {
        return ToolResult.error("There is no such note. Use list_secure_notes to list the existing notes.");
    }

    private static ToolResult describe(Note note) {
        JsonObject result = new JsonObject().put("note_id", note.id()).put("title", note.title()).put("uri", note.uri())
            .put("version", note.version()).put("updated_at", note.updatedAt().toString());
        return ToolResult.of(result.encode(), result);
    }
}
