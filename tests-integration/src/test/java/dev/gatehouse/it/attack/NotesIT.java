package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Browser;
import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.McpSession;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** Another user's notes: not listed, not completed, not read by their address. */
@Gatehouse
final class NotesIT {
    private final RunningGatehouse gatehouse;

    NotesIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @Test
    void notesAreInvisibleToOthers() {
        Commands.addUser(gatehouse.home(), "neighbour", "a password");
        McpSession owner = McpSession.open(gatehouse.mcp(), gatehouse.tokens().access());
        McpSession neighbour = McpSession.open(gatehouse.mcp(),
            new Journey(new Browser(gatehouse.issuer()), "neighbour", "a password").tokens(gatehouse.client())
                .access());
        String secret = "content " + Pkce.random();
        JsonObject created = owner.tool("create_secure_note", new JsonObject().put("content", secret))
            .getJsonObject("structuredContent");
        String uri = created.getString("uri", "user://notes/" + created.getString("note_id"));

        assertThat(read(owner, uri).encode()).contains(secret).contains("Untitled");
        assertThat(owner.tool("list_secure_notes", new JsonObject()).encode()).contains(secret);
        assertThat(read(neighbour, uri).containsKey("error")).isTrue();
        assertThat(read(neighbour, uri).encode()).doesNotContain(secret);
        assertThat(neighbour.tool("list_secure_notes", new JsonObject()).encode()).doesNotContain(secret);
        assertThat(neighbour.call("resources/list", new JsonObject()).encode()).doesNotContain(uri);
        assertThat(completions(neighbour)).doesNotContain(created.getString("note_id"));
        assertThat(completions(owner)).contains(created.getString("note_id"));
    }

    private static JsonObject read(McpSession session, String uri) {
        return McpSession.answer(session.send("resources/read", new JsonObject().put("uri", uri)));
    }

    private static String completions(McpSession session) {
        return session.call("completion/complete", new JsonObject()
            .put("ref", new JsonObject().put("type", "ref/resource").put("uri", "user://notes/{note_id}"))
            .put("argument", new JsonObject().put("name", "note_id").put("value", ""))).encode();
    }
}
