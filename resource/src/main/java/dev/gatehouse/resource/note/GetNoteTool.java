package dev.gatehouse.resource.note;

import dev.gatehouse.mcp.api.Schemas;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.Set;

/** {@code get_secure_note}: for models whose client cannot read resources. */
public final class GetNoteTool implements Tool {

    private static final ToolDefinition DEFINITION = new ToolDefinition("get_secure_note", "Get secure note",
        "Read a complete note of the authenticated user. Pass its version to update_secure_note.",
        Schemas.of("""
            {"type": "object", "additionalProperties": false, "required": ["note_id"], "properties": {
              "note_id": {"type": "string"}}}"""),
        Schemas.of("""
            {"type": "object", "required": ["note_id", "title", "content", "uri", "created_at", "updated_at", "version"], "properties": {
              "note_id": {"type": "string"},
              "title": {"type": "string"},
              "content": {"type": "string"},
              "uri": {"type": "string"},
              "created_at": {"type": "string", "description": "RFC 3339"},
              "updated_at": {"type": "string", "description": "RFC 3339"},
              "version": {"type": "integer"}}}"""),
        ToolHints.reads());

    private final NoteStore notes;

    public GetNoteTool(NoteStore notes) {
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
        return notes.find(call.principal().userKey(), (String) call.arguments().get("note_id"))
            .map(found -> found.map(GetNoteTool::describe).orElseGet(
                () -> ToolResult.error("There is no such note. Use list_secure_notes to list the existing notes.")));
    }

    private static ToolResult describe(Note note) {
        JsonObject result = note.toJson();
        return ToolResult.of(result.encode(), result);
    }
}
