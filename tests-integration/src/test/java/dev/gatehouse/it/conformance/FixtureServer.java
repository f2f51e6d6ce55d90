package dev.gatehouse.it.conformance;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.McpRouter;
import dev.gatehouse.mcp.McpServerBuilder;
import dev.gatehouse.mcp.api.CallObserver;
import dev.gatehouse.mcp.feature.FeatureRegistry;
import dev.gatehouse.mcp.feature.Changes;
import dev.gatehouse.mcp.feature.McpFeatures;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

import java.util.HashSet;
import java.util.List;
import java.util.function.Supplier;

/** The features that the official suite expects of a server under test. */
public final class FixtureServer implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final int port;
    private McpRouter router;

    private FixtureServer(int port) {
        this.port = port;
    }

    /** Serves anybody on this machine. */
    static FixtureServer open(int port) {
        FixtureServer server = new FixtureServer(port);
        server.serve(server.builder(port));
        return server;
    }

    /**
     * Serves those who have a token.
     *
     * @param proxyPort where clients see it
     */
    static FixtureServer guarded(int port, int proxyPort, String authServer) {
        FixtureServer server = new FixtureServer(port);
        server.serve(server.builder(proxyPort).protectedBy(authServer, server.url()));
        return server;
    }

    /** The features of the server. Tools change and announce them through the suppliers. */
    public static McpFeatures features(Vertx vertx, Supplier<FeatureRegistry> catalogue, Supplier<Changes> changes) {
        return new McpFeatures("conformance-fixture", "Conformance fixture", "1.0.0", "For the conformance suite",
            new FixtureTools(vertx, catalogue, changes).all(), FixtureContents.resources(), FixtureContents.prompts(), CallObserver.NONE);
    }

    private McpServerBuilder builder(int visiblePort) {
        return McpRouter.serving(features(vertx, () -> router.registry(), () -> router.changes())).transport(
            McpTransportOptions.forHosts(new HashSet<>(List.of("localhost:" + visiblePort, "127.0.0.1:" + visiblePort, "127.0.0.1:" + port))));
    }

    private void serve(McpServerBuilder builder) {
        Router routes = Router.router(vertx);
        router = builder.mount(vertx, routes);
        Waiting.on(vertx.createHttpServer().requestHandler(routes).listen(port, "127.0.0.1"));
    }

    String url() {
        return "http://127.0.0.1:" + port + "/mcp";
    }

    @Override
    public void close() {
        Waiting.on(vertx.close());
    }
}
