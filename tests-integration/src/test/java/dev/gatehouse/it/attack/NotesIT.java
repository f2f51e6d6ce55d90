package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.Crowd;
import dev.gatehouse.fixtures.EventStream;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.StdioServer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Another user's notes: not listed, not completed, not read by their address. */
@Gatehouse
@ResourceLock("notes of the demo user")
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

    @Test
    void notesAreListedSomeAtATimeWhateverComesAndGoesMeanwhile() {
        Commands.addUser(gatehouse.home(), "reader", "a password");
        McpSession reader = McpSession.open(gatehouse.mcp(),
            new Journey(new Browser(gatehouse.issuer()), "reader", "a password").tokens(gatehouse.client()).access());
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.add(0, reader.tool("create_secure_note", new JsonObject().put("content", "note " + i))
                .getJsonObject("structuredContent").getString("note_id"));
        }
        JsonObject first = list(reader, new JsonObject().put("limit", 2));
        assertThat(ids(first)).containsExactlyElementsOf(ids(list(reader, new JsonObject())).subList(0, 2));
        assertThat(ids(list(reader, new JsonObject()))).containsExactlyInAnyOrderElementsOf(made);
        reader.tool("delete_secure_note", new JsonObject().put("note_id", ids(first).get(1)).put("confirm", true));
        reader.tool("create_secure_note", new JsonObject().put("content", "newer than all"));

        JsonObject rest = list(reader, new JsonObject().put("limit", 3).put("cursor", first.getString("next_cursor")));
        assertThat(ids(rest)).hasSize(3).doesNotContainAnyElementsOf(ids(first));
        assertThat(rest.containsKey("next_cursor")).isFalse();
        assertThat(reader.tool("list_secure_notes", new JsonObject().put("cursor", "made up")).getBoolean("isError")).isTrue();
    }

    private static JsonObject list(McpSession session, JsonObject arguments) {
        return session.tool("list_secure_notes", arguments).getJsonObject("structuredContent");
    }

    private static List<String> ids(JsonObject list) {
        return list.getJsonArray("notes").stream().map(note -> ((JsonObject) note).getString("note_id")).toList();
    }

    private static JsonObject read(McpSession session, String uri) {
        return McpSession.answer(session.send("resources/read", new JsonObject().put("uri", uri)));
    }

    private static String completions(McpSession session) {
        return session.call("completion/complete", new JsonObject()
            .put("ref", new JsonObject().put("type", "ref/resource").put("uri", "user://notes/{note_id}"))
            .put("argument", new JsonObject().put("name", "note_id").put("value", ""))).encode();
    }

    private McpSession neighbour(String name) {
        Commands.addUser(gatehouse.home(), name, "a password");
        return McpSession.open(gatehouse.mcp(), new Journey(new Browser(gatehouse.issuer()), name, "a password").tokens(gatehouse.client()).access());
    }

    private static JsonObject create(McpSession session, String title, String content) {
        return session.tool("create_secure_note", new JsonObject().put("title", title).put("content", content)).getJsonObject("structuredContent");
    }

    private static JsonObject id(JsonObject note) {
        return new JsonObject().put("note_id", note.getString("note_id"));
    }

    private static String text(JsonObject result) {
        return result.getJsonArray("content").getJsonObject(0).getString("text");
    }

    @Test
    void notesOfOthersAreNeitherFoundNorChangedNorDeleted() {
        McpSession owner = McpSession.open(gatehouse.mcp(), gatehouse.tokens().access());
        McpSession neighbour = neighbour("curious");
        String word = "Zauberwort" + Pkce.random().replaceAll("\\W", "");
        JsonObject note = create(owner, "Mine", "It is " + word + ", said softly");

        JsonObject query = new JsonObject().put("query", word.toLowerCase());
        assertThat(neighbour.tool("search_secure_notes", query).getJsonObject("structuredContent").getInteger("count")).isZero();
        assertThat(neighbour.tool("get_secure_note", id(note)).getBoolean("isError")).isTrue();
        assertThat(neighbour.tool("update_secure_note", id(note).put("title", "Yours")).getBoolean("isError")).isTrue();
        assertThat(neighbour.tool("delete_secure_note", id(note).put("confirm", true)).getBoolean("isError")).isTrue();

        assertThat(owner.tool("get_secure_note", id(note)).encode()).contains(word);
        JsonObject found = owner.tool("search_secure_notes", query).getJsonObject("structuredContent");
        assertThat(found.getInteger("count")).isEqualTo(1);
        assertThat(found.getJsonArray("notes").getJsonObject(0).getString("title")).isEqualTo("Mine");
    }

    @Test
    void deletingNeedsConsentThatAClientWithoutQuestionsGivesInTheCall() {
        McpSession owner = McpSession.open(gatehouse.mcp(), gatehouse.tokens().access());
        JsonObject note = create(owner, "Short-lived", "content");
        JsonObject refused = owner.tool("delete_secure_note", id(note));
        assertThat(refused.getBoolean("isError")).isTrue();
        assertThat(text(refused)).contains("confirm");
        assertThat(read(owner, note.getString("uri")).containsKey("result")).isTrue();

        assertThat(owner.tool("delete_secure_note", id(note).put("confirm", true)).getJsonObject("structuredContent").getBoolean("deleted")).isTrue();
        assertThat(read(owner, note.getString("uri")).containsKey("error")).isTrue();
    }

    @Test
    void ofChangesMadeAtOnceToOneVersionOneIsMade() {
        McpSession owner = McpSession.open(gatehouse.mcp(), gatehouse.tokens().access());
        JsonObject note = create(owner, "Contested", "content");
        List<JsonObject> results;
        try (Crowd crowd = new Crowd(20)) {
            results = crowd.atOnce(i -> owner.tool("update_secure_note", id(note).put("content", "by " + i).put("version", 1)));
        }
        List<JsonObject> made = results.stream().filter(result -> !result.getBoolean("isError")).toList();
        assertThat(made).hasSize(1);
        assertThat(made.get(0).getJsonObject("structuredContent").getInteger("version")).isEqualTo(2);
        assertThat(results.stream().filter(result -> result.getBoolean("isError"))).allMatch(result -> text(result).contains("it has changed"));
    }

    @Test
    void aNoteMadeByAnotherProcessIsToldOfToItsOwnerAlone() {
        String token = gatehouse.tokens().access();
        McpSession owner = McpSession.open(gatehouse.mcp(), token);
        McpSession neighbour = neighbour("eavesdropper");
        try (EventStream stream = owner.listen(); EventStream others = neighbour.listen();
                StdioServer stdio = StdioServer.start(gatehouse, token).initialize()) {
            stdio.tool(1, "create_secure_note", new JsonObject().put("title", "Made elsewhere").put("content", "content"));
            assertThat(method(stream)).isEqualTo("notifications/resources/list_changed");

            JsonObject own = create(neighbour, "Own", "content");
            assertThat(method(others)).as("the first that the neighbour hears of").isEqualTo("notifications/resources/list_changed");
            neighbour.call("resources/subscribe", new JsonObject().put("uri", own.getString("uri")));
            neighbour.tool("update_secure_note", id(own).put("title", "Renamed"));
            assertThat(List.of(method(others), method(others)))
                .containsExactly("notifications/resources/list_changed", "notifications/resources/updated");
        }
    }

    /** The next message that says anything. */
    private static String method(EventStream stream) {
        String data = stream.next(Duration.ofSeconds(20)).data();
        return data.isEmpty() ? method(stream) : new JsonObject(data).getString("method");
    }
}
