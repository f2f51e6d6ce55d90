package dev.gatehouse.mcp.transport;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.time.Clock;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A server with the Streamable HTTP transport, and a client of revision 2026-07-28. */
abstract class StatelessHttpCase {

    Vertx vertx;
    SampleServer server;
    StatelessPeer alice;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        server = await(SampleServer.start(vertx, new SampleTools(vertx).features(), McpTransportOptions.forHosts(Set.of()), Clock.systemUTC()));
        alice = new StatelessPeer(vertx, server.port(), "alice");
    }

    @AfterEach
    void stop() throws Exception {
        await(vertx.close());
    }

    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
