package dev.gatehouse.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** The Inspector, which authors of MCP servers look at theirs with: over each transport, in each era that it has. */
@Gatehouse
@ResourceLock(value = "notes of the demo user", mode = ResourceAccessMode.READ)
final class InspectorIT {
    private final RunningGatehouse gatehouse;

    InspectorIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @ParameterizedTest
    @CsvSource({"http,legacy", "http,modern", "sse,legacy", "stdio,legacy", "stdio,modern"})
    void listsCallsAndReads(String transport, String era) {
        Inspector inspector = inspector(transport, gatehouse.tokens().access());
        assertThat(values(inspector.result(era, "tools/list", "--strict").getJsonArray("tools"), "name"))
            .contains("get_user_profile", "create_secure_note", "delete_secure_note");
        JsonObject note = inspector.result(era, "tools/call", "--tool-name", "create_secure_note", "--tool-args-json",
            new JsonObject().put("title", "Inspected").put("content", "by " + era + " " + transport).encode()).getJsonObject("structuredContent");
        String uri = note.getString("uri");
        assertThat(values(inspector.result(era, "resources/list").getJsonArray("resources"), "uri")).contains("user://profile", uri);
        assertThat(values(inspector.result(era, "resources/read", "--uri", uri).getJsonArray("contents"), "text").get(0))
            .contains("by " + era + " " + transport);
        assertThat(inspector.result(era, "prompts/list").getJsonArray("prompts")).isEmpty();
        assertThat(inspector.result(era, "tools/call", "--tool-name", "delete_secure_note", "--tool-args-json",
            new JsonObject().put("note_id", note.getString("note_id")).put("confirm", true).encode())
            .getJsonObject("structuredContent").getBoolean("deleted")).isTrue();
    }

    /** The Inspector recognizes this from the status and the challenge. */
    @ParameterizedTest
    @CsvSource({"http,legacy", "http,modern", "sse,legacy"})
    void tokenThatIsNoneIsAnsweredWithTheNeedOfOne(String transport, String era) {
        Product.Result refused = inspector(transport, "none-of-ours").run(era, "tools/list");
        assertThat(refused.exitCode()).isNotZero();
        assertThat(refused.out()).isEmpty();
        assertThat(new JsonObject(refused.err()).getJsonObject("error").getString("code")).isEqualTo("auth_required");
    }

    @Test
    void toolOfAnotherNameIsNotFound() {
        Product.Result refused = inspector("http", gatehouse.tokens().access()).run("legacy", "tools/call", "--tool-name", "nonesuch");
        assertThat(refused.exitCode()).isNotZero();
        assertThat(new JsonObject(refused.err()).getJsonObject("error").getString("code")).isEqualTo("tool_not_found");
    }

    private Inspector inspector(String transport, String token) {
        return switch (transport) {
            case "stdio" -> Inspector.ofProcess(gatehouse, token);
            case "sse" -> Inspector.of(transport, gatehouse.mcpOrigin() + "/sse", token);
            default -> Inspector.of(transport, gatehouse.mcp(), token);
        };
    }

    private static List<String> values(JsonArray items, String member) {
        return items.stream().map(item -> ((JsonObject) item).getString(member)).toList();
    }
}
