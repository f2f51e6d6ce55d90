package dev.gatehouse.authz;

import dev.gatehouse.authz.DemoData.DemoAccount;
import dev.gatehouse.authz.account.AccessStore;
import dev.gatehouse.authz.account.AccountEndpoint;
import dev.gatehouse.authz.account.AccountForms;
import dev.gatehouse.authz.account.EmailEndpoint;
import dev.gatehouse.authz.account.MailTokenStore;
import dev.gatehouse.authz.account.PasskeyEndpoint;
import dev.gatehouse.authz.account.PasswordEndpoint;
import dev.gatehouse.authz.account.ResetEndpoint;
import dev.gatehouse.authz.account.SecondFactorEndpoint;
import dev.gatehouse.authz.authorize.AuthorizationChecks;
import dev.gatehouse.authz.authorize.AuthorizationOptions;
import dev.gatehouse.authz.authorize.AuthorizationResponse;
import dev.gatehouse.authz.console.ConsoleEndpoint;
import dev.gatehouse.authz.token.IdTokenHints;
import dev.gatehouse.authz.authorize.PushedRequests;
import dev.gatehouse.authz.authorize.ResponseMode;
import dev.gatehouse.authz.client.ClientLookup;
import dev.gatehouse.authz.client.auth.UsedIdentifierStore;
import dev.gatehouse.authz.client.document.DocumentClients;
import dev.gatehouse.authz.consent.ServiceNames;
import dev.gatehouse.authz.device.DeviceApprovals;
import dev.gatehouse.authz.device.DeviceStore;
import dev.gatehouse.authz.device.DeviceVerification;
import dev.gatehouse.authz.device.UserCodes;
import dev.gatehouse.authz.factor.FactorStore;
import dev.gatehouse.authz.factor.PasskeyStore;
import dev.gatehouse.authz.factor.Passkeys;
import dev.gatehouse.authz.factor.SecondFactors;
import dev.gatehouse.authz.federation.CallbackPages;
import dev.gatehouse.authz.federation.FederatedLogin;
import dev.gatehouse.authz.federation.IdentityProviders;
import dev.gatehouse.authz.federation.UpstreamSessions;
import dev.gatehouse.authz.http.Endpoint.Routes;
import dev.gatehouse.authz.http.Endpoint;
import dev.gatehouse.authz.interaction.AuthorizeEndpoint;
import dev.gatehouse.authz.interaction.Completion;
import dev.gatehouse.authz.interaction.ConsentEndpoint;
import dev.gatehouse.authz.interaction.ConsentStore;
import dev.gatehouse.authz.interaction.ConsentedRedirects;
import dev.gatehouse.authz.interaction.FailurePages;
import dev.gatehouse.authz.interaction.InteractionFlow;
import dev.gatehouse.authz.interaction.InteractionStore;
import dev.gatehouse.authz.interaction.Interactions;
import dev.gatehouse.authz.interaction.LoginEndpoint;
import dev.gatehouse.authz.mail.AccountNotices;
import dev.gatehouse.authz.mail.Outbox;
import dev.gatehouse.authz.oidc.LogoutEndpoint;
import dev.gatehouse.authz.page.Assets;
import dev.gatehouse.authz.page.BrowserCookies;
import dev.gatehouse.authz.page.FormGuard;
import dev.gatehouse.authz.page.PageException;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.scope.PersonScopes;
import dev.gatehouse.authz.session.BrowserSessions;
import dev.gatehouse.authz.session.FactorCheck;
import dev.gatehouse.authz.session.FactorEndpoint;
import dev.gatehouse.authz.session.LoginChoices;
import dev.gatehouse.authz.session.LoginCompletion;
import dev.gatehouse.authz.session.LoginNotice;
import dev.gatehouse.authz.session.LoginFailureStore;
import dev.gatehouse.authz.session.PasswordLogin;
import dev.gatehouse.authz.session.PendingLoginStore;
import dev.gatehouse.authz.session.SessionStore;
import dev.gatehouse.authz.session.SignIn;
import dev.gatehouse.authz.token.TokenIndex;
import dev.gatehouse.authz.user.ExternalIdentityStore;
import dev.gatehouse.authz.user.PasswordHasher;
import dev.gatehouse.authz.user.UserGroupStore;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.MediaTypes;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.http.UnservedRequests;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.secret.MasterKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** The routes for browsers, with their common rate limit and error pages. */
final class BrowserRoutes implements Endpoint {

