package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.util.Set;

/** A stdio server as a process of its own, whose code also prints to what it takes for standard output. */
final class SampleProcess {

    private SampleProcess() {
    }

    public static void main(String[] arguments) {
        StandardOutput.claim();
        System.out.println("Nor is this, printed while things are loaded");
        Vertx vertx = Vertx.vertx();
        Principal alice = new Principal("http://issuer", "alice", "client", Set.of("mcp:read", "mcp:write"), SampleServer.NEVER, new JsonObject());
        StdioTransport.ofProcess(vertx, new SampleTools(vertx).features(), McpTransportOptions.forHosts(Set.of()),
            () -> Future.succeededFuture(alice), Clock.systemUTC()).run().onComplete(ended -> System.exit(0));
        System.out.println("This is not JSON-RPC");
    }
}
