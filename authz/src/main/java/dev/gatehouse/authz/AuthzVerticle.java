package dev.gatehouse.authz;

import dev.gatehouse.authz.clientauth.ClientAuthenticator;
import dev.gatehouse.authz.endpoint.HealthEndpoint;
import dev.gatehouse.authz.endpoint.IntrospectionEndpoint;
import dev.gatehouse.authz.endpoint.MetadataEndpoint;
import dev.gatehouse.authz.endpoint.RevocationEndpoint;
import dev.gatehouse.authz.endpoint.TokenEndpoint;
import dev.gatehouse.authz.grant.AuthorizationCodeGrant;
import dev.gatehouse.authz.grant.ClientCredentialsGrant;
import dev.gatehouse.authz.grant.Grant;
import dev.gatehouse.authz.grant.RefreshTokenGrant;
import dev.gatehouse.authz.interaction.FrontChannel;
import dev.gatehouse.authz.options.AuthzOptions;
import dev.gatehouse.authz.store.sql.SqlCodeRedemptionStore;
import dev.gatehouse.authz.store.sql.SqlRefreshTokenStore;
import dev.gatehouse.authz.token.Introspection;
import dev.gatehouse.authz.token.ResourcePolicy;
import dev.gatehouse.authz.token.Revocation;
import dev.gatehouse.authz.token.ScopePolicy;
import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.HttpListener;
import dev.gatehouse.shared.http.JsonResponse;
import dev.gatehouse.shared.http.SecurityHeaders;
import dev.gatehouse.shared.vertx.Lease;
import dev.gatehouse.shared.vertx.SharedInstances;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * The authorization server: its routes and its lists, and nothing else. Several instances share one store. The
 * configuration is that of {@code schema/authz.json}.
 */
public final class AuthzVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(AuthzVerticle.class);
    private static final long GRACE_MILLIS = 800;

    private final Clock clock;
    private AuthzOptions options;
    private DataHome home;
    private Lease<AuthzParts> lease;
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
            .compose(database -> SharedInstances.acquire(vertx, "authorization server on " + database,
                () -> AuthzParts.open(vertx, options, home, clock), AuthzParts::close))
            .compose(shared -> {
                lease = shared;
                return router(shared.get());
            })
            .compose(router -> HttpListener.listen(vertx, binding(), router))
            .onSuccess(listening -> {
                listener = listening;
                LOG.info("Authorization server listening on {}", options.issuer());
            })
            // A verticle that fails to start is not stopped, and would keep the store open.
            .recover(failure -> release().transform(released -> Future.failedFuture(failure)));
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
        PemKeyCertOptions certificate = options.tls() == null ? null : new PemKeyCertOptions()
            .setCertPath(home.file(options.tls().certificateFile()).toString())
            .setKeyPath(home.file(options.tls().keyFile()).toString());
        return new HttpListener.Binding(options.host(), options.port(), certificate);
    }

    private Future<Router> router(AuthzParts parts) {
        ClientAddress addresses = new ClientAddress(options.trustedProxies());
        ClientAuthenticator authenticator = new ClientAuthenticator(parts.clients, parts.secrets);
        List<Grant> grants = grants(parts);
        Router root = Router.router(vertx);
        Router served = options.basePath().isEmpty() ? root : Router.router(vertx);
        root.route().handler(new SecurityHeaders(options.isHttps()));
        // The busiest first: a router tries its routes in order.
        new IntrospectionEndpoint(new Introspection(parts.index, clock), authenticator, options.introspection().openOnLoopback())
            .mount(served, addresses, parts.introspectLimiter);
        new TokenEndpoint(grants, authenticator).mount(served, addresses, parts.tokenLimiter);
        new RevocationEndpoint(new Revocation(parts.accessTokens, new SqlRefreshTokenStore(parts.database), parts.index, clock), authenticator)
            .mount(served, addresses, parts.revokeLimiter);
        new MetadataEndpoint(options, grants).mount(root);
        new HealthEndpoint(parts.database).mount(root);
        if (served != root) {
            root.route(options.basePath() + "/*").subRouter(served);
        }
        root.route().last().handler(context -> JsonResponse.sendPrivate(context.response(), 404,
            new JsonObject().put("error", "not_found").put("error_description", "There is nothing at this address")));
        return FrontChannel.mount(served, vertx, options, parts.frontChannelStores(), parts.passwords, parts.index,
            parts.authorizeLimiter, clock).map(root);
    }

    /** Every grant type there is. The token endpoint and the metadata know no other list. */
    private List<Grant> grants(AuthzParts parts) {
        ResourcePolicy resources = new ResourcePolicy(options);
        return List.of(
            new AuthorizationCodeGrant(new SqlCodeRedemptionStore(parts.database), parts.index, options.tokens(), clock),
            new RefreshTokenGrant(new SqlRefreshTokenStore(parts.database), parts.index, parts.key, options.tokens(), clock),
            new ClientCredentialsGrant(parts.accessTokens, resources, new ScopePolicy(options, resources), options.tokens(), clock));
    }

    /** The port that was bound. */
    public int port() {
        return listener.port();
    }

    @Override
    public Future<?> stop() {
        Future<Void> closed = listener == null ? Future.succeededFuture() : listener.close(GRACE_MILLIS);
        return closed.eventually(this::release);
    }

    private Future<Void> release() {
        return lease == null ? Future.succeededFuture() : lease.release();
    }
}
