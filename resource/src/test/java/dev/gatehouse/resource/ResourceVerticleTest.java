package dev.gatehouse.resource;

import static dev.gatehouse.fixtures.Http.challenge;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.resource.support.RunningResource;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.secret.KeyFile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

class ResourceVerticleTest {

    private static final JsonObject NOTHING = new JsonObject();

    @TempDir
    private Path home;
    private RunningResource server;

    @BeforeEach
    void start() {
        server = new RunningResource(home.resolve("data"), Clock.systemUTC()).start(NOTHING, 2);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static JsonObject note(String title, String content) {
        return new JsonObject().put("title", title).put("content", content);
    }

    @Test
    void profileComesFromTheClaims() {
        JsonObject profile = server.session("alice").data("get_user_profile", NOTHING);
        assertThat(profile).isEqualTo(new JsonObject().put("user_id", "alice").put("sub", "usr_alice")
            .put("email", "alice@example.com").put("name", "The alice").put("created_at", "2024-01-01T00:00:00Z")
            .put("last_login", "2024-01-28T10:30:00Z").put("permissions", JsonArray.of("mcp:read", "mcp:write")));
        assertThat(server.session("bob", "mcp:read").data("get_user_profile", NOTHING).getJsonArray("permissions"))
            .containsExactly("mcp:read");
    }

    @Test
    void programActingForItselfHasItsClientIdForAName() {
        server.authServer().issue("machine", new JsonObject().put("active", true).put("sub", "robot").put("client_id", "robot")
            .put("scope", "mcp:read").put("aud", server.mcp()));
        JsonObject profile = McpSession.open(server.mcp(), "machine").data("get_user_profile", NOTHING);
        assertThat(profile).isEqualTo(new JsonObject().put("user_id", "robot").put("sub", "robot").put("name", "robot")
            .put("permissions", JsonArray.of("mcp:read")));
    }

    @Test
    void notesAreTheirOwnersOnly() {
        McpSession alice = server.session("alice");
        McpSession bob = server.session("bob");
        JsonObject created = alice.data("create_secure_note", note("Mine", "Alice's secret"));
        String uri = created.getString("uri");

        assertThat(uri).isEqualTo("user://notes/" + created.getString("note_id")).contains("note_");
        JsonObject listed = alice.data("list_secure_notes", NOTHING);
        assertThat(listed.getInteger("count")).isEqualTo(1);
        assertThat(listed.getJsonArray("notes").getJsonObject(0).getString("preview")).isEqualTo("Alice's secret");
        assertThat(alice.read(uri).encode()).contains("Alice's secret");

        assertThat(bob.data("list_secure_notes", NOTHING).getInteger("count")).isZero();
        JsonObject foreign = bob.read(uri).getJsonObject("error");
        JsonObject unknown = bob.read("user://notes/note_AAAAAAAAAAAAAAAAAAAAAA").getJsonObject("error");
        assertThat(foreign.getInteger("code")).isEqualTo(unknown.getInteger("code"));
        assertThat(foreign.getString("message")).isEqualTo(unknown.getString("message"));
        assertThat(alice.read(uri).encode()).contains("Alice's secret");
    }

    @Test
    void userIsTheSameThroughEveryClient() {
        server.session("alice").data("create_secure_note", note("Mine", "text"));
        JsonObject otherClient = server.authServer().claims("token-of-alice-mcp-read-mcp-write").copy().put("client_id", "another");
        server.authServer().issue("other-client", otherClient);
        assertThat(McpSession.open(server.mcp(), "other-client").data("list_secure_notes", NOTHING).getInteger("count")).isEqualTo(1);
    }

    @Test
    void lostOrOtherKeyFileIsARefusalThatNamesIt() throws IOException {
        server.session("alice").data("create_secure_note", note("Mine", "text"));
        Path keyFile = home.resolve("data/keys/notes.key");
        byte[] key = Files.readAllBytes(keyFile);
        server.stop();

        Files.delete(keyFile);
        assertThatThrownBy(() -> server.start(NOTHING)).isInstanceOf(StartupException.class)
            .hasMessageContaining(keyFile.toString()).hasMessageContaining("is missing");
        assertThat(keyFile).as("no other key is made in its place").doesNotExist();

        KeyFile.loadOrCreate(keyFile);
        assertThatThrownBy(() -> server.start(NOTHING)).hasMessageContaining(keyFile.toString()).hasMessageContaining("a different key");

        Files.write(keyFile, key);
        server.start(NOTHING);
        assertThat(server.session("alice").data("list_secure_notes", NOTHING).getInteger("count")).isEqualTo(1);
    }

    @Test
    void oneUnreadableNoteHidesNoOther() throws SQLException {
        McpSession alice = server.session("alice");
        String damaged = alice.data("create_secure_note", note("Damaged", "word one")).getString("note_id");
        alice.data("create_secure_note", note("Whole", "word two"));
        try (Connection store = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("data/notes.db"));
             PreparedStatement change = store.prepareStatement(
                 "UPDATE note SET sealed_title = zeroblob(40), sealed_content = zeroblob(40) WHERE id = ?")) {
            change.setString(1, damaged);
            assertThat(change.executeUpdate()).isEqualTo(1);
        }

        JsonObject listed = alice.data("list_secure_notes", NOTHING);
        assertThat(listed.getJsonArray("notes")).extracting(each -> ((JsonObject) each).getString("title"))
            .containsExactly("Whole", "(unreadable note)");
        JsonObject found = alice.data("search_secure_notes", new JsonObject().put("query", "word"));
        assertThat(found.getJsonArray("notes")).extracting(each -> ((JsonObject) each).getString("title")).containsExactly("Whole");
        assertThat(alice.read("user://notes/" + damaged).getJsonObject("error").getString("message")).contains("damaged");
        JsonObject update = alice.tool("update_secure_note", new JsonObject().put("note_id", damaged).put("title", "New"));
        assertThat(update.getBoolean("isError")).isTrue();
        assertThat(McpSession.text(update)).contains("damaged");
        alice.data("delete_secure_note", new JsonObject().put("note_id", damaged).put("confirm", true));
        assertThat(alice.data("list_secure_notes", NOTHING).getInteger("count")).isEqualTo(1);
    }

