package dev.gatehouse.mcp.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.StatelessPeer;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Clock;
import java.util.Set;

/** The tool gets the trace context of the request (W3C Trace Context, in {@code _meta}), in each era. */
class TraceContextTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

    private Vertx vertx;
    private SampleServer server;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        server = Waiting.on(SampleServer.start(vertx, new SampleTools(vertx).features(), McpTransportOptions.forHosts(Set.of()),
            Clock.systemUTC()));
    }

    @AfterEach
    void stop() {
        Waiting.on(vertx.close());
    }

    private String stateful(String parent) {
        McpPeer alice = Waiting.on(new McpPeer(vertx, server.port(), "alice").initialize());
        return Waiting.on(alice.send("tools/call", new JsonObject().put("name", "traced")
            .put("_meta", new JsonObject().put("traceparent", parent)))).bodyAsString();
    }

    private String stateless(String parent) {
        JsonObject params = new JsonObject().put("name", "traced").put("_meta", StatelessPeer.meta().put("traceparent", parent));
        return Waiting.on(new StatelessPeer(vertx, server.port(), "alice").send("tools/call", params)).bodyAsString();
    }

    @Test
    void toolIsToldTheTraceThatItsCallIsPartOf() {
        assertThat(stateful(PARENT)).contains(TRACE);
        assertThat(stateless(PARENT)).contains(TRACE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7"})
    void malformedOneIsIgnoredAndTheCallServed(String parent) {
        assertThat(stateful(parent)).contains("none");
        assertThat(stateless(parent)).contains("none");
    }
}
