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

/** {@code create_secure_note}. */
public final class CreateNoteTool implements Tool {

    private static final ToolDefinition DEFINITION = new ToolDefinition("create_secure_note", "Create secure note",
        "Store a note for the authenticated user. It is encrypted at rest, and no other user can read it.",
        Schemas.of("""
            {"type": "object", "additionalProperties": false, "required": ["content"], "properties": {
              "content": {"type": "string", "description": "The text of the note, at most 64 KiB of UTF-8"},
              "title": {"type": "string", "default": "Untitled", "description": "One line, at most 200 characters"}}}"""),
        Schemas.of("""
            {"type": "object", "required": ["note_id", "title", "uri", "created_at", "version"], "properties": {
              "note_id": {"type": "string"},
              "title": {"type": "string"},
              "uri": {"type": "string", "description": "Resource to read the note from"},
              "created_at": {"type": "string", "description": "RFC 3339"},
              "version": {"type": "integer", "description": "Pass it to update_secure_note"}}}"""),
        ToolHints.adds());

    private final NoteStore notes;

    public CreateNoteTool(NoteStore notes) {
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
        String content = (String) call.arguments().get("content");
        String given = (String) call.arguments().getOrDefault("title", "");
        String title = given.isBlank() ? NoteText.DEFAULT_TITLE : given.strip();
        String contentProblem = NoteText.contentProblem(content);
        String problem = contentProblem == null ? NoteText.titleProblem(title) : contentProblem;
        if (problem != null) {
            return Future.succeededFuture(ToolResult.error(problem));
        }
        return notes.create(call.principal().userKey(), title, content)
            .map(created -> created.map(CreateNoteTool::describe).orElseGet(CreateNoteTool::full));
    }

    private static ToolResult describe(Note note) {
        JsonObject result = new JsonObject().put("note_id", note.id()).put("title", note.title())
            .put("uri", note.uri()).put("created_at", note.createdAt().toString()).put("version", note.version());
        return ToolResult.of(result.encode(), result);
    }

    private static ToolResult full() {
        return ToolResult.error("There are " + NoteStore.NOTES_PER_OWNER + " notes already, which is the maximum for one user.");
    }
}
