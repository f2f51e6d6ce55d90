package dev.gatehouse.mcp.stateless;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.SteppingClock;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.StatelessPeer;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Set;

/** Scopes and the lifetime of state in revision 2026-07-28. */
class StatelessSecurityTest {

    private final SteppingClock clock = new SteppingClock("2026-01-01T00:00:00Z");
    private Vertx vertx;
    private SampleServer server;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        server = Waiting.on(SampleServer.start(vertx, new SampleTools(vertx).features(), McpTransportOptions.forHosts(Set.of()), clock));
    }

    @AfterEach
    void stop() {
        server.transport.close();
        Waiting.on(vertx.close());
    }

    private StatelessPeer peer(String token) {
        return new StatelessPeer(vertx, server.port(), token);
    }

    @Test
    void aCallWithoutItsScopesIsForbiddenNamingThemAll() {
        HttpResponse<Buffer> refused = Waiting.on(peer("carol:other").call("write", new JsonObject()));

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.getHeader("WWW-Authenticate")).contains("scope=\"mcp:read mcp:write\"");
        assertThat(Waiting.on(peer("carol:other").send("resources/read", new JsonObject().put("uri", "user://profile"))).statusCode()).isEqualTo(403);
        assertThat(Waiting.on(peer("carol").call("write", new JsonObject())).bodyAsString()).contains("written");
    }

    @Test
    void aStateExpires() {
        JsonObject trip = StatelessPeer.call("trip", new JsonObject(), new JsonObject());
        String state = Waiting.on(peer("alice").send("tools/call", trip)).bodyAsJsonObject().getJsonObject("result").getString("requestState");
        JsonObject answered = trip.copy().put("requestState", state).put("inputResponses", new JsonObject().put("where",
            new JsonObject().put("action", "accept").put("content", new JsonObject().put("text", "Rome"))));
        clock.advance(Duration.ofMinutes(10).minusSeconds(1));
        assertThat(Waiting.on(peer("alice").send("tools/call", answered)).statusCode()).isEqualTo(200);

        clock.advance(Duration.ofSeconds(1));
        HttpResponse<Buffer> late = Waiting.on(peer("alice").send("tools/call", answered));
        assertThat(late.statusCode()).isEqualTo(400);
        assertThat(late.bodyAsJsonObject().getJsonObject("error").getInteger("code")).isEqualTo(-32602);
    }
}
