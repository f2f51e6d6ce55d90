package dev.gatehouse.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.NodeProgram;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

/** The TypeScript SDK 2.x in each era: tools, a question to the user, and news of what changed. */
@Gatehouse
@ResourceLock(value = "notes of the demo user", mode = ResourceAccessMode.READ)
final class ErasIT {
    private final RunningGatehouse gatehouse;

    ErasIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @ParameterizedTest
    @CsvSource({"http,auto,2026-07-28", "http,pin,2026-07-28", "http,legacy,2025-11-25", "stdio,auto,2026-07-28", "stdio,legacy,2025-11-25"})
    void clientDoesTheSameInEachEra(String transport, String mode, String version) {
        String token = gatehouse.tokens().access();
        JsonObject settings = new JsonObject().put("transport", transport).put("url", gatehouse.mcp()).put("token", token)
            .put("mode", mode.equals("pin") ? new JsonObject().put("pin", version) : mode)
            .put("command", new JsonArray(Product.command("mcp", "--transport", "stdio", "--auth-server", gatehouse.issuer(), "--resource", gatehouse.mcp())))
            .put("environment", new JsonObject().put("GATEHOUSE_HOME", gatehouse.home().toString()).put("MCP_ACCESS_TOKEN", token));
        JsonObject result = NodeProgram.run("mcp-eras.mjs", settings, Map.of());

        assertThat(result.getString("version")).isEqualTo(version);
        assertThat(result.getJsonArray("tools")).contains("delete_secure_note");
        assertThat(result.getJsonObject("profile").encode()).contains("testuser");
        assertThat(result.getJsonObject("read").encode()).contains("Of the eras");
        assertThat(result.getInteger("asked")).as("the user is asked once").isEqualTo(1);
        assertThat(result.getJsonObject("deleted").getBoolean("deleted")).isTrue();
        assertThat(result.getBoolean("heard")).as("told of the new note").isTrue();
    }
}
