package dev.gatehouse.it.conformance;

import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import dev.gatehouse.mcp.transport.StdioTransport;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** A process that offers the features of {@link FixtureServer} over standard streams. */
final class FixtureProcess {

    private FixtureProcess() {
    }

    static List<String> command() {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), FixtureProcess.class.getName());
    }

    public static void main(String[] arguments) {
        Vertx vertx = Vertx.vertx();
        AtomicReference<StdioTransport> transport = new AtomicReference<>();
        Principal user = new Principal("urn:test", "user", "client", Set.of(), Long.MAX_VALUE, new JsonObject());
        transport.set(StdioTransport.ofProcess(vertx,
            FixtureServer.features(vertx, () -> transport.get().registry(), () -> transport.get().changes()),
            McpTransportOptions.forHosts(Set.of()), () -> Future.succeededFuture(user), Clock.systemUTC()));
        transport.get().run().onComplete(ended -> System.exit(0));
    }
}
