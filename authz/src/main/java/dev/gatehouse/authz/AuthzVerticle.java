package dev.gatehouse.authz;

import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.flight.FlightRecorder;
import dev.gatehouse.shared.flight.LoginAttempts;
import dev.gatehouse.shared.http.Draining;
import dev.gatehouse.shared.http.HttpListener;
import dev.gatehouse.shared.http.TlsIdentity;
import dev.gatehouse.shared.telemetry.EventLoopDelay;
import dev.gatehouse.shared.telemetry.MetricsListener;
import dev.gatehouse.shared.vertx.SharedPerVertx;
import dev.gatehouse.shared.vertx.SharedPerVertx.Lease;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.ext.web.RoutingContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The authorization server: opens its parts, listens and closes. {@link AuthzRoutes} has its routes and lists. Several instances
 * share one database. The schema of the configuration is {@code schema/authz.json}.
 */
public final class AuthzVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(AuthzVerticle.class);
    /** The time for connections to close after their last responses. */
    private static final long CLOSE_MILLIS = 800;

    private final Clock clock;
    private final Map<String, String> environment;
    private AuthzOptions options;
    private DataHome home;
    private Lease<AuthzParts> lease;
    private Lease<MetricsListener> metrics;
    private Lease<LoginAttempts> attempts;
    private Draining draining;
    private HttpListener listener;

    /** Configured by the deployment and the process's environment. */
    public AuthzVerticle() {
        this(Clock.systemUTC(), System.getenv());
    }

    public AuthzVerticle(Clock clock, Map<String, String> environment) {
        this.clock = clock;
        this.environment = environment;
    }

    @Override
    public Future<?> start() {
        return vertx.executeBlocking(this::configure)
            .compose(database -> MetricsListener.acquire(vertx, options.metrics(), clock).map(acquired -> {
                metrics = acquired;
                EventLoopDelay.watch(vertx);
                return database;
            }))
            .compose(database -> SharedPerVertx.acquire(vertx, "authorization server on " + database,
                this::open, AuthzParts::close))
            .compose(shared -> {
                lease = shared;
                draining = new Draining(vertx);
                return flightRecorder();
            })
            .compose(recorder -> new AuthzRoutes(vertx, options, lease.get(), draining, recorder, clock).router())
            .compose(router -> HttpListener.listen(vertx, binding(), router, clock))
            .onSuccess(listening -> {
                listener = listening;
                LOG.info("Authorization server listening on {} port {} as {}", options.host(), listening.port(), options.issuer());
            })
            // Vert.x does not stop a verticle that failed to start, so the database would stay open.
            .recover(failure -> release().transform(released -> Future.failedFuture(failure)));
    }

    /** Called once per process, for all instances. */
    private Future<AuthzParts> open() {
        StartupRules.notices(options).forEach(LOG::warn);
        return AuthzParts.open(vertx, options, home, clock);
    }

    /** Watches login attempts in the demo; production watches none. */
    private Future<Consumer<RoutingContext>> flightRecorder() {
        return !options.isDemo() ? Future.succeededFuture(context -> { })
            : LoginAttempts.acquire(vertx, clock, options.defaultResource().value(), options.recordDirectory()).map(acquired -> {
                attempts = acquired;
                return new FlightRecorder(acquired.get(), options.issuer().basePath());
            });
    }

    private Path configure() {
        options = AuthzOptions.of(ConfigFile.check(config(), AuthzOptions.SCHEMA, environment));
        home = DataHome.of(environment);
        StartupRules.require(StartupRules.problems(options, home));
        Path database = home.file(options.database().file());
        if (database.startsWith(home.directory())) {
            home.prepare();
        }
        return database;
    }

    private HttpListener.Binding binding() {
        TlsIdentity tls = options.tls() == null ? null : options.tls().in(home);
        return new HttpListener.Binding(options.host(), options.port(), tls, options.mutualTls().enabled());
    }

    /** The bound port of the metrics, if they are served. */
    public int metricsPort() {
        return metrics.get().port();
    }

    /** The bound port. */
    public int port() {
        return listener.port();
    }

    @Override
    public Future<?> stop() {
        return (listener == null ? Future.<Void>succeededFuture() : drain(listener)).eventually(this::release);
    }

    private Future<Void> drain(HttpListener open) {
        return draining.begin(options.stopping().graceSeconds() * 1000L).compose(answered -> open.close(CLOSE_MILLIS));
    }

    private Future<Void> release() {
        Future<Void> recorded = attempts == null ? Future.succeededFuture() : attempts.release();
        return recorded.eventually(() -> lease == null ? Future.succeededFuture() : lease.release())
            .eventually(() -> metrics == null ? Future.succeededFuture() : metrics.release());
    }
}
