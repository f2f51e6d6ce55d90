package dev.gatehouse.mcp.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

class CallObserverTest {

    private final List<ObservedCall> observed = new CopyOnWriteArrayList<>();
    private volatile RuntimeException refusal;
    private volatile boolean breaksAfter;
    private Vertx vertx;
    private SampleServer server;
    private McpPeer alice;

    private final class Recorder implements CallObserver {

        @Override
        public Future<Void> before(Principal principal, String operation) {
            return refusal == null ? Future.succeededFuture() : Future.failedFuture(refusal);
        }

        @Override
        public void after(ObservedCall call) {
            observed.add(call);
            if (breaksAfter) {
                throw new IllegalStateException(SampleTools.SECRET);
            }
        }
    }

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        server = Waiting.on(SampleServer.start(vertx, new SampleTools(vertx).features(new Recorder()),
            McpTransportOptions.forHosts(Set.of()), Clock.systemUTC()));
        alice = Waiting.on(new McpPeer(vertx, server.port(), "alice").initialize());
    }

    @AfterEach
    void stop() throws Exception {
        server.transport.close();
        Waiting.on(vertx.close());
    }

    private String echo() throws Exception {
        return Waiting.on(alice.call("echo", new JsonObject().put("text", "hi"))).bodyAsString();
    }

    @Test
    void learnsWhatWentInAndOut() throws Exception {
        echo();
        Waiting.on(alice.send("resources/read", new JsonObject().put("uri", "user://notes/1")));
        Waiting.on(alice.call("fails", new JsonObject()));

        assertThat(observed).extracting(ObservedCall::operation).containsExactly("echo", "user://notes/{note_id}", "fails");
        assertThat(observed).extracting(ObservedCall::failed).containsExactly(false, false, true);
        assertThat(observed.get(0).principal().subject()).isEqualTo("alice");
        assertThat(observed.get(0).arguments()).containsEntry("text", "hi");
        assertThat(observed.get(0).text()).isEqualTo("alice:hi");
        assertThat(observed.get(1).text()).isEqualTo("first");
    }

    @Test
    void refusesBeforeTheCallRuns() throws Exception {
        refusal = new CallRefused("Quota used up until December");

        assertThat(echo()).contains("Quota used up until December").contains("\"isError\":true").doesNotContain("alice:hi");
        JsonObject read = Waiting.on(alice.send("resources/read", new JsonObject().put("uri", "user://profile"))).bodyAsJsonObject();
        assertThat(read.getJsonObject("error").getString("message")).isEqualTo("Quota used up until December");
    }

    @Test
    void itsOwnFailureIsNotTheCalls() throws Exception {
        breaksAfter = true;
        assertThat(echo()).contains("alice:hi");
        assertThat(observed).hasSize(1);
    }

    @Test
    void aCountThatCannotBeReadFailsTheCallWithoutInternals() throws Exception {
        refusal = new IllegalStateException(SampleTools.SECRET);
        assertThat(echo()).contains("Reference: ").contains("\"isError\":true").doesNotContain(SampleTools.SECRET);
    }
}
