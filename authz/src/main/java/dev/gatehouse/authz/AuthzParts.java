package dev.gatehouse.authz;

import dev.gatehouse.authz.BrowserRoutes.BrowserStores;
import dev.gatehouse.authz.account.AccessStore;
import dev.gatehouse.authz.assertion.IssuerKeys;
import dev.gatehouse.authz.assertion.TrustedIssuers;
import dev.gatehouse.authz.audit.AuditChain;
import dev.gatehouse.authz.audit.AuditOptions;
import dev.gatehouse.authz.audit.AuditStore;
import dev.gatehouse.authz.audit.AuditTrail;
import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.change.InvalidationStore;
import dev.gatehouse.authz.change.AdministrationStore;
import dev.gatehouse.authz.client.ClientCache;
import dev.gatehouse.authz.client.ClientLookup;
import dev.gatehouse.authz.client.ClientStore;
import dev.gatehouse.authz.client.Clients;
import dev.gatehouse.authz.client.auth.CertificateFile;
import dev.gatehouse.authz.client.auth.MutualTlsOptions;
import dev.gatehouse.authz.client.auth.ClientKeys;
import dev.gatehouse.authz.client.auth.ClientSecrets;
import dev.gatehouse.authz.client.auth.UsedIdentifierStore;
import dev.gatehouse.authz.client.document.DocumentClients;
import dev.gatehouse.authz.client.document.DocumentReader;
import dev.gatehouse.authz.client.document.DocumentStore;
import dev.gatehouse.authz.consent.ServiceNames;
import dev.gatehouse.authz.console.ConsoleSignIn;
import dev.gatehouse.authz.device.DeviceStore;
import dev.gatehouse.authz.device.UserCodes;
import dev.gatehouse.authz.dpop.DpopProofs;
import dev.gatehouse.authz.factor.FactorStore;
import dev.gatehouse.authz.account.MailTokenStore;
import dev.gatehouse.authz.factor.PasskeyStore;
import dev.gatehouse.authz.mail.AccountNotices;
import dev.gatehouse.authz.mail.Outbox;
import dev.gatehouse.authz.mail.OutboxStore;
import dev.gatehouse.authz.federation.IdentityProviders;
import dev.gatehouse.authz.federation.UpstreamSessionStore;
import dev.gatehouse.authz.federation.UpstreamSessions;
import dev.gatehouse.authz.interaction.ConsentStore;
import dev.gatehouse.authz.interaction.InteractionStore;
import dev.gatehouse.authz.key.MasterKeyStore;
import dev.gatehouse.authz.key.SigningKeyStore;
import dev.gatehouse.authz.key.SigningKeys;
import dev.gatehouse.authz.scope.PersonScopes;
import dev.gatehouse.authz.session.LoginFailureStore;
import dev.gatehouse.authz.session.PendingLoginStore;
import dev.gatehouse.authz.session.SessionStore;
import dev.gatehouse.authz.token.AccessTokenStore;
import dev.gatehouse.authz.token.IntrospectionDocument;
import dev.gatehouse.authz.token.ReleasedClaims;
import dev.gatehouse.authz.token.TokenIndex;
import dev.gatehouse.authz.user.ExternalIdentityStore;
import dev.gatehouse.authz.user.PasswordHasher;
import dev.gatehouse.authz.user.RoleStore;
import dev.gatehouse.authz.user.UserGroupStore;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.fetch.JsonFetch;
import dev.gatehouse.shared.fetch.SafeFetcher;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.oauth.Issuer;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.sql.ChangeFeed;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.PeriodicPurge;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.telemetry.OtlpLogs;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** The parts that all verticle instances of a process share: the database, caches and rate limits. */
final class AuthzParts {

    private static final long LONGEST_FLUSH_SECONDS = 2;

    final MasterKey key;
    final Database database;
    final UserStore users;
    final ClientStore clients;
    final ClientCache clientCache;
    final SafeFetcher fetcher;
    final IdentityProviders identityProviders;
    final UpstreamSessions upstreamSessions;
    final DocumentClients documents;
    final ClientLookup allClients;
    final ServiceNames services;
    final ClientKeys clientKeys;
    final TrustedIssuers trustedIssuers;
    final AccessTokenStore accessTokens;
    final UsedIdentifierStore usedIdentifiers;
    final DpopProofs dpopProofs;
    final ReleasedClaims releasedClaims;
    final TokenIndex index;
    final PasswordHasher passwords;
    final ClientSecrets secrets;
    private final PasswordHasher clientHasher;
    final ClientAddress addresses;
    final RateLimiter authorizeLimiter;
    final RateLimiter tokenLimiter;
    final RateLimiter introspectLimiter;
    final RateLimiter revokeLimiter;
    final RateLimiter registerLimiter;
    final RateLimiter scimLimiter;
    /** The certificate authorities of client certificates; empty if that is off. */
    final List<X509Certificate> clientAuthorities;
    volatile SigningKeys signingKeys;
    /** Finds files of the configuration. */
    volatile Function<String, Path> files;
    private volatile ChangeFeed feed;
    private PeriodicPurge purge;
    private Outbox outbox;
    private AdministrationCopy administration;
    private Supplier<Future<Void>> stopAudit = Future::succeededFuture;
    private Supplier<Future<Void>> flushAudit = Future::succeededFuture;

