package dev.gatehouse.authz;

import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.http.Draining;
import dev.gatehouse.shared.http.HttpListener;
import dev.gatehouse.shared.http.TlsIdentity;
import dev.gatehouse.shared.vertx.SharedPerVertx;
import dev.gatehouse.shared.vertx.SharedPerVertx.Lease;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Clock;

/**
 * The authorization server: what it opens, listens on and closes. Its routes and lists are in {@link AuthzRoutes}. Several
 * instances share one store. The
 * configuration is that of {@code schema/authz.json}.
 */
public final class AuthzVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(AuthzVerticle.class);
    /** For connections to end, behind their last answers. */
    private static final long CLOSE_MILLIS = 800;

    private final Clock clock;
    private AuthzOptions options;
    private DataHome home;
    private Lease<AuthzParts> lease;
    private Draining draining;
    private HttpListener listener;

    /** As Vert.x makes it from its name. */
    public AuthzVerticle() {
        this(Clock.systemUTC());
    }

    /** With a clock that a test may set. */
    public AuthzVerticle(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Future<?> start() {
        return vertx.executeBlocking(this::configure)
            .compose(database -> SharedPerVertx.acquire(vertx, "authorization server on " + database,
                this::open, AuthzParts::close))
            .compose(shared -> {
                lease = shared;
                draining = new Draining(vertx);
                return new AuthzRoutes(vertx, options, shared.get(), draining, clock).router();
            })
            .compose(router -> HttpListener.listen(vertx, binding(), router, clock))
            .onSuccess(listening -> {
                listener = listening;
                LOG.info("Authorization server listening on {} port {} as {}", options.host(), listening.port(), options.issuer());
            })
            // A verticle that fails to start is not stopped, and would keep the store open.
            .recover(failure -> release().transform(released -> Future.failedFuture(failure)));
    }

    /** Once a process, however many instances there are. */
    private Future<AuthzParts> open() {
        StartupRules.notices(options).forEach(LOG::warn);
        return AuthzParts.open(vertx, options, home, clock);
    }

    private Path configure() {
        options = AuthzOptions.of(ConfigFile.check(config(), "schema/authz.json", System.getenv()));
        home = DataHome.of(System.getenv());
        StartupRules.require(StartupRules.problems(options, home));
        Path database = home.file(options.databaseFile());
        if (database.startsWith(home.directory())) {
            home.prepare();
        }
        return database;
    }

    private HttpListener.Binding binding() {
        TlsIdentity tls = options.tls() == null ? null : options.tls().in(home);
        return new HttpListener.Binding(options.host(), options.port(), tls, options.features().mutualTls().enabled());
    }

    /** The port that was bound. */
    public int port() {
        return listener.port();
    }

    @Override
    public Future<?> stop() {
        return (listener == null ? Future.<Void>succeededFuture() : drain(listener)).eventually(this::release);
    }

    private Future<Void> drain(HttpListener open) {
        return draining.begin(options.graceSeconds() * 1000L).compose(answered -> open.close(CLOSE_MILLIS));
    }

    private Future<Void> release() {
        return lease == null ? Future.succeededFuture() : lease.release();
    }
}
