package dev.gatehouse.resource;

import dev.gatehouse.mcp.McpRouter;
import dev.gatehouse.mcp.api.CallPolicy;
import dev.gatehouse.mcp.bearer.ExampleClient;
import dev.gatehouse.mcp.bearer.IntrospectionOptions;
import dev.gatehouse.mcp.bearer.ProtectedResource;
import dev.gatehouse.mcp.feature.Change;
import dev.gatehouse.policy.WatchedPolicy;
import dev.gatehouse.shared.cli.McpConfigExample;
import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.flight.FlightRecorder;
import dev.gatehouse.shared.flight.LoginAttempts;
import dev.gatehouse.shared.http.Draining;
import dev.gatehouse.shared.http.HealthRoutes;
import dev.gatehouse.shared.http.HttpListener;
import dev.gatehouse.shared.http.MediaTypes;
import dev.gatehouse.shared.http.RequestMetrics;
import dev.gatehouse.shared.http.RequestPreamble;
import dev.gatehouse.shared.http.StaticPage;
import dev.gatehouse.shared.http.TlsIdentity;
import dev.gatehouse.shared.http.UnservedRequests;
import dev.gatehouse.shared.metric.Meters;
import dev.gatehouse.shared.telemetry.EventLoopDelay;
import dev.gatehouse.shared.telemetry.MetricsListener;
import dev.gatehouse.shared.vertx.SharedPerVertx.Lease;
import dev.gatehouse.shared.vertx.SharedPerVertx;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The protected MCP server over HTTP. Several instances share notes, usage, sessions and cached tokens. */
public final class ResourceVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(ResourceVerticle.class);
    private static final String DOCUMENTATION = "https://modelcontextprotocol.io/";
    /** The time for connections to close after their last responses. */
    private static final long CLOSE_MILLIS = 800;
    private static final long STORE_KEPT_MILLIS = 1_000;
    private static final long VALIDATION_KEPT_MILLIS = 5_000;

    private final Clock clock;
    private final Map<String, String> environment;
    private ResourceServerOptions options;
    private TrustOptions trust;
    private IntrospectionOptions introspection;
    private Lease<ResourceData> data;
    private Lease<MetricsListener> metrics;
    private Lease<LoginAttempts> attempts;
    private Lease<WatchedPolicy> policy;
    private Runnable unwatch = () -> { };
    private McpRouter mcp;
    private Draining draining;
    private HttpListener listener;

    /** Configured by the deployment and the process's environment. */
    public ResourceVerticle() {
        this(Clock.systemUTC(), System.getenv());
    }

    public ResourceVerticle(Clock clock, Map<String, String> environment) {
        this.clock = clock;
        this.environment = environment;
    }

    @Override
    public Future<?> start() {
        DataHome home = DataHome.of(environment);
        return vertx.executeBlocking(() -> configure(home))
            .compose(configured -> MetricsListener.acquire(vertx, configured.metrics(), clock).map(acquired -> {
                metrics = acquired;
                EventLoopDelay.watch(vertx);
                return configured;
            }))
            .compose(configured -> SharedPerVertx.acquire(vertx, "resource-data:" + home.file(configured.notes().file()),
                () -> ResourceData.deferred(vertx, configured, home, clock).open(), ResourceData::close))
            .compose(lease -> {
                data = lease;
                return watchPolicy(home);
            })
            .compose(watching -> watchLogins())
            .compose(watching -> HttpListener.listen(vertx, binding(home), router(), clock))
            .onSuccess(listening -> {
                listener = listening;
                mcp.warmUp();
                LOG.info("MCP server listening on {} port {} as {} for tokens of {}", options.host(), listening.port(), options.resource(),
                    options.authServer());
            })
            .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
    }

    /** Blocking: reads certificates, keys and secrets. */
    private ResourceServerOptions configure(DataHome home) {
        options = ResourceServerOptions.of(ConfigFile.check(config(), ResourceServerOptions.SCHEMA, environment)).requireSafe();
        trust = options.fetching().trust(home);
        introspection = options.introspectionClient(home);
        return options;
    }

    /** The instances share a policy, so that all change at once. */
    private Future<Void> watchPolicy(DataHome home) {
        String file = options.policy().file();
        return file == null ? Future.succeededFuture() : SharedPerVertx.acquire(vertx, "policy:" + home.file(file) + ":" + options.policy().listOnlyAllowed(),
                () -> vertx.executeBlocking(() -> options.policy().open(vertx, home, clock)), WatchedPolicy::close)
            .onSuccess(lease -> policy = lease).mapEmpty();
    }

    /** Login attempts are watched in the demo only. */
    private Future<Void> watchLogins() {
        return options.isProduction() ? Future.succeededFuture()
            : LoginAttempts.acquire(vertx, clock, options.resource().value(), options.recordDirectory()).onSuccess(acquired -> attempts = acquired).mapEmpty();
    }

    private HttpListener.Binding binding(DataHome home) {
        TlsIdentity tls = options.tls() == null ? null : options.tls().in(home);
        return new HttpListener.Binding(options.host(), options.port(), tls, options.mutualTls().enabled());
    }

    private Router router() {
        Router root = Router.router(vertx);
        RequestMetrics measured = RequestMetrics.on(root, Meters.of(vertx), "mcp");
        draining = new Draining(vertx);
        Consumer<RoutingContext> recorder = attempts == null ? context -> { } : new FlightRecorder(attempts.get(), options.basePath());
        root.route().handler(new RequestPreamble(draining, recorder, options.resource().value().startsWith("https:")));
        Router served = options.basePath().isEmpty() ? root : Router.router(vertx);
        mcp = McpRouter.serving(ResourceFeatures.of(data.get(), policy == null ? CallPolicy.NONE : policy.get()))
            .documentation(DOCUMENTATION)
            .protectedBy(introspection, options.resource()).localJwt(options.localJwt()).dpop(options.dpop()).clientCertificates(options.clientCertificates()).scopes(options.scopeHierarchy()).scopesSupported(options.scopesSupported())
            .trust(trust)
            .originDiscovery()
            .transport(options.transport()).requestStates(data.get().requestStates()).clock(clock)
            .exampleClient(options.isProduction() ? ExampleClient.PLACEHOLDER : new ExampleClient(McpConfigExample.CLIENT_ID, McpConfigExample.CLIENT_SECRET))
            .mount(vertx, served);
        HomePage.of(options).mount(served);
        data.get().tell(mcp.changes());
        if (policy != null) {
            unwatch = policy.get().onChange(() -> List.of(Change.Kind.TOOLS, Change.Kind.RESOURCES, Change.Kind.PROMPTS).forEach(kind -> mcp.changes().publish(Change.of(kind))));
        }
        HealthRoutes.mount(served, draining, List.of(
            new HealthRoutes.Check("store", STORE_KEPT_MILLIS, () -> data.get().probe(clock.millis())),
            new HealthRoutes.Check("token_validation", VALIDATION_KEPT_MILLIS, mcp::canValidate)),
            policy == null ? Map.of() : Map.of("policy", policy.get()::health));
        if (served != root) {
            root.route(options.basePath() + "/*").subRouter(served);
            // A proxy may remove the path.
            root.route("/*").subRouter(served);
        }
        UnservedRequests.orNotFound(root);
        measured.serve(options.basePath(), root, served);
        return root;
    }

    /** Closes streams, completes running responses, and stores the usage counters. */
    @Override
    public Future<?> stop() {
        Future<Void> closed = listener == null ? Future.succeededFuture() : drain(listener);
        return closed.eventually(() -> {
            if (mcp != null) {
                mcp.close();
            }
            return attempts == null ? Future.succeededFuture() : attempts.release();
        }).eventually(() -> {
            unwatch.run();
            return policy == null ? Future.succeededFuture() : policy.release();
        }).eventually(() -> data == null ? Future.succeededFuture() : data.release())
            .eventually(() -> metrics == null ? Future.succeededFuture() : metrics.release());
    }

    private Future<Void> drain(HttpListener open) {
        mcp.endStreams();
        return draining.begin(options.stopping().graceSeconds() * 1000L).compose(answered -> open.close(CLOSE_MILLIS));
    }

    /** The home page at the root of this server. */
    private static final class HomePage {

        private static final String TEMPLATE = "/pages/home.html";

        private final StaticPage page;

        private HomePage(StaticPage page) {
            this.page = page;
        }

        static HomePage of(ResourceServerOptions options) {
            ProtectedResource resource = ProtectedResource.of(options.resource(), options.authServer(), List.of());
            return new HomePage(StaticPage.of(TEMPLATE, Map.of("resource", resource.id().value(), "authServer", resource.authServer(),
                "metadata", resource.metadataUrl(resource.id(), ""))));
        }

        void mount(Router router) {
            router.route("/").method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::answer);
        }

        /** A client that accepts only JSON gets 404. */
        private void answer(RoutingContext context) {
            if (MediaTypes.isForProgram(context.request())) {
                context.next();
            } else {
                page.send(context.response());
            }
        }
    }
}
