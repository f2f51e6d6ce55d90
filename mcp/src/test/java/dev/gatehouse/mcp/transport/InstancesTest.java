package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.support.EventReader;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Several instances of one verticle, on several event loops, and a router mounted below a prefix. */
@Timeout(90)
class InstancesTest {

    private final List<McpHttpTransport> transports = new CopyOnWriteArrayList<>();
    private final AtomicInteger port = new AtomicInteger();
    private Vertx vertx;
    private String deployment;

    private final class Instance extends VerticleBase {

        private McpHttpTransport transport;

        @Override
        public Future<?> start() {
            SampleServer security = new SampleServer();
            transport = new McpHttpTransport(vertx, new SampleTools(vertx).features(), McpTransportOptions.forHosts(Set.of()), security,
                Clock.systemUTC());
            transports.add(transport);
            Router mcp = Router.router(vertx);
            mcp.route().handler(security::authenticate);
            transport.mount(mcp);
            Router router = Router.router(vertx);
            router.route("/api/*").subRouter(mcp);
            // The same negative port means: any free one, shared by the instances.
            return vertx.createHttpServer().requestHandler(router).listen(-1, "127.0.0.1").map(HttpServer::actualPort).onSuccess(port::set);
        }

        @Override
        public Future<?> stop() {
            transport.close();
            return Future.succeededFuture();
        }
    }

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        deployment = Waiting.on(vertx.deployVerticle(Instance::new, new DeploymentOptions().setInstances(3)));
    }

    @AfterEach
    void stop() throws Exception {
        Waiting.on(vertx.close());
    }

    private McpPeer newPeer(String token) {
        return new McpPeer(vertx, port.get(), token, "/api");
    }

    @Test
    void aSessionIsFoundByEachInstanceAndEndsForAll() throws Exception {
        McpPeer alice = Waiting.on(newPeer("alice").initialize());
        for (int i = 0; i < 6; i++) {
            // A new client is a new connection, and those go round the instances.
            McpPeer again = newPeer("alice").withSession(alice.sessionId);
            assertThat(Waiting.on(again.call("echo", new JsonObject().put("text", "hi"))).bodyAsString()).contains("alice:hi");
        }
        assertThat(transports).hasSize(3).allMatch(transport -> transport.openSessions() == 1);

        Waiting.on(vertx.undeploy(deployment));
        assertThat(transports).allMatch(transport -> transport.openSessions() == 0);
    }

    @Test
    void streamsAndPostsOnDifferentInstancesMeet() throws Exception {
        List<EventReader> streams = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            streams.add(EventReader.open(vertx, port.get(), "/api/sse", "alice", null));
        }
        for (EventReader stream : streams) {
            String url = stream.next().data();
            assertThat(url).startsWith("/api/messages?sessionId=");
            for (int i = 0; i < 3; i++) {
                McpPeer poster = new McpPeer(vertx, port.get(), "alice", "");
                JsonObject message = poster.message("initialize", McpPeer.INITIALIZE);
                assertThat(Waiting.on(poster.request(io.vertx.core.http.HttpMethod.POST, url).sendBuffer(message.toBuffer())).statusCode()).isEqualTo(202);
                assertThat(stream.nextMessage().containsKey("result")).isTrue();
            }
        }
    }
}
