package dev.gatehouse.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.resource.support.RunningResource;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

class ToolPolicyTest {

    private static final String RULES = """
        {"default": "deny", "rules": [
          {"name": "reads", "effect": "allow", "when": "tool.annotations.readOnlyHint"},
          {"name": "editors-write", "effect": "allow", "when": "'editors' in caller.groups"},
          {"name": "no-drafts", "effect": "deny", "when": "tool.name == 'create_secure_note' && arguments.content == 'draft'", "message": "No drafts here."},
          {"name": "broken", "effect": "deny", "when": "tool.name == 'get_secure_note' && arguments.none == 'x'"},
          {"name": "fresh", "effect": "require_step_up", "when": "tool.name == 'update_secure_note'", "maxAgeSeconds": 300, "acrValues": ["mfa", "hwk"]},
          {"name": "ask", "effect": "require_approval", "when": "tool.name == 'create_secure_note' && arguments.content == 'ask'", "message": "Create it?"}
        ]}
        """;

    @TempDir
    private Path home;
    private RunningResource server;
    private Path file;

    @BeforeEach
    void start() throws IOException {
        file = home.resolve("policy.json");
        Files.writeString(file, RULES);
        server = new RunningResource(home.resolve("data"), Clock.systemUTC()).start(configuration(), 1);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonObject configuration() {
        return new JsonObject().put("policy", new JsonObject().put("file", file.toString()));
    }

    private String token(String name, JsonObject claims) {
        return server.authServer().issue(name, new JsonObject().put("active", true).put("sub", "usr_alice").put("username", "alice")
            .put("client_id", "claude").put("scope", "mcp:read mcp:write").put("aud", server.mcp()).mergeIn(claims));
    }

    private String editor() {
        return token("editor", new JsonObject().put("groups", JsonArray.of("editors")));
    }

    private static JsonObject note(String content) {
        return new JsonObject().put("title", "t").put("content", content);
    }

    private static List<String> names(JsonObject list) {
        return list.getJsonArray("tools").stream().map(tool -> ((JsonObject) tool).getString("name")).toList();
    }

    private HttpResponse<String> stateless(String token, String method, JsonObject params, JsonObject capabilities) {
        return stateless(token, method, params, capabilities, params.getString("name"));
    }

    private HttpResponse<String> stateless(String token, String method, JsonObject params, JsonObject capabilities, String name) {
        JsonObject meta = new JsonObject().put("io.modelcontextprotocol/protocolVersion", "2026-07-28")
            .put("io.modelcontextprotocol/clientCapabilities", capabilities);
        String body = new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", method).put("params", params.copy().put("_meta", meta)).encode();
        String[] headers = {"Authorization", "Bearer " + token, "Accept", "application/json, text/event-stream", "MCP-Protocol-Version", "2026-07-28",
            "Mcp-Method", method, "Mcp-Name", name};
        return Http.post(server.mcp(), Http.JSON, body, name != null ? headers : Arrays.copyOf(headers, 8));
    }

    private JsonObject statelessCall(String token, String tool, JsonObject arguments, JsonObject capabilities, JsonObject more) {
        JsonObject params = new JsonObject().put("name", tool).put("arguments", arguments).mergeIn(more);
        return McpSession.answer(stateless(token, "tools/call", params, capabilities)).getJsonObject("result");
    }

    @Test
    void callsAreDecidedInBothKindsOfEra() {
        McpSession writer = McpSession.open(server.mcp(), editor());
        McpSession reader = McpSession.open(server.mcp(), token("reader", new JsonObject()));
        JsonObject none = new JsonObject();
        assertThat(writer.tool("create_secure_note", note("kept")).getBoolean("isError")).isFalse();
        assertThat(McpSession.text(writer.tool("create_secure_note", note("draft")))).contains("No drafts here.");
        assertThat(McpSession.text(reader.tool("create_secure_note", note("kept")))).contains("no rule allows it");
        assertThat(reader.tool("list_secure_notes", none).getBoolean("isError")).isFalse();
        assertThat(statelessCall("editor", "create_secure_note", note("kept"), none, none).getBoolean("isError")).isFalse();
        assertThat(statelessCall("editor", "create_secure_note", note("draft"), none, none).encode()).contains("No drafts here.");
        assertThat(statelessCall("reader", "create_secure_note", note("kept"), none, none).encode()).contains("no rule allows it");
        assertThat(writer.data("list_secure_notes", none).getInteger("count")).as("refused calls created nothing").isEqualTo(2);
        assertThat(McpSession.text(writer.tool("get_secure_note", new JsonObject().put("note_id", "n")))).contains("broken", "cannot be evaluated");
    }

    @Test
    void readsOfResourcesAreDecidedAsCallsOfAReadingTool() throws IOException {
        McpSession writer = McpSession.open(server.mcp(), editor());
        token("agent", new JsonObject().put("act", new JsonObject().put("sub", "robot")));
        String uri = writer.data("create_secure_note", note("kept")).getString("uri");
        assertThat(McpSession.open(server.mcp(), "agent").read(uri).encode()).contains("kept");
        String before = version();
        Files.writeString(file, RULES.replace("{\"name\": \"no-drafts\"", """
            {"name": "no-agents", "effect": "deny", "when": "size(caller.actors) > 0 && tool.name == 'resources/read'", "message": "Only a person reads notes."},
            {"name": "old", "effect": "require_step_up", "when": "tool.name == 'resources/read' && arguments.uri == 'user://profile'", "maxAgeSeconds": 300},
            {"name": "no-drafts\""""));
        Eventually.holds(() -> !version().equals(before));
        McpSession agent = McpSession.open(server.mcp(), "agent");
        McpSession person = McpSession.open(server.mcp(), "editor");
        JsonObject none = new JsonObject();
        assertThat(person.read(uri).encode()).contains("kept");
        assertThat(agent.read(uri).encode()).contains("Only a person reads notes.").doesNotContain("kept");
        assertThat(stateless("agent", "resources/read", new JsonObject().put("uri", uri), none, uri).body()).contains("Only a person reads notes.").doesNotContain("kept");
        assertThat(person.call("resources/list", none).encode()).contains(uri);
        assertThat(agent.call("resources/list", none).getJsonObject("result").getJsonArray("resources")).isEmpty();
        assertThat(agent.call("resources/templates/list", none).getJsonObject("result").getJsonArray("resourceTemplates")).isEmpty();
        JsonObject completion = new JsonObject().put("ref", new JsonObject().put("type", "ref/resource").put("uri", "user://notes/{note_id}"))
            .put("argument", new JsonObject().put("name", "note_id").put("value", ""));
        assertThat(person.call("completion/complete", completion).encode()).contains(uri.substring(uri.lastIndexOf('/') + 1));
        assertThat(agent.call("completion/complete", completion).encode()).doesNotContain(uri.substring(uri.lastIndexOf('/') + 1));
        HttpResponse<String> profile = person.send("resources/read", new JsonObject().put("uri", "user://profile"));
        assertThat(profile.statusCode()).isEqualTo(401);
        assertThat(Http.challenge(profile)).contains("insufficient_user_authentication", "max_age=\"300\"");
    }

    private String version() {
        return new JsonObject(Http.get(server.base() + "/health").body()).getJsonObject("policy").getString("version");
    }

    @Test
    void refusedCallCountsAgainstTheQuota() {
        JsonObject none = new JsonObject();
        McpSession writer = McpSession.open(server.mcp(), editor());
        int before = writer.data("get_api_usage", none).getJsonObject("requests").getInteger("used");
        assertThat(McpSession.text(writer.tool("create_secure_note", note("draft")))).contains("No drafts here.");
        assertThat(writer.data("get_api_usage", none).getJsonObject("requests").getInteger("used")).isEqualTo(before + 2);
    }

    @Test
    void listHasTheToolsThatTheCallerMayCall() {
        editor();
        token("reader", new JsonObject());
        JsonObject none = new JsonObject();
        List<String> all = names(McpSession.open(server.mcp(), "editor").call("tools/list", none).getJsonObject("result"));
        List<String> some = names(McpSession.open(server.mcp(), "reader").call("tools/list", none).getJsonObject("result"));
        assertThat(all).hasSize(8).contains("create_secure_note", "delete_secure_note");
        assertThat(some).contains("list_secure_notes", "get_secure_note").doesNotContain("create_secure_note", "update_secure_note", "delete_secure_note");
        JsonObject listed = McpSession.answer(stateless("reader", "tools/list", none, none)).getJsonObject("result");
        assertThat(names(listed)).isEqualTo(some);
        assertThat(listed.getString("cacheScope")).isEqualTo("private");
    }

    @Test
    void stepUpIsChallengedBeforeTheCallRuns() {
        JsonObject editors = new JsonObject().put("groups", JsonArray.of("editors"));
        long now = Clock.systemUTC().millis() / 1000;
        token("old", editors.copy().put("auth_time", now - 400).put("acr", "mfa"));
        token("fresh", editors.copy().put("auth_time", now - 10).put("acr", "mfa"));
        McpSession session = McpSession.open(server.mcp(), "old");
        String id = session.data("create_secure_note", note("kept")).getString("note_id");
        JsonObject update = new JsonObject().put("name", "update_secure_note").put("arguments", new JsonObject().put("note_id", id).put("content", "new"));
        HttpResponse<String> refused = session.send("tools/call", update);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(Http.challenge(refused)).startsWith("Bearer error=\"insufficient_user_authentication\"")
            .contains("acr_values=\"mfa hwk\"", "max_age=\"300\"", "resource_metadata=");
        assertThat(stateless("old", "tools/call", update, new JsonObject()).statusCode()).isEqualTo(401);
        assertThat(session.with("fresh").tool("update_secure_note", update.getJsonObject("arguments")).encode()).contains("\"isError\":false");
    }

    @Test
    void approvalIsAskedWhereTheClientCanAskAndRefusedElsewhere() {
        editor();
        JsonObject none = new JsonObject();
        JsonObject asks = new JsonObject().put("elicitation", new JsonObject().put("form", none));
        assertThat(statelessCall("editor", "create_secure_note", note("ask"), none, none).encode()).contains("does not support elicitation");
        JsonObject question = statelessCall("editor", "create_secure_note", note("ask"), asks, none);
        assertThat(question.getString("resultType")).isEqualTo("input_required");
        String key = question.getJsonObject("inputRequests").fieldNames().iterator().next();
        assertThat(question.encode()).contains("Create it?");
        JsonObject state = new JsonObject().put("requestState", question.getString("requestState"));
        JsonObject declined = state.copy().put("inputResponses", new JsonObject().put(key, new JsonObject().put("action", "decline")));
        assertThat(statelessCall("editor", "create_secure_note", note("ask"), asks, declined).encode()).contains("did not approve");
        McpSession session = McpSession.open(server.mcp(), "editor");
        assertThat(session.data("list_secure_notes", none).getInteger("count")).isZero();
        JsonObject accepted = state.copy().put("inputResponses",
            new JsonObject().put(key, new JsonObject().put("action", "accept").put("content", none)));
        assertThat(statelessCall("editor", "create_secure_note", note("ask"), asks, accepted).getBoolean("isError")).isFalse();
        assertThat(session.data("list_secure_notes", none).getInteger("count")).isEqualTo(1);
    }

    @Test
    void healthHasTheVersionOfThePolicy() {
        JsonObject health = new JsonObject(Http.get(server.base() + "/health").body());
        assertThat(health.getJsonObject("policy").getString("version")).hasSize(12);
        assertThat(health.getJsonObject("policy").getString("file")).isEqualTo("current");
    }

    @Test
    void overStdioTheSameRulesApply() {
        editor();
        Vertx vertx = Vertx.vertx();
        Map<String, String> environment = Map.of("GATEHOUSE_HOME", home.resolve("stdio").toString(), "MCP_ACCESS_TOKEN", "editor");
        StdioServer stdio = StdioServer.create(vertx, configuration().put("authServer", server.authServer().issuer()).put("resource", server.mcp()),
            environment, Clock.systemUTC());
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        String input = McpSession.initializeRequest().encode() + "\n{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n"
            + call(11, "create_secure_note", note("draft")) + call(12, "create_secure_note", note("kept"))
            + call(13, "update_secure_note", new JsonObject().put("note_id", "n").put("content", "c"));
        Waiting.on(stdio.run(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), output));
        Waiting.on(stdio.close());
        Waiting.on(vertx.close());
        Map<Integer, String> answers = output.toString(StandardCharsets.UTF_8).lines().map(JsonObject::new)
            .filter(answer -> answer.getValue("id") instanceof Integer id && id > 10)
            .collect(Collectors.toMap(answer -> answer.getInteger("id"), JsonObject::encode));
        assertThat(answers.get(11)).contains("No drafts here.");
        assertThat(answers.get(12)).contains("\"isError\":false");
        assertThat(answers.get(13)).contains("another sign-in", "300 seconds", "mfa or hwk");
    }

    private static String call(int id, String tool, JsonObject arguments) {
        return new JsonObject().put("jsonrpc", "2.0").put("id", id).put("method", "tools/call")
            .put("params", new JsonObject().put("name", tool).put("arguments", arguments)).encode() + "\n";
    }
}
