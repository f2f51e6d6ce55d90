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

import java.util.List;
import java.util.Set;

/** {@code search_secure_notes}. */
public final class SearchNotesTool implements Tool {

    private static final int LIMIT = 20;
    private static final ToolDefinition DEFINITION = new ToolDefinition("search_secure_notes", "Search secure notes",
        "Find notes of the authenticated user that contain all of the given words in title or content, newest first. Read a complete note with"
            + " get_secure_note.",
        Schemas.of("""
            {"type": "object", "additionalProperties": false, "required": ["query"], "properties": {
              "query": {"type": "string", "minLength": 1, "maxLength": 200, "description": "Words or parts of words; case-insensitive"},
              "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}}}"""),
        Schemas.of("""
            {"type": "object", "required": ["count", "notes"], "properties": {
              "count": {"type": "integer"},
              "notes": {"type": "array", "items": %s}}}""".formatted(NoteSummary.SCHEMA)),
        ToolHints.reads());

    private final NoteSearch search;

    public SearchNotesTool(NoteSearch search) {
        this.search = search;
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
        String query = (String) call.arguments().get("query");
        if (query.isBlank()) {
            return Future.succeededFuture(ToolResult.error("The query is empty. Pass at least one word."));
        }
        int limit = call.arguments().get("limit") instanceof Number number ? number.intValue() : LIMIT;
        return search.find(call.principal().userKey(), query, limit).map(SearchNotesTool::describe);
    }

    private static ToolResult describe(List<Note> found) {
        JsonObject result = new JsonObject().put("count", found.size()).put("notes", found.stream().map(note -> note.summary().toJson()).toList());
        return ToolResult.of(result.encode(), result);
    }
}