    private record Page(String path, Function<RoutingContext, Future<Void>> get, Function<RoutingContext, Future<Void>> post) {
    }

    private final ClientAddress addresses;
    private final RateLimiter limiter;
    private final FailurePages failures;
    private final Assets assets;
    private final List<Page> pages;
    private final Function<RoutingContext, Future<Void>> home;
    private final AuthzOptions options;

    private BrowserRoutes(ClientAddress addresses, RateLimiter limiter, FailurePages failures, Assets assets, List<Page> pages,
                         Function<RoutingContext, Future<Void>> home, AuthzOptions options) {
        this.addresses = addresses;
        this.limiter = limiter;
        this.failures = failures;
        this.assets = assets;
        this.pages = pages;
        this.home = home;
        this.options = options;
    }

    /** Loads the pages. */
    public static Future<BrowserRoutes> load(Vertx vertx, AuthzOptions options, ClientAddress addresses, AuthorizationChecks checks, PushedRequests pushed,
                                            AuthorizationResponse responses, IdTokenHints hints, BrowserStores stores, MasterKey key, PasswordHasher hasher, TokenIndex index, Federated federated,
                                            Optional<Function<Pages, ConsoleEndpoint>> console, RateLimiter limiter, Clock clock) {
        return Pages.load(vertx, options.issuer(), options.isDemo() ? DemoAccount.SHOWN : Map.of(),
                !options.identityProviders().isEmpty())
            .map(pages -> assemble(vertx, options, addresses, checks, pushed, responses, hints, stores, key, hasher, index, federated, console, limiter, clock, pages));
    }

