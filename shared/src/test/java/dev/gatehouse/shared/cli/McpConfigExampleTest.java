package dev.gatehouse.shared.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.shared.config.ConfigFile;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.util.Map;

class McpConfigExampleTest {

    @Test
    void itPassesTheSchemaOfSuchFiles() {
        JsonObject example = new JsonObject(McpConfigExample.json("http://localhost:9000", "http://localhost:8001"));
        assertThat(ConfigFile.check(example, "schema/mcp_config.json", Map.of())).isEqualTo(example);
        assertThat(example.getJsonArray("servers").getJsonObject(0).getString("url")).isEqualTo("http://localhost:8001/mcp");
    }
}
