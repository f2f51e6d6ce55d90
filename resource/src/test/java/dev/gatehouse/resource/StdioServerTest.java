package dev.gatehouse.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.fixtures.IntrospectionServer;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

class StdioServerTest {

    private static final String RESOURCE = "http://localhost:8001/mcp";
    private static final String OPEN = """
        {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},\
        "clientInfo":{"name":"test","version":"1"}}}
        {"jsonrpc":"2.0","method":"notifications/initialized"}
        """;

    @TempDir
    private Path home;
    private Vertx vertx;
    private IntrospectionServer authServer;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        authServer = new IntrospectionServer(vertx, Clock.systemUTC()).start();
    }

    @AfterEach
    void stop() {
        Waiting.on(vertx.close());
    }

    /** Serves these lines behind the opening ones in a process's stead, and returns the answers behind the first. News may come between. */
    private List<JsonObject> serve(String token, String... lines) {
        Map<String, String> environment = Map.of("GATEHOUSE_HOME", home.resolve("data").toString(), "MCP_ACCESS_TOKEN", token);
        StdioServer server = StdioServer.create(vertx, new JsonObject().put("authServer", authServer.issuer()), environment, Clock.systemUTC());
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        String input = OPEN + String.join("\n", lines) + "\n";
        Waiting.on(server.run(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), output));
        Waiting.on(server.close());
        return Arrays.stream(output.toString(StandardCharsets.UTF_8).split("\n")).skip(1).map(JsonObject::new)
            .filter(message -> message.containsKey("id")).toList();
    }

    private static String call(String tool, JsonObject arguments) {
        return new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", "tools/call")
            .put("params", new JsonObject().put("name", tool).put("arguments", arguments)).encode();
    }

    private JsonObject callAs(String token, String tool, JsonObject arguments) {
        return serve(token, call(tool, arguments)).get(0).getJsonObject("result");
    }

    private static void assertRefused(JsonObject result, String... told) {
        assertThat(result.getBoolean("isError")).isTrue();
        assertThat(result.encode()).contains("Authentication required").contains(told);
    }

    @Test
    void withoutATokenToolsAreListedAndCallsSayHowToSignIn() {
        List<JsonObject> answers = serve("", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}");
        assertThat(answers.get(0).getJsonObject("result").getJsonArray("tools")).hasSize(8);
        for (String tool : List.of("get_user_profile", "list_secure_notes", "get_api_usage")) {
            assertRefused(callAs("", tool, new JsonObject()), "MCP_ACCESS_TOKEN", "./gatehouse token", RESOURCE);
        }
        assertRefused(callAs("", "create_secure_note", new JsonObject().put("content", "c")), "MCP_ACCESS_TOKEN");
        assertThat(authServer.questions()).isZero();
        assertThat(Files.exists(home.resolve("data"))).as("nothing is opened for nobody").isFalse();
    }

    @Test
    void goodTokenOfTheEnvironmentServesItsUser() {
        authServer.issue("good", "alice", "mcp:read mcp:write", RESOURCE);
        JsonObject created = callAs(" good\n", "create_secure_note", new JsonObject().put("content", "over stdio"));
        assertThat(created.getBoolean("isError")).isFalse();
        assertThat(callAs("good", "list_secure_notes", new JsonObject()).encode()).contains("over stdio");
        JsonObject usage = callAs("good", "get_api_usage", new JsonObject()).getJsonObject("structuredContent");
        assertThat(usage.getJsonObject("requests").getInteger("used")).isEqualTo(3);
        assertThat(usage.getJsonObject("tokens").getInteger("used")).isPositive();
    }

    @Test
    void badTokenIsToldApartFromASilentServer() {
        authServer.issue("foreign", "alice", "mcp:read", "http://localhost:9999/mcp");
        authServer.issue("good", "alice", "mcp:read", RESOURCE);
        assertRefused(callAs("expired", "get_user_profile", new JsonObject()), "expired, revoked or unknown", "MCP_ACCESS_TOKEN");
        assertRefused(callAs("mal formed", "get_user_profile", new JsonObject()), "malformed");
        assertRefused(callAs("foreign", "get_user_profile", new JsonObject()), "not issued for this server");
        authServer.kill();
        assertRefused(callAs("good", "get_user_profile", new JsonObject()), "cannot be verified now", authServer.issuer());
        authServer.start();
        assertThat(callAs("good", "get_user_profile", new JsonObject()).getBoolean("isError")).isFalse();
    }

    @Test
    void missingScopeIsNamed() {
        authServer.issue("reader", "alice", "mcp:read", RESOURCE);
        JsonObject refused = callAs("reader", "create_secure_note", new JsonObject().put("content", "c"));
        assertThat(refused.getBoolean("isError")).isTrue();
        assertThat(refused.encode()).contains("mcp:write");
        assertThat(callAs("reader", "list_secure_notes", new JsonObject()).getJsonObject("structuredContent").getInteger("count")).isZero();
    }

    @Test
    void quotaIsSharedWithWhoeverServedBefore() {
        authServer.issue("good", "alice", "mcp:read", RESOURCE);
        for (int i = 1; i <= 3; i++) {
            JsonObject usage = callAs("good", "get_api_usage", new JsonObject()).getJsonObject("structuredContent");
            assertThat(usage.getJsonObject("requests").getInteger("used")).isEqualTo(i);
        }
    }

    @Test
    void unsafeAuthorizationServerIsRefusedAtTheStart() {
        assertThatThrownBy(() -> StdioServer.create(vertx, new JsonObject().put("authServer", "http://auth.example"), Map.of(), Clock.systemUTC()))
            .isInstanceOf(StartupException.class).hasMessageContaining("authServer").hasMessageContaining("https");
        StdioServer.create(vertx, new JsonObject().put("authServer", "https://auth.example"), Map.of(), Clock.systemUTC());
    }
}