    private static BrowserRoutes assemble(Vertx vertx, AuthzOptions options, ClientAddress addresses, AuthorizationChecks checks, PushedRequests pushed,
                                         AuthorizationResponse responses, IdTokenHints hints, BrowserStores stores, MasterKey key, PasswordHasher hasher, TokenIndex index, Federated federated,
                                         Optional<Function<Pages, ConsoleEndpoint>> console, RateLimiter limiter, Clock clock, Pages pages) {
        PagePaths paths = new PagePaths(options.issuer().basePath());
        FormGuard guard = new FormGuard(options.issuer());
        BrowserCookies cookies = new BrowserCookies(options.issuer());
        BrowserSessions sessions = new BrowserSessions(cookies, stores.sessions(), stores.users(), options.session(),
            federated.sessions()::logoutUrl, addresses, clock);
        Interactions interactions = new Interactions(stores.interactions(), stores.clients(), cookies,
            options.session().transactionSeconds(), clock);
        boolean resets = stores.outbox().isOn() && options.passwords().enabled();
        LoginNotice notice = new LoginNotice(stores.failures(), stores.outbox(), addresses, options.session().countryHeader(), options.issuer(), clock);
        AccountNotices notices = new AccountNotices(stores.outbox(), options.issuer());
        SecondFactors factors = new SecondFactors(stores.factors(), key, URI.create(options.issuer().identifier()).getHost(), clock);
        Passkeys passkeys = new Passkeys(vertx, stores.passkeys(), stores.usedIdentifiers(), key, options.issuer(), clock);
        PendingLoginStore pending = stores.pending();
        LoginCompletion logins = new LoginCompletion(sessions, pending, factors, stores.groups(), stores.users(), options.secondFactor(),
            notice, options.session().transactionSeconds(), paths, addresses, clock);
        LoginChoices choices = federated.providers().choices(options.passwords().enabled(), options.hasPasskeys(),
            resets ? paths.reset() : "");
        Completion completion = new Completion(interactions, stores.documents(), stores.consents(), responses, pages,
            options.tokens(), addresses, clock);
        PasswordLogin passwords = new PasswordLogin(stores.users(), stores.failures(), hasher, options.login(), clock);
        SignIn signIn = new SignIn(passwords, logins, passkeys, stores.users(), stores.identities(), pages, addresses, choices, federated.login()::start, clock);
        InteractionFlow flow = new InteractionFlow(sessions, stores.consents(), stores.permitted(), completion, pages, paths, options.shownScopes(),
            options.scopeHierarchy(), stores.services(), signIn, logins, clock);

        AuthorizeEndpoint authorize = new AuthorizeEndpoint(checks, pushed, stores.documents(), addresses, sessions, interactions, flow, paths);
        LoginEndpoint login = new LoginEndpoint(guard, interactions, signIn, flow, paths);
        ConsentEndpoint consent = new ConsentEndpoint(guard, interactions, sessions, flow, completion, paths);
        AccountForms forms = new AccountForms(guard, cookies, sessions, signIn, paths, addresses);
        PasswordEndpoint password = new PasswordEndpoint(forms, stores.users(), hasher, notices, pages, paths);
        SecondFactorEndpoint secondFactor = new SecondFactorEndpoint(forms, factors, logins, notices, pages, paths);
        FactorEndpoint factor = new FactorEndpoint(guard, cookies, pending, logins, factors,
            new FactorCheck(factors, stores.failures(), options.login(), clock), passkeys, options.hasPasskeys(), stores.users(), notices, pages, paths, addresses, clock);
        AccountEndpoint account = new AccountEndpoint(forms, guard, sessions, stores.access(), stores.users(), index, signIn, stores.identities(), pages, paths,
            options.shownScopes(), options.scopeHierarchy(), addresses, clock, notices, stores.outbox().isOn());

        LogoutEndpoint logout = new LogoutEndpoint(guard, cookies, sessions, stores.sessions(), hints,
            stores.clients(), pages, paths, addresses);
        List<Page> all = new ArrayList<>(List.of(
            new Page(PagePaths.AUTHORIZE, authorize::get, authorize::post),
            new Page(PagePaths.LOGIN, login::get, login::post),
            new Page(PagePaths.CONSENT, consent::get, consent::post),
            new Page(PagePaths.FACTOR, factor::get, factor::post),
            new Page(PagePaths.SECOND_FACTOR, secondFactor::get, secondFactor::post),
            new Page(PagePaths.ACCOUNT, account::get, account::post)));
        if (stores.outbox().isOn()) {
            EmailEndpoint email = new EmailEndpoint(forms, stores.users(), stores.mailTokens(), stores.outbox(), notices, options.issuer(), pages, paths, clock);
            all.add(new Page(PagePaths.EMAIL, email::get, email::post));
        }
        if (resets) {
            ResetEndpoint reset = new ResetEndpoint(forms, guard, stores.users(), stores.mailTokens(), stores.failures(), hasher, stores.outbox(),
                notices, options.issuer(), pages, paths, clock);
            all.add(new Page(PagePaths.RESET, reset::get, reset::post));
        }
        if (options.hasPasskeys()) {
            PasskeyEndpoint passkey = new PasskeyEndpoint(forms, passkeys, factors, logins, notices, pages, paths);
            all.add(new Page(PagePaths.PASSKEYS, passkey::get, passkey::post));
        }
        if (options.passwords().enabled()) {
            all.add(new Page(PagePaths.PASSWORD, password::get, password::post));
        }
        if (options.openid().enabled()) {
            all.add(new Page(PagePaths.LOGOUT, logout::get, logout::post));
        }
        if (options.device().enabled()) {
            DeviceApprovals approvals = new DeviceApprovals(stores.devices(), stores.userCodes(), stores.clients(), stores.documents(),
                stores.permitted(), stores.failures(), options.login(), options.tokens(), clock);
            DeviceVerification device = new DeviceVerification(approvals, guard, cookies, sessions, signIn, pages, paths, options.shownScopes(),
                options.scopeHierarchy(), stores.services(), addresses);
            all.add(new Page(PagePaths.DEVICE, device::get, device::post));
        }
        CallbackPages callbacks = new CallbackPages(federated.login(), federated.providers(), cookies, logins, stores.users(), notices, addresses);
        federated.providers().names().forEach(name -> all.add(new Page(FederatedLogin.CALLBACK + name, context -> callbacks.get(context, name),
            context -> Future.failedFuture(PageException.forged()))));
        console.ifPresent(created -> all.addAll(consolePages(created.apply(pages))));
        HomePage home = HomePage.of(options, paths);
        return new BrowserRoutes(addresses, limiter, new FailurePages(pages, responses, new ConsentedRedirects(stores.consents(), cookies), addresses), pages.assets(), List.copyOf(all),
            context -> pages.send(context, 200, home), options);
    }

    private static List<Page> consolePages(ConsoleEndpoint console) {
        Function<RoutingContext, Future<Void>> none = context -> Future.failedFuture(PageException.forged());
        List<Page> all = new ArrayList<>();
        ConsoleEndpoint.pages().forEach(name -> all.add(new Page(ConsoleEndpoint.PATH + name, context -> console.get(context, name), none)));
        all.add(new Page(ConsoleEndpoint.PATH + "/audit/export", console::export, none));
        all.add(new Page(ConsoleEndpoint.PATH + "/callback", console::callback, none));
        all.add(new Page(ConsoleEndpoint.PATH + "/act", context -> console.get(context, ""), console::act));
        return all;
    }

