package dev.gatehouse.resource;

import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.bearer.ProtectedResource;
import dev.gatehouse.mcp.bearer.TokenValidator;
import dev.gatehouse.mcp.feature.McpFeatures;
import dev.gatehouse.mcp.transport.StdioTransport;
import dev.gatehouse.shared.config.DataHome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.TrustOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * The MCP server for one user, over a process's standard streams. The access token comes from the environment, and each call
 * verifies it anew through the cache. Nothing is opened or connected before a call needs it.
 */
public final class StdioServer {

    private static final Logger LOG = LoggerFactory.getLogger(StdioServer.class);
    private static final int FIRST_ANSWER_MILLIS = 10_000;

    private final Vertx vertx;
    private final ResourceServerOptions options;
    private final McpFeatures features;
    private final ResourceData data;
    private final EnvironmentCaller caller;
    private final Clock clock;

    private StdioServer(Vertx vertx, ResourceServerOptions options, ResourceData data, EnvironmentCaller caller, Clock clock) {
        this.vertx = vertx;
        this.options = options;
        this.data = data;
        this.features = ResourceFeatures.of(data);
        this.caller = caller;
        this.clock = clock;
    }

    /**
     * @param config      as {@link ResourceVerticle}'s; checked already where it came from a file
     * @param environment {@code MCP_ACCESS_TOKEN} and {@code GATEHOUSE_HOME} are read
     * @throws dev.gatehouse.shared.config.StartupException when the configuration is not safe to serve with
     */
    public static StdioServer create(Vertx vertx, JsonObject config, Map<String, String> environment, Clock clock) {
        ResourceServerOptions options = ResourceServerOptions.of(withPatience(config)).requireSafe();
        DataHome home = DataHome.of(environment);
        TrustOptions trust = options.fetching().trust(home);
        ResourceData data = ResourceData.deferred(vertx, options, home, clock);
        EnvironmentCaller caller = new EnvironmentCaller(environment.get(EnvironmentCaller.VARIABLE), options, () -> validator(vertx, options, trust, clock));
        return new StdioServer(vertx, options, data, caller, clock);
    }

    /** The one first question of a process includes the loading of an HTTP client, on a machine that may be busy starting hosts. */
    private static JsonObject withPatience(JsonObject config) {
        JsonObject introspection = new JsonObject().put("timeoutMillis", FIRST_ANSWER_MILLIS)
            .mergeIn(config.getJsonObject("introspection", new JsonObject()));
        return config.copy().put("introspection", introspection);
    }

    private static TokenValidator validator(Vertx vertx, ResourceServerOptions options, TrustOptions trust, Clock clock) {
        // No scopes: those are for challenges, and standard output has none.
        ProtectedResource resource = ProtectedResource.of(options.resource(), options.authServer(), List.of(), options.scopeHierarchy());
        return new TokenValidator(vertx, resource, options.introspectionClient(), options.localJwt(), trust, clock);
    }

    /** Serves the process's own streams; what anything else prints goes to standard error from here on. */
    public Future<Void> run() {
        LOG.debug("Serving MCP over stdio for tokens of {} for {}", options.authServer(), options.resource());
        return serve(StdioTransport.ofProcess(vertx, features, options.transport(), this::caller, clock));
    }

    /** Serves other streams. Completes when the input has ended and every answer is out. */
    public Future<Void> run(InputStream input, OutputStream output) {
        return serve(new StdioTransport(vertx, features, options.transport(), input, output, this::caller, clock));
    }

    private Future<Void> serve(StdioTransport transport) {
        data.tell(transport.changes());
        return transport.run();
    }

    /** While the first call's token is verified, the database is opened beside it. */
    private Future<Caller> caller() {
        if (caller.hasToken()) {
            data.open().onFailure(failure -> LOG.warn("Notes and usage cannot be had: {}", failure.getMessage()));
        }
        return caller.get();
    }

    /** Stores what has been counted, and closes the database. */
    public Future<Void> close() {
        return data.close();
    }
}
