package dev.gatehouse.resource;

import dev.gatehouse.client.credential.StoredLogin;
import dev.gatehouse.mcp.api.CallPolicy;
import dev.gatehouse.mcp.bearer.IntrospectionOptions;
import dev.gatehouse.mcp.bearer.ProtectedResource;
import dev.gatehouse.mcp.bearer.TokenValidator;
import dev.gatehouse.mcp.feature.Change;
import dev.gatehouse.mcp.feature.McpFeatures;
import dev.gatehouse.mcp.transport.StdioTransport;
import dev.gatehouse.policy.WatchedPolicy;
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
 * The MCP server for one user over the standard streams of a process. The access token comes from the environment, and each call
 * verifies it through the cache. Nothing is opened or connected before a call needs it.
 */
public final class StdioServer {

    private static final Logger LOG = LoggerFactory.getLogger(StdioServer.class);
    private static final int FIRST_ANSWER_MILLIS = 10_000;

    private final Vertx vertx;
    private final ResourceServerOptions options;
    private final McpFeatures features;
    private final ResourceData data;
    private final WatchedPolicy policy;
    private final ProcessCaller caller;
    private final Clock clock;

    private StdioServer(Vertx vertx, ResourceServerOptions options, ResourceData data, WatchedPolicy policy, ProcessCaller caller, Clock clock) {
        this.vertx = vertx;
        this.options = options;
        this.data = data;
        this.policy = policy;
        this.features = ResourceFeatures.of(data, policy == null ? CallPolicy.NONE : policy);
        this.caller = caller;
        this.clock = clock;
    }

    /**
     * @param config      the configuration of {@link ResourceVerticle}; already validated if it comes from a file
     * @param environment provides {@code MCP_ACCESS_TOKEN} and {@code GATEHOUSE_HOME}
     * @throws dev.gatehouse.shared.config.StartupException if the configuration is not safe
     */
    public static StdioServer create(Vertx vertx, JsonObject config, Map<String, String> environment, Clock clock) {
        ResourceServerOptions options = ResourceServerOptions.of(withPatience(config)).requireSafe();
        DataHome home = DataHome.of(environment);
        TrustOptions trust = options.fetching().trust(home);
        IntrospectionOptions introspection = options.introspectionClient(home);
        WatchedPolicy policy = options.policy().file() == null ? null : options.policy().open(vertx, home, clock);
        ResourceData data = ResourceData.deferred(vertx, options, home, clock);
        ProcessCaller caller = new ProcessCaller(environment.get(ProcessCaller.VARIABLE), options, () -> validator(vertx, options, introspection, trust, clock),
            () -> new StoredLogin(vertx, home, trust, clock, options.authServer(), options.resource().value(), options.scopeNames()),
            () -> data.open().onFailure(failure -> LOG.warn("Notes and usage are not available: {}", failure.getMessage())));
        return new StdioServer(vertx, options, data, policy, caller, clock);
    }

    /** The first introspection of a process includes the time to load an HTTP client, on a machine that may be busy. */
    private static JsonObject withPatience(JsonObject config) {
        JsonObject introspection = new JsonObject().put("timeoutMillis", FIRST_ANSWER_MILLIS)
            .mergeIn(config.getJsonObject("introspection", new JsonObject()));
        return config.copy().put("introspection", introspection);
    }

    private static TokenValidator validator(Vertx vertx, ResourceServerOptions options, IntrospectionOptions introspection, TrustOptions trust, Clock clock) {
        // Without scopes, because only challenges need them, and stdio has no challenges.
        ProtectedResource resource = ProtectedResource.of(options.resource(), options.authServer(), List.of(), options.scopeHierarchy());
        return new TokenValidator(vertx, resource, introspection, options.localJwt(), trust, clock);
    }

    /** Serves the standard streams of the process. All other output goes to standard error from now on. */
    public Future<Void> run() {
        LOG.debug("Serving MCP over stdio for tokens of {} for {}", options.authServer(), options.resource());
        return serve(StdioTransport.ofProcess(vertx, features, options.transport(), caller, clock));
    }

    /** Serves other streams. Completes when the input has ended and every response is written. */
    public Future<Void> run(InputStream input, OutputStream output) {
        return serve(new StdioTransport(vertx, features, options.transport(), input, output, caller, clock));
    }

    private Future<Void> serve(StdioTransport transport) {
        data.tell(transport.changes());
        if (policy != null) {
            policy.onChange(() -> transport.changes().publish(Change.of(Change.Kind.TOOLS)));
        }
        return transport.run();
    }

    /** Stores the usage counters and closes the database. */
    public Future<Void> close() {
        return (policy == null ? Future.<Void>succeededFuture() : policy.close()).compose(closed -> data.close());
    }
}
