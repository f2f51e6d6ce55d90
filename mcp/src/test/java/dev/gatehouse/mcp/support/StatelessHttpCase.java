package dev.gatehouse.mcp.support;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import java.time.Clock;
import java.util.Set;

/** A server with the Streamable HTTP transport, and a client of revision 2026-07-28. */
public abstract class StatelessHttpCase {

    protected Vertx vertx;
    protected SampleServer server;
    protected StatelessPeer alice;

    @BeforeEach
    protected void start() throws Exception {
        vertx = Vertx.vertx();
        server = Waiting.on(SampleServer.start(vertx, new SampleTools(vertx).features(), McpTransportOptions.forHosts(Set.of()), Clock.systemUTC()));
        alice = new StatelessPeer(vertx, server.port(), "alice");
    }

    @AfterEach
    protected void stop() throws Exception {
        Waiting.on(vertx.close());
    }
}