    @Test
    void notesAreSealedOnDiskAndOutliveARestart() throws IOException {
        server.session("alice").data("create_secure_note", note("TITLE-MARK-4711", "CONTENT-MARK-4711"));
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain("MARK-4711", "usr_alice", "token-of-alice");
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).as(file.toString()).isEqualTo("rw-------");
            }
        }
        server.stop();
        server.start(NOTHING);
        JsonObject listed = server.session("alice").data("list_secure_notes", NOTHING);
        assertThat(listed.getJsonArray("notes").getJsonObject(0).getString("title")).isEqualTo("TITLE-MARK-4711");
    }

    @Test
    void writingNeedsItsOwnScope() {
        McpSession reader = server.session("alice", "mcp:read");
        HttpResponse<String> refused = reader.send("tools/call",
            new JsonObject().put("name", "create_secure_note").put("arguments", note("t", "c")));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(challenge(refused)).contains("error=\"insufficient_scope\"", "scope=\"mcp:read mcp:write\"",
            "resource_metadata=\"" + server.base() + "/.well-known/oauth-protected-resource/mcp\"");
        assertThat(server.session("alice").data("list_secure_notes", NOTHING).getInteger("count")).isZero();

        server.session("alice").data("create_secure_note", note("t", "c"));
        assertThat(reader.data("list_secure_notes", NOTHING).getInteger("count")).isEqualTo(1);
        McpSession writer = server.session("alice", "mcp:write");
        assertThat(writer.send("tools/call", new JsonObject().put("name", "list_secure_notes").put("arguments", NOTHING)).statusCode())
            .isEqualTo(403);
    }

    @Test
    void badNoteIsRefusedWithAReasonAndNotStored() {
        McpSession alice = server.session("alice");
        List<JsonObject> bad = List.of(NOTHING, note("t", ""), note("t", "  \n "), note("x".repeat(201), "c"), note("a\nb", "c"),
            note("t", "é".repeat(32_769)), note("t", "c").put("surplus", 1),
            new JsonObject().put("content", 5));
        for (JsonObject arguments : bad) {
            JsonObject answer = alice.call("tools/call", new JsonObject().put("name", "create_secure_note").put("arguments", arguments));
            boolean refused = answer.containsKey("error") || answer.getJsonObject("result").getBoolean("isError");
            assertThat(refused).as(answer.encode()).isTrue();
        }
        assertThat(alice.data("list_secure_notes", NOTHING).getInteger("count")).isZero();

        alice.data("create_secure_note", note("😀".repeat(200), "é".repeat(32_768)));
        assertThat(alice.data("list_secure_notes", NOTHING).getInteger("count")).isEqualTo(1);
    }

    @Test
    void titleIsUntitledUnlessGiven() {
        McpSession alice = server.session("alice");
        assertThat(alice.data("create_secure_note", new JsonObject().put("content", "c")).getString("title")).isEqualTo("Untitled");
        assertThat(alice.data("create_secure_note", note("  ", "c")).getString("title")).isEqualTo("Untitled");
    }

    @Test
    void listsDeclareEverythingInBothLanguages() {
        McpSession alice = server.session("alice");
        JsonArray tools = alice.call("tools/list", NOTHING).getJsonObject("result").getJsonArray("tools");
        Set<String> names = tools.stream().map(tool -> ((JsonObject) tool).getString("name")).collect(Collectors.toSet());
        assertThat(names).containsExactlyInAnyOrder("get_user_profile", "create_secure_note", "list_secure_notes", "search_secure_notes", "get_secure_note",
            "update_secure_note", "delete_secure_note", "get_api_usage");
        assertThat(tools).allSatisfy(tool -> {
            assertThat(((JsonObject) tool).getString("title")).isNotBlank();
            assertThat(((JsonObject) tool).getJsonObject("outputSchema")).isNotNull();
            assertThat(((JsonObject) tool).getJsonObject("annotations").getBoolean("destructiveHint"))
                .isEqualTo(Set.of("update_secure_note", "delete_secure_note").contains(((JsonObject) tool).getString("name")));
        });
        assertThat(alice.call("resources/templates/list", NOTHING).encode()).contains("user://notes/{note_id}");
        assertThat(alice.call("resources/list", NOTHING).encode()).contains("user://profile");
        assertThat(new JsonObject(Http.get(server.base() + "/.well-known/oauth-protected-resource/mcp").body())
            .getJsonArray("scopes_supported")).containsExactly("mcp:read", "mcp:write");
    }

    @Test
    void metadataAndTheFirstChallengeListTheScopesInTheChosenOrder() {
        for (List<String> chosen : List.of(List.of("mcp:write", "mcp:read"), List.of("mcp:read"))) {
            server.close();
            server = new RunningResource(home.resolve("data"), Clock.systemUTC()).start(new JsonObject().put("scopesSupported", new JsonArray(chosen)), 1);
            assertThat(new JsonObject(Http.get(server.base() + "/.well-known/oauth-protected-resource/mcp").body()).getJsonArray("scopes_supported"))
                .isEqualTo(new JsonArray(chosen));
            assertThat(challenge(Http.get(server.mcp()))).contains("scope=\"" + String.join(" ", chosen) + '"');
        }
        // A step-up names the needed scope although the list does not have it.
        HttpResponse<String> refused = server.session("bob", "mcp:read").send("tools/call", new JsonObject().put("name", "create_secure_note").put("arguments", note("A", "b")));
        assertThat(challenge(refused)).contains("error=\"insufficient_scope\"", "scope=\"mcp:read mcp:write\"");
    }

    @Test
    void listOfScopesThatNoFeatureNeedsIsRefused() {
        server.close();
        assertThatThrownBy(() -> server = new RunningResource(home.resolve("data"), Clock.systemUTC()).start(new JsonObject().put("scopesSupported", JsonArray.of("mcp:all")), 1))
            .hasMessageContaining("scopesSupported").hasMessageContaining("mcp:read");
    }

    /** As the APIs of models demand, which refuse all tools of a server for one that has more. */
    @Test
    void noToolHasMoreThanTypePropertiesAndRequiredAtTheRootOfItsInputSchema() {
        JsonArray tools = server.session("alice").call("tools/list", NOTHING).getJsonObject("result").getJsonArray("tools");
        assertThat(tools).isNotEmpty().allSatisfy(tool -> assertThat(((JsonObject) tool).getJsonObject("inputSchema").fieldNames())
            .isSubsetOf("type", "properties", "required", "additionalProperties"));
    }

    @Test
    void aModelThatReadsNoResourcesReadsANoteAndChangesItSafely() {
        McpSession alice = server.session("alice");
        JsonObject created = alice.data("create_secure_note", note("Plan", "first"));
        JsonObject id = new JsonObject().put("note_id", created.getString("note_id"));
        JsonObject read = alice.data("get_secure_note", id);
        assertThat(read.getString("content")).isEqualTo("first");
        assertThat(List.of(created, read, alice.data("list_secure_notes", NOTHING).getJsonArray("notes").getJsonObject(0),
            alice.data("search_secure_notes", new JsonObject().put("query", "plan")).getJsonArray("notes").getJsonObject(0)))
            .allSatisfy(each -> assertThat(each.getLong("version")).isEqualTo(1));

        JsonObject change = id.copy().put("content", "second").put("version", read.getLong("version"));
        assertThat(alice.data("update_secure_note", change).getLong("version")).isEqualTo(2);
        assertThat(alice.tool("update_secure_note", change.copy().put("content", "third")).encode()).contains("get_secure_note");
        JsonObject after = alice.data("get_secure_note", id);
        assertThat(after.getString("content")).isEqualTo("second");
        assertThat(after.getLong("version")).isEqualTo(2);
        assertThat(after.getString("updated_at")).isGreaterThanOrEqualTo(after.getString("created_at"));

        assertThat(alice.tool("update_secure_note", id).encode()).contains("nothing to change");
        assertThat(server.session("bob").tool("get_secure_note", id).encode()).contains("There is no such note");
    }

    @Test
    void anOptionalArgumentThatIsNullIsTheSameAsLeftOut() {
        McpSession alice = server.session("alice");
        JsonObject created = alice.data("create_secure_note", note("t", "c").putNull("title"));
        assertThat(created.getString("title")).isEqualTo("Untitled");
        assertThat(alice.data("list_secure_notes", new JsonObject().putNull("limit").putNull("cursor")).getInteger("count")).isEqualTo(1);
        assertThat(alice.data("update_secure_note", new JsonObject().put("note_id", created.getString("note_id")).put("title", "new")
            .putNull("content").putNull("version")).getLong("version")).isEqualTo(2);
        JsonObject refused = alice.tool("create_secure_note", new JsonObject().putNull("content"));
        assertThat(refused.encode()).contains("content").contains("required");
        assertThat(alice.data("list_secure_notes", new JsonObject().put("cursor", "")).getInteger("count")).isEqualTo(1);
    }

    @Test
    void noteIdsAreCompletedForTheirOwner() {
        String id = server.session("alice").data("create_secure_note", note("t", "c")).getString("note_id");
        JsonObject params = new JsonObject()
            .put("ref", new JsonObject().put("type", "ref/resource").put("uri", "user://notes/{note_id}"))
            .put("argument", new JsonObject().put("name", "note_id").put("value", id.substring(0, 8)));
        assertThat(server.session("alice").call("completion/complete", params).encode()).contains(id);
        assertThat(server.session("bob").call("completion/complete", params).encode()).doesNotContain(id);
    }

    @Test
    void notesAreListedAsResourcesOfTheirOwner() {
        McpSession alice = server.session("alice");
        String uri = alice.data("create_secure_note", note("Shopping", "milk")).getString("uri");
        JsonArray resources = alice.call("resources/list", NOTHING).getJsonObject("result").getJsonArray("resources");
        assertThat(resources).hasSize(2);
        assertThat(resources.getJsonObject(1).getString("uri")).isEqualTo(uri);
        assertThat(resources.getJsonObject(1).getString("title")).isEqualTo("Shopping");
        for (McpSession other : List.of(server.session("bob"), server.session("alice", "mcp:write"))) {
            assertThat(other.call("resources/list", NOTHING).getJsonObject("result").getJsonArray("resources")).hasSize(1);
        }
    }

    @Test
    void profileResourceTellsHowTheCallerCame() {
        String text = server.session("alice").read("user://profile").getJsonObject("result").getJsonArray("contents")
            .getJsonObject(0).getString("text");
        assertThat(new JsonObject(text).getString("client_id")).isEqualTo("mcp-test-client");
        assertThat(new JsonObject(text).getString("issuer")).isEqualTo(server.authServer().issuer());
    }

    @Test
    void callersTokenIsNotPassedOn() {
        McpSession alice = server.session("alice");
        for (String tool : List.of("get_user_profile", "list_secure_notes", "get_api_usage")) {
            assertThat(alice.call(tool, NOTHING).encode()).doesNotContain("token-of-alice");
        }
        assertThat(server.authServer().questions()).isEqualTo(1);
    }

    @Test
    void sseEndpointHasItsOwnNameAndTakesTokensForIt() {
        HttpResponse<String> refused = Http.get(server.base() + "/sse");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(challenge(refused)).contains("/.well-known/oauth-protected-resource/sse");
        String token = server.authServer().issue("for-sse", "alice", "mcp:read", server.base() + "/sse");
        assertThat(McpSession.open(server.mcp(), token).data("list_secure_notes", NOTHING).getInteger("count")).isZero();
    }

    @Test
    void foreignOriginIsRefusedBeforeAuthentication() {
        assertThat(Http.get(server.mcp(), "Origin", "https://evil.example").statusCode()).isEqualTo(403);
        assertThat(Http.get(server.mcp(), "Origin", "null").statusCode()).isEqualTo(403);
        assertThat(Http.get(server.mcp()).statusCode()).isEqualTo(401);
        assertThat(Http.get(server.base() + "/.well-known/oauth-protected-resource", "Origin", "https://any.example").statusCode())
            .isEqualTo(200);
    }
}
