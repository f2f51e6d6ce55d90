package dev.gatehouse.it.support;

import dev.gatehouse.authz.AuthzVerticle;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.resource.ResourceVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** Both servers in the JVM of the tests, with their own Vert.x instance. The JVM has loaded and compiled their classes already. */
final class ServersInProcess {
    private static final int EVENT_LOOPS = 2;
    private final Map<String, String> environment;
    private final JsonObject authz;
    private final JsonObject resource;
    private Vertx vertx;
    private String authorizationServer;
    private String mcpServer;

    ServersInProcess(Path home, JsonObject authz, JsonObject resource) {
        this.environment = Map.of("GATEHOUSE_HOME", home.toString());
        this.authz = authz;
        this.resource = resource;
    }

    void start() {
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS));
        try {
            authorizationServer = deploy(new AuthzVerticle(Clock.systemUTC(), environment), authz);
            mcpServer = deploy(new ResourceVerticle(Clock.systemUTC(), environment), resource);
        } catch (RuntimeException failed) {
            Waiting.on(vertx.close());
            throw failed;
        }
    }

    private String deploy(Deployable server, JsonObject configuration) {
        return Waiting.on(vertx.deployVerticle(server, new DeploymentOptions().setConfig(configuration.copy())));
    }

    /** Stops the MCP server first, because it needs the authorization server until its last response. Returns the duration. */
    Duration stop() {
        long begun = System.nanoTime();
        Waiting.on(vertx.undeploy(mcpServer).eventually(() -> vertx.undeploy(authorizationServer)));
        // Not composed: a context of the closed Vert.x would complete nothing.
        Waiting.on(vertx.close());
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
