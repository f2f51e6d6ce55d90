package dev.gatehouse.it.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.EventStream;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.http.HttpResponse;

/** The Streamable HTTP transport at the wire level, in every revision that has sessions. */
@Gatehouse
@ResourceLock(value = "notes of the demo user", mode = ResourceAccessMode.READ)
final class StreamableHttpIT {
    private final RunningGatehouse gatehouse;

    StreamableHttpIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @ParameterizedTest
    @CsvSource({"2025-03-26, 2025-03-26", "2025-06-18, 2025-06-18", "2025-11-25, 2025-11-25", "1999-01-01, 2025-11-25"})
    void revisionIsNegotiated(String asked, String offered) {
        JsonObject request = McpSession.initializeRequest();
        request.getJsonObject("params").put("protocolVersion", asked);
        HttpResponse<String> response = Http.send(McpSession.message(gatehouse.mcp(), gatehouse.tokens()
            .access(), request.encode()));
        JsonObject result = McpSession.answer(response).getJsonObject("result");
        assertThat(result.getString("protocolVersion")).isEqualTo(offered);
        assertThat(result.getJsonObject("capabilities").fieldNames()).contains("tools", "resources", "completions");
    }

    @Test
    void toolsDeclareSchemasAndNothingFails() {
        McpSession session = McpSession.open(gatehouse.mcp(), gatehouse.tokens().access());
        JsonObject tools = session.call("tools/list", new JsonObject()).getJsonObject("result");
        assertThat(tools.getJsonArray("tools")).hasSize(8).allSatisfy(item -> {
            JsonObject tool = (JsonObject) item;
            assertThat(tool.getString("description")).isNotBlank();
            assertThat(tool.getJsonObject("inputSchema").getString("type")).isEqualTo("object");
            assertThat(tool.getJsonObject("outputSchema").getString("type")).isEqualTo("object");
        });
    }

    @Test
    void missingArgumentIsTheToolsOwnFailure() {
        McpSession session = McpSession.open(gatehouse.mcp(), gatehouse.tokens().access());
        JsonObject result = session.tool("create_secure_note", new JsonObject().put("title", "without content"));
        assertThat(result.getBoolean("isError")).isTrue();
        assertThat(result.encode()).contains("content");
    }

    @Test
    void usageCountsUp() {
        McpSession session = McpSession.open(gatehouse.mcp(), gatehouse.tokens().access());
        JsonObject before = usage(session);
        session.tool("list_secure_notes", new JsonObject());
        JsonObject after = usage(session);
        assertThat(after).isNotEqualTo(before);
    }

    @Test
    void listeningStreamOpensBesideCalls() {
        McpSession session = McpSession.open(gatehouse.mcp(), gatehouse.tokens().access());
        try (EventStream stream = session.listen()) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(session.call("ping", new JsonObject()).containsKey("result")).isTrue();
        }
        assertThat(session.call("ping", new JsonObject()).containsKey("result")).as("hanging up keeps the session")
            .isTrue();
    }

    private static JsonObject usage(McpSession session) {
        return session.tool("get_api_usage", new JsonObject()).getJsonObject("structuredContent");
    }
}
