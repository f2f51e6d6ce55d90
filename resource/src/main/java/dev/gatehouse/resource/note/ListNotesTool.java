package dev.gatehouse.resource.note;

import dev.gatehouse.resource.tool.Schemas;
import dev.gatehouse.resource.tool.Tool;
import dev.gatehouse.resource.tool.ToolCall;
import dev.gatehouse.resource.tool.ToolDefinition;
import dev.gatehouse.resource.tool.ToolHints;
import dev.gatehouse.resource.tool.ToolResult;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code list_secure_notes}. */
public final class ListNotesTool implements Tool {

    private static final ToolDefinition DEFINITION = new ToolDefinition("list_secure_notes", "List secure notes",
        "List all notes of the authenticated user, the newest first, each with a preview. Read one whole as the resource at its uri.",
        Schemas.NO_ARGUMENTS,
        Schemas.of("""
            {"type": "object", "required": ["count", "notes"], "properties": {
              "count": {"type": "integer"},
              "notes": {"type": "array", "items": {
                "type": "object", "required": ["note_id", "title", "preview", "uri", "created_at"], "properties": {
                  "note_id": {"type": "string"},
                  "title": {"type": "string"},
                  "preview": {"type": "string", "description": "The first 100 characters or so"},
                  "uri": {"type": "string", "description": "Resource to read the note from"},
                  "created_at": {"type": "string", "description": "RFC 3339"}}}}}}"""),
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
        return notes.list(call.principal().userKey()).map(ListNotesTool::describe);
    }

    private static ToolResult describe(List<NoteSummary> notes) {
        JsonObject result = new JsonObject().put("count", notes.size()).put("notes", notes.stream().map(ListNotesTool::describe).toList());
        return ToolResult.of(result.encode(), result.getMap());
    }

    private static Map<String, Object> describe(NoteSummary note) {
        return new JsonObject().put("note_id", note.id()).put("title", note.title()).put("preview", note.preview())
            .put("uri", note.uri()).put("created_at", note.createdAt().toString()).getMap();
    }
}