    @Override
    public void describe(JsonObject metadata) {
        if (options.openid().enabled()) {
            metadata.put("end_session_endpoint", options.issuer().url(PagePaths.LOGOUT));
        }
        metadata.put("authorization_endpoint", options.issuer().url(PagePaths.AUTHORIZE))
            .put("response_types_supported", new JsonArray().add("code"))
            .put("response_modes_supported", new JsonArray(modes()))
            .put("code_challenge_methods_supported", new JsonArray().add("S256"))
            .put("authorization_response_iss_parameter_supported", true);
        describeSignatures(metadata);
    }

    private List<String> modes() {
        return options.authorization().modes().stream().sorted().map(ResponseMode::wireName).toList();
    }

    /** Describes features that are off by default. */
    private void describeSignatures(JsonObject metadata) {
        AuthorizationOptions forms = options.authorization();
        if (forms.signedResponses()) {
            metadata.put("authorization_signing_alg_values_supported", new JsonArray().add(options.signing().algorithm()));
        }
        if (forms.requestObjects()) {
            metadata.put("request_object_signing_alg_values_supported",
                new JsonArray(SigningAlgorithm.all().stream().map(SigningAlgorithm::wireName).toList()))
                .put("require_signed_request_object", false);
        }
        if (forms.requestObjects() || options.openid().enabled()) {
            metadata.put("request_parameter_supported", forms.requestObjects()).put("request_uri_parameter_supported", false);
        }
    }

    @Override
    public void mount(Routes routes) {
        assets.mount(routes.served());
        pages.forEach(page -> mount(routes.served(), page));
        routes.served().route("/").method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::atRoot);
    }

    /** A client that accepts only JSON gets 404. */
    private void atRoot(RoutingContext context) {
        if (MediaTypes.isForProgram(context.request())) {
            context.next();
        } else {
            handle(context, home);
        }
    }

    private void mount(Router router, Page page) {
        router.route(HttpMethod.GET, page.path()).handler(context -> handle(context, page.get()));
        router.route(HttpMethod.POST, page.path()).handler(context -> handle(context, page.post()));
        UnservedRequests.allowOnly(router, page.path(), "GET, POST");
    }

    private void handle(RoutingContext context, Function<RoutingContext, Future<Void>> endpoint) {
        OptionalLong wait = limiter.secondsToWait(addresses.sourceOf(context.request()));
        failures.answer(context, wait.isPresent() ? Future.failedFuture(PageException.tooMany(wait.getAsLong()))
            : Future.succeededFuture(context).compose(endpoint));
    }

    /** The parts for logins at identity providers. */
    record Federated(IdentityProviders providers, UpstreamSessions sessions, FederatedLogin login) {
    }

    /**
     * The home page at the root of this server.
     *
     * @param console the path of the console, or empty
     * @param device the path of the page for device codes, or empty
     * @param openidMetadata the URL of the OpenID Connect metadata, or empty
     */
    record HomePage(String issuer, String resource, String account, String console, String device, String metadata, String openidMetadata, String keys, String health) {

        static HomePage of(AuthzOptions options, PagePaths paths) {
            return new HomePage(options.issuer().identifier(), options.defaultResource().value(), paths.account(),
                options.admin().enabled() ? paths.base() + ConsoleEndpoint.PATH : "",
                options.device().enabled() ? paths.device() : "", options.issuer().url("/.well-known/oauth-authorization-server"),
                options.openid().enabled() ? options.issuer().url("/.well-known/openid-configuration") : "",
                options.issuer().url("/oauth/jwks"), options.issuer().url("/health"));
        }

        public String title() {
            return "Authorization server";
        }
    }

    /** The stores for login and consent. */
    record BrowserStores(UserStore users, ClientLookup clients, DocumentClients documents, InteractionStore interactions,
                                     SessionStore sessions, ConsentStore consents, LoginFailureStore failures, AccessStore access, DeviceStore devices,
                                     UserCodes userCodes, ServiceNames services, ExternalIdentityStore identities, PersonScopes permitted, FactorStore factors,
                                     PendingLoginStore pending, UserGroupStore groups, PasskeyStore passkeys, UsedIdentifierStore usedIdentifiers,
                                     MailTokenStore mailTokens, Outbox outbox) {
    }
}
