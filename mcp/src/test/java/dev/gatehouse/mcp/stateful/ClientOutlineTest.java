package dev.gatehouse.mcp.stateful;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.mcp.api.Schemas;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class ClientOutlineTest {

    private static Map<String, Object> outline(JsonObject params) {
        return ClientOutline.of(Schemas.of(params.encode()));
    }

    private static JsonObject params(JsonObject info, JsonObject capabilities) {
        return new JsonObject().put("protocolVersion", "2025-11-25").put("clientInfo", info).put("capabilities", capabilities);
    }

    @Test
    void whatASessionNeedsOfAClientIsKeptAsItCame() {
        JsonObject said = params(new JsonObject().put("name", "inspector").put("version", "1").put("title", "Inspector"),
            new JsonObject("{\"elicitation\": {\"form\": {}, \"url\": {}}, \"sampling\": {\"tools\": {}}, \"roots\": {\"listChanged\": true}}"));
        assertThat(new JsonObject(outline(said))).isEqualTo(said);
    }

    @Test
    void whatASessionDoesNotNeedIsLeftOutHoweverLargeItIs() {
        JsonObject many = new JsonObject();
        for (int i = 0; i < 10_000; i++) {
            many.put("member " + i, List.of(i));
        }
        JsonObject small = params(new JsonObject().put("name", "x".repeat(256)).put("version", "1"), new JsonObject().put("sampling", new JsonObject()));
        JsonObject large = params(new JsonObject().put("name", "x".repeat(100_000)).put("version", "1").put("icons", List.of(many)),
            new JsonObject().put("experimental", many).put("sampling", many)).put("_meta", many);
        assertThat(new JsonObject(outline(large))).isEqualTo(small);
    }

    @Test
    void noCapabilitiesAreNone() {
        assertThat(outline(params(new JsonObject().put("name", "x").put("version", "1"), null)).get("capabilities")).isEqualTo(Map.of());
    }
}