    private AuthzParts(Vertx vertx, AuthzOptions options, MasterKey key, Database database, PasswordHasher passwords, PasswordHasher clientHasher,
                       SafeFetcher fetcher, IdentityProviders identityProviders, List<X509Certificate> clientAuthorities, Clock clock) {
        this.key = key;
        this.clientAuthorities = clientAuthorities;
        this.database = database;
        this.passwords = passwords;
        users = new UserStore(database);
        clients = new ClientStore(database);
        clientCache = new ClientCache(vertx, clients, this::isFresh);
        this.fetcher = fetcher;
        this.identityProviders = identityProviders;
        documents = new DocumentClients(vertx, new DocumentStore(database),
            new DocumentReader(fetcher, options.documentRules(), options.registration().documents(), clock),
            options.registration().documents(), options.fetching().loopback(), clock);
        allClients = new Clients(documents, options.fetching().loopback(), clientCache);
        services = new ServiceNames(options.issuer(), options.resources(), new JsonFetch(fetcher), clock);
        clientKeys = new ClientKeys(vertx, new JsonFetch(fetcher), clock);
        trustedIssuers = new TrustedIssuers(options.assertions(), options.issuer().identifier(),
            new IssuerKeys(vertx, new JsonFetch(fetcher), clock)::of);
        accessTokens = new AccessTokenStore(database);
        usedIdentifiers = new UsedIdentifierStore(database);
        dpopProofs = new DpopProofs(vertx, key, usedIdentifiers, options.dpop(), clock);
        releasedClaims = new ReleasedClaims(options.claims(), users, new UserGroupStore(database));
        index = new TokenIndex(vertx, accessTokens, new IntrospectionDocument(options.issuer().identifier()), releasedClaims,
            options.introspection().indexEntriesIn(Runtime.getRuntime().maxMemory()), this::isFresh);
        upstreamSessions = new UpstreamSessions(identityProviders, new UpstreamSessionStore(database), index, key, options.issuer(), clock);
        this.clientHasher = clientHasher;
        secrets = new ClientSecrets(vertx, clientHasher, clock);
        addresses = new ClientAddress(options.trustedProxies());
        authorizeLimiter = new RateLimiter(options.rateLimits().authorizePerMinute(), clock);
        tokenLimiter = new RateLimiter(options.rateLimits().tokenPerMinute(), clock);
        introspectLimiter = new RateLimiter(options.rateLimits().introspectPerMinute(), clock);
        revokeLimiter = new RateLimiter(options.rateLimits().revokePerMinute(), clock);
        registerLimiter = new RateLimiter(options.rateLimits().registerPerMinute(), clock);
        scimLimiter = new RateLimiter(options.scim().requestsPerMinute(), clock);
    }

    /** Opens the database; fails if a production database contains demo credentials. */
    static Future<AuthzParts> open(Vertx vertx, AuthzOptions options, DataHome home, Clock clock) {
        Path file = home.file(options.database().file());
        return Database.open(vertx, options.store(), home, file, "db/authz")
            .compose(database -> MasterKeyStore.key(vertx, database, home.file(options.keyFile()))
                .compose(key -> clientAuthorities(vertx, options, home)
                    .compose(authorities -> SafeFetcher.create(vertx, options.fetching().in(home))
                        .compose(fetcher -> identityProviders(vertx, options, home, clock).map(providers -> new AuthzParts(vertx, options, key,
                            database, new PasswordHasher(vertx, options.passwordHash()), PasswordHasher.forClients(vertx, options.passwordHash()),
                            fetcher, providers, authorities, clock))))
                    .compose(parts -> parts.start(vertx, options, home, clock)))
                .recover(failure -> database.close().transform(closed -> Future.failedFuture(failure))));
    }

    private static Future<List<X509Certificate>> clientAuthorities(Vertx vertx, AuthzOptions options, DataHome home) {
        MutualTlsOptions mutualTls = options.mutualTls();
        return !mutualTls.enabled() || mutualTls.trustFile() == null ? Future.succeededFuture(List.of())
            : vertx.executeBlocking(() -> CertificateFile.read("mutualTls.trustFile", home.file(mutualTls.trustFile())), false);
    }

    private static Future<IdentityProviders> identityProviders(Vertx vertx, AuthzOptions options, DataHome home, Clock clock) {
        return IdentityProviders.open(vertx, options.identityProviders(), home::file, trustFile(options, home), clock);
    }

    /** The certificate authorities that are trusted beside the platform's; null for none. */
    private static Path trustFile(AuthzOptions options, DataHome home) {
        return options.fetching().trustFile() == null ? null : home.file(options.fetching().trustFile());
    }

