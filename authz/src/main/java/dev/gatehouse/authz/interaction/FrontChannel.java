package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.authorize.AuthorizationChecks;
import dev.gatehouse.authz.authorize.AuthorizationResponse;
import dev.gatehouse.authz.options.AuthzOptions;
import dev.gatehouse.authz.password.PasswordHasher;
import dev.gatehouse.authz.token.ResourcePolicy;
import dev.gatehouse.authz.token.ScopePolicy;
import dev.gatehouse.authz.token.TokenIndex;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.RateLimiter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.OptionalLong;
import java.util.function.Function;

/** The routes that browsers use, with what they share: the limit per source, and how failures look. */
public final class FrontChannel {

    private final ClientAddress addresses;
    private final RateLimiter limiter;
    private final FailurePages failures;

    private FrontChannel(ClientAddress addresses, RateLimiter limiter, FailurePages failures) {
        this.addresses = addresses;
        this.limiter = limiter;
        this.failures = failures;
    }

    /** Adds the routes to a router that is served under the issuer's path; completes when the pages are loaded. */
    public static Future<Void> mount(Router router, Vertx vertx, AuthzOptions options, FrontChannelStores stores,
                                     PasswordHasher hasher, TokenIndex index, RateLimiter limiter, Clock clock) {
        return Pages.load(vertx, options.basePath())
            .onSuccess(pages -> mount(router, options, stores, hasher, index, limiter, clock, pages)).mapEmpty();
    }

    private static void mount(Router router, AuthzOptions options, FrontChannelStores stores, PasswordHasher hasher,
                              TokenIndex index, RateLimiter limiter, Clock clock, Pages pages) {
        PagePaths paths = new PagePaths(options.basePath());
        ClientAddress addresses = new ClientAddress(options.trustedProxies());
        AuthorizationResponse responses = new AuthorizationResponse(options.issuer());
        ResourcePolicy resources = new ResourcePolicy(options);
        AuthorizationChecks checks = new AuthorizationChecks(stores.clients(), resources, new ScopePolicy(options, resources));
        FormGuard guard = new FormGuard(options);
        BrowserCookies cookies = new BrowserCookies(options);
        BrowserSessions sessions = new BrowserSessions(cookies, stores.sessions(), stores.users(), options.session(), clock);
        Interactions interactions = new Interactions(stores.interactions(), stores.clients(), cookies,
            options.session().transactionSeconds(), clock);
        Completion completion = new Completion(interactions, stores.grants(), stores.consents(), responses, pages,
            options.tokens(), addresses, clock);
        InteractionFlow flow = new InteractionFlow(sessions, stores.consents(), completion, pages, paths, options.scopes());
        PasswordLogin passwords = new PasswordLogin(stores.users(), stores.failures(), hasher, options.login(), clock);

        AuthorizeEndpoint authorize = new AuthorizeEndpoint(checks, sessions, interactions, flow, paths);
        SignIn signIn = new SignIn(passwords, sessions, addresses);
        LoginEndpoint login = new LoginEndpoint(guard, interactions, signIn, flow, paths);
        ConsentEndpoint consent = new ConsentEndpoint(guard, interactions, sessions, flow, completion, paths);
        AccountEndpoint account = new AccountEndpoint(guard, cookies, sessions, stores.access(), index, signIn, pages, paths,
            options.scopes(), addresses, clock);

        FrontChannel routes = new FrontChannel(addresses, limiter, new FailurePages(pages, responses));
        pages.assets().mount(router);
        routes.add(router, PagePaths.AUTHORIZE, authorize::get, authorize::post);
        routes.add(router, PagePaths.LOGIN, login::get, login::post);
        routes.add(router, PagePaths.CONSENT, consent::get, consent::post);
        routes.add(router, PagePaths.ACCOUNT, account::get, account::post);
    }

    private void add(Router router, String path, Function<RoutingContext, Future<Void>> get,
                     Function<RoutingContext, Future<Void>> post) {
        router.route(HttpMethod.GET, path).handler(context -> handle(context, get));
        router.route(HttpMethod.POST, path).handler(context -> handle(context, post));
        router.route(path).handler(context -> context.response().setStatusCode(405).putHeader("Allow", "GET, POST").end());
    }

    private void handle(RoutingContext context, Function<RoutingContext, Future<Void>> endpoint) {
        OptionalLong wait = limiter.secondsToWait(addresses.sourceOf(context.request()));
        failures.answer(context, wait.isPresent() ? Future.failedFuture(PageException.tooMany(wait.getAsLong()))
            : Future.succeededFuture(context).compose(endpoint));
    }
}
