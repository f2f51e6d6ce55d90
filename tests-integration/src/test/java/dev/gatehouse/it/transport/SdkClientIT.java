package dev.gatehouse.it.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.NodeProgram;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A real MCP client (the TypeScript SDK) goes the whole way: challenge, discovery, login, consent, token, tools,
 * resources.
 */
@Gatehouse
@ResourceLock("notes of the demo user")
final class SdkClientIT {
    private final RunningGatehouse gatehouse;

    SdkClientIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "sse"})
    void clientLogsInAndUsesEverything(String transport) {
        JsonObject result = NodeProgram.run("mcp-client.mjs", settings(transport), Map.of("AUTHORIZE", this::logIn));
        assertThat(result.getJsonObject("tokens").getString("access_token")).startsWith("gha_");
        assertEverythingWorked(result);
    }

    @Test
    void clientLogsInThroughARealBrowser() {
        Parts.chromium();
        JsonObject settings = settings("http");
        JsonObject result = NodeProgram.run("mcp-client.mjs", settings,
            Map.of("AUTHORIZE", logInWithChromium(settings)));
        assertEverythingWorked(result);
    }

    @Test
    void stdioWorksWithAnAccessTokenOfTheEnvironment() {
        JsonObject environment = environment().put("MCP_ACCESS_TOKEN", gatehouse.tokens().access());
        JsonObject result = NodeProgram.run("mcp-client.mjs", stdio(environment), Map.of());
        assertEverythingWorked(result);
    }

    @Test
    void stdioWithoutATokenListsToolsAndSaysHowToSignIn() {
        JsonObject settings = stdio(environment()).put("unauthenticated", true);
        JsonObject result = NodeProgram.run("mcp-client.mjs", settings, Map.of());
        assertThat(names(result.getJsonArray("tools"), "name")).containsAll(TOOLS);
        JsonObject profile = result.getJsonObject("profile");
        assertThat(profile.getBoolean("isError")).isTrue();
        assertThat(text(profile)).contains("Authentication required").contains("MCP_ACCESS_TOKEN");
    }

    private static final Set<String> TOOLS =
        Set.of("get_user_profile", "create_secure_note", "list_secure_notes", "search_secure_notes",
            "get_secure_note", "update_secure_note", "delete_secure_note", "get_api_usage");

    private static void assertEverythingWorked(JsonObject result) {
        assertThat(names(result.getJsonArray("tools"), "name")).containsExactlyInAnyOrderElementsOf(TOOLS);
        JsonObject profile = structured(result, "profile");
        assertThat(profile.getString("user_id")).isEqualTo("testuser");
        assertThat(profile.getString("email")).isEqualTo("testuser@example.com");
        assertThat(profile.getString("name")).isEqualTo("Test User");
        assertThat(profile.getString("created_at")).isNotEmpty();
        assertThat(profile.getString("last_login")).isNotEmpty();
        assertThat(profile.getJsonArray("permissions")).containsExactlyInAnyOrder("mcp:read", "mcp:write");
        structured(result, "created");
        assertThat(structured(result, "notes").encode()).contains("Test").contains("Hello World");
        assertThat(structured(result, "usage").encode()).contains("100000");
        assertThat(names(result.getJsonArray("resources"), "uri")).contains("user://profile");
        assertThat(names(result.getJsonArray("templates"), "uriTemplate")).contains("user://notes/{note_id}");
        assertThat(result.getJsonObject("profileResource").encode()).contains("testuser@example.com");
        assertThat(result.getJsonObject("noteResource").encode()).contains("Hello World");
        assertThat(result.getJsonObject("completion").getJsonObject("completion").getJsonArray("values")).isNotEmpty();
    }

    private static JsonObject structured(JsonObject result, String call) {
        JsonObject answer = result.getJsonObject(call);
        assertThat(answer.getBoolean("isError", false)).as(answer.encode()).isFalse();
        assertThat(answer.getJsonArray("content")).as("text beside the structured content").isNotEmpty();
        return answer.getJsonObject("structuredContent");
    }

    private static Set<String> names(JsonArray list, String key) {
        return list.stream().map(item -> ((JsonObject) item).getString(key))
            .collect(java.util.stream.Collectors.toSet());
    }

    private static String text(JsonObject toolResult) {
        return toolResult.getJsonArray("content").getJsonObject(0).getString("text");
    }

    private JsonObject settings(String transport) {
        String redirect = "http://localhost:" + Ports.free() + "/callback";
        String url = transport.equals("sse") ? gatehouse.mcpOrigin() + "/sse" : gatehouse.mcp();
        return new JsonObject().put("transport", transport).put("url", url).put("client", new JsonObject()
            .put("id", OAuthClient.TEST_ID).put("secret", OAuthClient.TEST_SECRET).put("redirectUri", redirect)
            .put("scope", OAuthClient.SCOPES));
    }

    private JsonObject stdio(JsonObject environment) {
        JsonArray command = new JsonArray(Product.command("mcp", "--transport", "stdio", "--auth-server",
            gatehouse.issuer(), "--resource", gatehouse.mcp()));
        return settings("stdio").put("command", command).put("environment", environment);
    }

    private JsonObject environment() {
        return new JsonObject().put("GATEHOUSE_HOME", gatehouse.home().toString());
    }

    private void logIn(String authorizationUrl) {
        URI callback = gatehouse.journey().allow(authorizationUrl);
        assertThat(Http.get(callback.toString()).statusCode()).isEqualTo(200);
    }

    /** The SDK's client holds the redirect's port, so the browser only goes there. */
    private Consumer<String> logInWithChromium(JsonObject client) {
        String until = client.getJsonObject("client").getString("redirectUri");
        return url -> CompletableFuture.runAsync(() -> NodeProgram.run("browser.mjs", new JsonObject()
            .put("chromium", Parts.chromium()).put("url", url).put("username", "testuser")
            .put("password", "testpass").put("action", "allow").put("until", until).put("listen", false)
            .put("screenshots", "../target/screenshots"), Map.of())).join();
    }
}
