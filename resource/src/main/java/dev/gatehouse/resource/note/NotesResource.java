package dev.gatehouse.resource.note;

import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.McpResource;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.api.ResourceContents;
import dev.gatehouse.mcp.api.ResourceDefinition;
import dev.gatehouse.mcp.api.ResourceNotFound;
import dev.gatehouse.mcp.api.ResourceRead;
import dev.gatehouse.resource.note.Note.NoteSummary;
import io.vertx.core.Future;

import java.util.List;
import java.util.Set;

/** {@code user://notes/{note_id}}: each note of the user. */
public final class NotesResource implements McpResource {

    private static final String MIME_TYPE = "application/json";
    private static final ResourceDefinition DEFINITION = new ResourceDefinition(NoteSummary.URI_PREFIX + "{note_id}", "note", "Secure note",
        "One note of the authenticated user: id, title, content, version and times.", MIME_TYPE);

    private final NoteStore notes;

    public NotesResource(NoteStore notes) {
        this.notes = notes;
    }

    @Override
    public ResourceDefinition definition() {
        return DEFINITION;
    }

    @Override
    public Set<String> scopes() {
        return Set.of("mcp:read");
    }

    @Override
    public Future<ResourceContents> read(ResourceRead read) {
        String uri = read.uri();
        if (!(read.caller() instanceof Principal principal) || !uri.startsWith(NoteSummary.URI_PREFIX)) {
            return Future.failedFuture(new ResourceNotFound(uri));
        }
        return notes.find(principal.userKey(), uri.substring(NoteSummary.URI_PREFIX.length()))
            .map(found -> found.orElseThrow(() -> new ResourceNotFound(uri)))
            .map(note -> new ResourceContents(uri, MIME_TYPE, note.toJson().encode()));
    }

    @Override
    public Future<List<String>> complete(Caller caller, String argument, String prefix) {
        return summaries(caller).map(list -> list.stream().map(NoteSummary::id)
            .filter(id -> argument.equals("note_id") && id.startsWith(prefix)).toList());
    }

    @Override
    public Future<List<ResourceDefinition>> list(Caller caller) {
        return summaries(caller).map(list -> list.stream()
            .map(note -> new ResourceDefinition(note.uri(), note.id(), note.title(), note.preview(), MIME_TYPE)).toList());
    }

    private Future<List<NoteSummary>> summaries(Caller caller) {
        return caller instanceof Principal principal ? notes.list(principal.userKey()) : Future.succeededFuture(List.of());
    }
}
