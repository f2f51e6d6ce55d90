package dev.gatehouse.resource.note;

import dev.gatehouse.mcp.api.InputRequest;
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

/** {@code delete_secure_note}. Asks the user for confirmation if the client can do that; otherwise the call must have {@code confirm}. */
public final class DeleteNoteTool implements Tool {

    private static final ToolDefinition DEFINITION = new ToolDefinition("delete_secure_note", "Delete secure note",
        "Permanently delete a note of the authenticated user. The user is asked to confirm; if the client cannot ask, confirm must be true.",
        Schemas.of("""
            {"type": "object", "additionalProperties": false, "required": ["note_id"], "properties": {
              "note_id": {"type": "string"},
              "confirm": {"type": "boolean", "default": false,
                "description": "True only if the user has agreed; not needed with clients that can ask the user"}}}"""),
        Schemas.of("""
            {"type": "object", "required": ["note_id", "deleted"], "properties": {
              "note_id": {"type": "string"},
              "deleted": {"type": "boolean"}}}"""),
        new ToolHints(false, true, true, false));
    private static final Map<String, Object> FORM = Schemas.of("""
        {"type": "object", "required": ["confirm"], "properties": {
          "confirm": {"type": "boolean", "title": "Delete this note", "default": false}}}""");

    private final NoteStore notes;

    public DeleteNoteTool(NoteStore notes) {
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
        String id = (String) call.arguments().get("note_id");
        String owner = call.principal().userKey();
        return notes.title(owner, id).compose(found -> found.isEmpty() ? Future.succeededFuture(unknown()) : confirmed(call, id, found.get())
            .compose(yes -> yes ? notes.delete(owner, id).map(deleted -> answer(id, deleted)) : Future.succeededFuture(kept(call, id))));
    }

    private static Future<Boolean> confirmed(ToolCall call, String id, String title) {
        InputRequest question = InputRequest.elicitation("Permanently delete the note “" + title + "”?", FORM);
        if (!call.inputs().canAnswer(question)) {
            return Future.succeededFuture(Boolean.TRUE.equals(call.arguments().get("confirm")));
        }
        return call.inputs().ask("delete " + id, question)
            .map(answer -> answer.isAccepted() && Boolean.TRUE.equals(answer.content().get("confirm")));
    }

    private static ToolResult unknown() {
        return ToolResult.error("There is no such note. Use list_secure_notes to list the existing notes.");
    }

    private static ToolResult kept(ToolCall call, String id) {
        boolean asked = call.inputs().canAnswer(InputRequest.elicitation("", FORM));
        return asked ? answer(id, false)
            : ToolResult.error("Not deleted: this client cannot ask the user. Ask them yourself, and call again with confirm set to true.");
    }

    private static ToolResult answer(String id, boolean deleted) {
        JsonObject result = new JsonObject().put("note_id", id).put("deleted", deleted);
        return ToolResult.of(deleted ? result.encode() : "The user did not agree, so the note is kept. " + result.encode(), result);
    }
}
