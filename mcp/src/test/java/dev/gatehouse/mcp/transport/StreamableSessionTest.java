package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.StreamableHttpCase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions of Streamable HTTP: how they begin and end, whose they are, and how many there may be. */
class StreamableSessionTest extends StreamableHttpCase {

    @Test
    void initializeGivesAnUnguessableVisibleSessionIdAndTheServersDescription() throws Exception {
        HttpResponse<Buffer> response = Waiting.on(newPeer("bob").send("initialize", McpPeer.INITIALIZE));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.getHeader("Mcp-Session-Id")).matches("[!-~]{43,}").isNotEqualTo(alice.sessionId);
        JsonObject result = response.bodyAsJsonObject().getJsonObject("result");
        assertThat(result.getString("protocolVersion")).isEqualTo("2025-11-25");
        assertThat(result.getString("instructions")).isEqualTo("Be kind");
        assertThat(result.getJsonObject("serverInfo").getString("title")).isEqualTo("Sample server");
    }

    @ParameterizedTest
    @CsvSource({"2024-11-05,2024-11-05", "2025-03-26,2025-03-26", "2025-06-18,2025-06-18", "2026-07-28,2025-11-25", "1.0,2025-11-25"})
    void negotiatesTheRevision(String asked, String given) throws Exception {
        HttpResponse<Buffer> response = Waiting.on(newPeer("bob").send("initialize", McpPeer.INITIALIZE.copy().put("protocolVersion", asked)));

        assertThat(response.bodyAsJsonObject().getJsonObject("result").getString("protocolVersion")).isEqualTo(given);
    }

    @Test
    void aSessionBelongsToItsPrincipal() throws Exception {
        McpPeer mallory = newPeer("mallory").withSession(alice.sessionId);

        assertThat(Waiting.on(mallory.call("echo", text("hi"))).statusCode()).isEqualTo(404);
        assertThat(Waiting.on(mallory.request(HttpMethod.GET, "/mcp").send()).statusCode()).isEqualTo(404);
        assertThat(Waiting.on(mallory.request(HttpMethod.DELETE, "/mcp").send()).statusCode()).isEqualTo(404);
        assertThat(Waiting.on(newPeer("mallory").call("echo", text("hi"))).statusCode()).isEqualTo(400);
        assertThat(Waiting.on(newPeer(null).withSession(alice.sessionId).call("echo", text("hi"))).statusCode()).isEqualTo(401);
        assertThat(resultText(Waiting.on(alice.call("echo", text("hi"))))).isEqualTo("alice:hi");
    }

    @Test
    void aDeletedSessionIsGone() throws Exception {
        assertThat(Waiting.on(alice.request(HttpMethod.DELETE, "/mcp").send()).statusCode()).isEqualTo(204);

        assertThat(Waiting.on(alice.call("echo", text("hi"))).statusCode()).isEqualTo(404);
        assertThat(Waiting.on(alice.request(HttpMethod.DELETE, "/mcp").send()).statusCode()).isEqualTo(404);
        assertThat(server.transport.openSessions()).isZero();
    }

    @Test
    void aFailedInitializeLeavesNoSession() throws Exception {
        int before = server.transport.openSessions();
        HttpResponse<Buffer> response = Waiting.on(newPeer("bob").send("initialize", new JsonObject()));

        assertThat(response.bodyAsJsonObject().getJsonObject("error").getInteger("code")).isEqualTo(-32602);
        assertThat(response.getHeader("Mcp-Session-Id")).isNull();
        assertThat(server.transport.openSessions()).isEqualTo(before);
    }

    @Test
    void oneSessionTooManyOfAPrincipalEndsTheIdlestAndOneTooManyInAllIsRefused() throws Exception {
        for (int i = 1; i < 5; i++) {
            assertThat(Waiting.on(newPeer("alice").send("initialize", McpPeer.INITIALIZE)).statusCode()).isEqualTo(200);
        }
        HttpResponse<Buffer> sixth = Waiting.on(newPeer("alice").send("initialize", McpPeer.INITIALIZE));
        assertThat(sixth.statusCode()).isEqualTo(200);
        assertThat(server.transport.openSessions()).isEqualTo(5);
        assertThat(Waiting.on(alice.call("echo", text("hi"))).statusCode()).as("the first, which was idle for longest").isEqualTo(404);
        assertThat(Waiting.on(newPeer("alice").withSession(sixth.getHeader("Mcp-Session-Id")).call("echo", text("hi"))).statusCode()).isEqualTo(200);
        for (int i = 0; i < 15; i++) {
            assertThat(Waiting.on(newPeer("user" + i).send("initialize", McpPeer.INITIALIZE)).statusCode()).isEqualTo(200);
        }
        assertThat(Waiting.on(newPeer("late").send("initialize", McpPeer.INITIALIZE)).statusCode()).isEqualTo(503);
        assertThat(server.transport.openSessions()).isEqualTo(20);
    }
}
