package dev.gatehouse.mcp.feature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.StatelessPeer;
import dev.gatehouse.mcp.support.TransportLimits;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Clock;

/** Reads and completions that never complete end at the deadline, in each era. */
class CallDeadlineTest {

    private static final McpTransportOptions OPTIONS =
        new TransportLimits().queueBytes(4_000_000).callSeconds(1).options();

    private Vertx vertx;
    private SampleServer server;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        server = Waiting.on(SampleServer.start(vertx, new SampleTools(vertx).features(), OPTIONS, Clock.systemUTC()));
    }

    @AfterEach
    void stop() {
        Waiting.on(vertx.close());
    }

    private JsonObject answer(String era, String method, JsonObject params) {
        return era.equals("stateless")
            ? Waiting.on(new StatelessPeer(vertx, server.port(), "alice").send(method, params)).bodyAsJsonObject()
            : Waiting.on(Waiting.on(new McpPeer(vertx, server.port(), "alice").initialize()).send(method, params)).bodyAsJsonObject();
    }

    private static JsonObject uri(String id) {
        return new JsonObject().put("uri", "user://notes/" + id);
    }

    private static JsonObject completion(String prefix) {
        return new JsonObject().put("ref", new JsonObject().put("type", "ref/resource").put("uri", "user://notes/{note_id}"))
            .put("argument", new JsonObject().put("name", "note_id").put("value", prefix));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateless", "stateful"})
    void resourceThatNeverComesIsGivenUp(String era) {
        assertThat(answer(era, "resources/read", uri("never")).getJsonObject("error").getString("message"))
            .contains("There was no answer within 1 second");
        assertThat(answer(era, "resources/read", uri("1")).encode()).contains("first");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stateless", "stateful"})
    void completionThatNeverComesIsGivenUp(String era) {
        assertThat(answer(era, "completion/complete", completion("never")).getJsonObject("error").getString("message"))
            .contains("There was no answer within 1 second");
        assertThat(answer(era, "completion/complete", completion("1")).encode()).contains("\"12\"");
    }
}
