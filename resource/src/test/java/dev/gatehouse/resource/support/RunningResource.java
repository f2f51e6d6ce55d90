package dev.gatehouse.resource.support;

import dev.gatehouse.fixtures.IntrospectionServer;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.resource.ResourceVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** The MCP server as it runs, on a free port with a data home of its own, and the authorization server it asks. */
public final class RunningResource {

    private final Vertx vertx = Vertx.vertx();
    private final Path home;
    private final Clock clock;
    private final int port;
    private final IntrospectionServer authServer;
    private String deployment;

    public RunningResource(Path home, Clock clock) {
        this.home = home;
        this.clock = clock;
        this.port = Ports.free();
        this.authServer = new IntrospectionServer(vertx, clock).start();
    }

    /** @param more configuration beside port and authorization server */
    public RunningResource start(JsonObject more) {
        return start(more, 1);
    }

    public RunningResource start(JsonObject more, int instances) {
        JsonObject config = new JsonObject().put("port", port).put("authServer", authServer.issuer())
            .put("introspection", new JsonObject().put("timeoutMillis", 15_000)).mergeIn(more, true);
        deployment = Waiting.on(vertx.deployVerticle(() -> new ResourceVerticle(clock, Map.of("GATEHOUSE_HOME", home.toString())),
            new DeploymentOptions().setConfig(config).setInstances(instances)));
        return this;
    }

    /** Stops the server in good order, but not the authorization server. */
    public void stop() {
        Waiting.on(vertx.undeploy(deployment));
    }

    public void close() {
        Waiting.on(vertx.close());
    }

    public String base() {
        return "http://localhost:" + port;
    }

    public String mcp() {
        return base() + "/mcp";
    }

    public IntrospectionServer authServer() {
        return authServer;
    }

    /** A session of a user with a new token. */
    public McpSession session(String username, String scope) {
        return McpSession.open(mcp(), authServer.issue("token-of-" + username + "-" + scope.replaceAll("[ :]", "-"), username, scope, mcp()));
    }

    /** A session of a user who may do everything. */
    public McpSession session(String username) {
        return session(username, "mcp:read mcp:write");
    }
}