    private Future<AuthzParts> start(Vertx vertx, AuthzOptions options, DataHome home, Clock clock) {
        files = home::file;
        Future<Void> ready = options.isDemo() ? new DemoData(users, clients, new RoleStore(database), passwords, clock).seed(options)
            : new ProductionRules(users, clients, passwords).problems().<Void>map(AuthzParts::require);
        return ready
            .compose(done -> options.admin().enabled() ? ConsoleSignIn.register(clients, options.issuer(), clock) : Future.succeededFuture())
            .compose(done -> Outbox.start(vertx, options.mail(), new OutboxStore(database, key), home::file, trustFile(options, home), clock))
            .compose(opened -> {
                outbox = opened;
                return startAudit(vertx, options, home, clock);
            })
            .compose(done -> ChangeFeed.start(vertx, database, InvalidationStore.FEED, ChangeFeed.DEFAULT_INTERVAL, new Forgetting()))
            .compose(started -> {
                feed = started;
                return SigningKeys.open(vertx, new SigningKeyStore(database), key, options.signing(), options.tokens().accessTokenSeconds(), clock);
            })
            .map(opened -> {
                signingKeys = opened;
                signingKeys.start();
                purge = PeriodicPurge.start(vertx, database, Duration.ofSeconds(options.purge().intervalSeconds()),
                    options.purge().rowsPerStep(), PurgeSteps.of(clock,
                        Duration.ofDays(options.registration().dynamic().idleDays()),
                        Duration.ofSeconds(options.session().transactionSeconds())));
                administration = AdministrationCopy.start(vertx, new AdministrationStore(database), clock);
                return this;
            })
            .recover(failure -> stopAudit.get().transform(stopped -> Future.failedFuture(failure)));
    }

    private Future<Void> startAudit(Vertx vertx, AuthzOptions options, DataHome home, Clock clock) {
        AuditOptions trail = options.audit();
        if (!trail.store().enabled()) {
            return Future.succeededFuture();
        }
        Path file = trail.file().path() == null ? null : home.file(trail.file().path());
        return vertx.executeBlocking(() -> trail.otlp().enabled() ? OtlpLogs.open("gatehouse-authz") : null, false).compose(logs -> AuditTrail
            .start(vertx, new AuditStore(database, new AuditChain(key)), trail, options.port(), file,
                logs == null ? null : events -> logs.send(vertx, events), clock)
            .map(started -> {
                flushAudit = started::flush;
                stopAudit = () -> started.stop().eventually(() -> logs == null ? Future.succeededFuture() : vertx.executeBlocking(logs::close, false));
                return null;
            }));
    }

    /** Completes when the trail has the events that have been recorded so far. If the store accepts no events at this moment, they wait in memory and the answer does not. */
    Future<Void> flushAudit() {
        return flushAudit.get().timeout(LONGEST_FLUSH_SECONDS, TimeUnit.SECONDS).otherwiseEmpty();
    }

    UserCodes userCodes() {
        return new UserCodes(key.keyedHash("device user codes"));
    }

    AccountNotices notices(Issuer issuer) {
        return new AccountNotices(outbox, issuer);
    }

    /** @param permitted the scopes of persons */
    BrowserStores frontChannelStores(PersonScopes permitted) {
        return new BrowserStores(users, allClients, documents, new InteractionStore(database),
            new SessionStore(database), new ConsentStore(database), new LoginFailureStore(database),
            new AccessStore(database), new DeviceStore(database), userCodes(), services, new ExternalIdentityStore(database), permitted,
            new FactorStore(database), new PendingLoginStore(database), new UserGroupStore(database), new PasskeyStore(database), usedIdentifiers,
            new MailTokenStore(database), outbox);
    }

    private static Void require(List<String> problems) {
        StartupRules.require(problems);
        return null;
    }

    /** Removes a client and its tokens from the caches. */
    void forgetClient(String clientId) {
        clientCache.forget(clientId);
        index.forget(InvalidationKind.CLIENT, clientId);
    }

    /** Nothing is cached before the feed has started. */
    private boolean isFresh() {
        return feed == null || feed.isFresh();
    }

    /** Invalidates caches after changes by other processes. */
    private final class Forgetting implements ChangeFeed.Listener {

        @Override
        public void onChange(SqlRow row) {
            forget(InvalidationKind.of(row.text("kind")), row.text("subject"));
        }

        @Override
        public void onGap() {
            clientCache.forgetAll();
            documents.forgetAll();
            index.forgetAll();
            if (signingKeys != null) {
                signingKeys.maintain();
            }
        }
    }

    /** Removes a changed object from the caches of this process. */
    void forget(InvalidationKind kind, String subject) {
        if (kind == InvalidationKind.KEY) {
            // Null only during the start, which reads the keys later.
            if (signingKeys != null) {
                signingKeys.maintain();
            }
            return;
        }
        if (kind == InvalidationKind.CLIENT) {
            clientCache.forget(subject);
            documents.forget(subject);
        }
        index.forget(kind, subject);
    }

    /** Stops background work, then closes the database after its queued work. */
    Future<Void> close() {
        feed.stop();
        signingKeys.stop();
        purge.stop();
        administration.stop();
        return fetcher.close().eventually(identityProviders::close).eventually(outbox::stop).eventually(stopAudit).eventually(database::close).eventually(passwords::close).eventually(clientHasher::close);
    }
}
