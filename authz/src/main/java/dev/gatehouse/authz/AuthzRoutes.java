package dev.gatehouse.authz;

import dev.gatehouse.authz.BrowserRoutes.Federated;
import dev.gatehouse.authz.assertion.AssertionOptions;
import dev.gatehouse.authz.assertion.AssertionReader;
import dev.gatehouse.authz.assertion.AssertionStore;
import dev.gatehouse.authz.assertion.Audiences;
import dev.gatehouse.authz.assertion.Entitlements;
import dev.gatehouse.authz.assertion.IdentityClaims;
import dev.gatehouse.authz.assertion.JwtBearerGrant;
import dev.gatehouse.authz.assertion.Narrowing;
import dev.gatehouse.authz.assertion.SubjectTokens;
import dev.gatehouse.authz.authorize.AuthorizationChecks;
import dev.gatehouse.authz.authorize.AuthorizationOptions;
import dev.gatehouse.authz.authorize.AuthorizationResponse;
import dev.gatehouse.authz.token.IdTokenHints;
import dev.gatehouse.authz.authorize.PushedRequestEndpoint;
import dev.gatehouse.authz.authorize.PushedRequestStore;
import dev.gatehouse.authz.authorize.PushedRequests.PushedRequestOptions;
import dev.gatehouse.authz.authorize.PushedRequests;
import dev.gatehouse.authz.authorize.RequestObjects;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.client.RegistrationRules.Bounds;
import dev.gatehouse.authz.client.RegistrationRules.ScopeRule;
import dev.gatehouse.authz.client.RegistrationRules;
import dev.gatehouse.authz.client.auth.AuthenticationMethod;
import dev.gatehouse.authz.client.auth.BasicAuthentication;
import dev.gatehouse.authz.client.auth.ClientAuthenticator;
import dev.gatehouse.authz.client.auth.NoAuthentication;
import dev.gatehouse.authz.client.auth.PostAuthentication;
import dev.gatehouse.authz.client.auth.PrivateKeyJwt;
import dev.gatehouse.authz.client.auth.SelfSignedTlsAuthentication;
import dev.gatehouse.authz.client.auth.TlsClientAuthentication;
import dev.gatehouse.authz.client.registration.ClientUseStep;
import dev.gatehouse.authz.client.registration.RegistrationEndpoint;
import dev.gatehouse.authz.client.registration.RegistrationStore;
import dev.gatehouse.authz.client.registration.Registrations.DynamicRegistrationOptions;
import dev.gatehouse.authz.client.registration.Registrations;
import dev.gatehouse.authz.consent.ApprovalStore;
import dev.gatehouse.authz.device.DeviceCodeGrant;
import dev.gatehouse.authz.device.DeviceEndpoint;
import dev.gatehouse.authz.device.DeviceStore;
import dev.gatehouse.authz.dpop.DpopCheck;
import dev.gatehouse.authz.assertion.AccessExchange;
import dev.gatehouse.authz.assertion.ExchangeKind;
import dev.gatehouse.authz.assertion.IdentityExchange;
import dev.gatehouse.authz.assertion.TokenExchangeGrant;
import dev.gatehouse.authz.federation.BackChannelLogoutEndpoint;
import dev.gatehouse.authz.federation.FederatedLogin.Lifetimes;
import dev.gatehouse.authz.federation.FederatedLogin;
import dev.gatehouse.authz.federation.FederationStore;
import dev.gatehouse.authz.federation.UpstreamSessionStore;
import dev.gatehouse.authz.http.Endpoint.Routes;
import dev.gatehouse.authz.http.Endpoint;
import dev.gatehouse.authz.introspect.IntrospectionEndpoint;
import dev.gatehouse.authz.introspect.RevocationEndpoint;
import dev.gatehouse.authz.key.JwksEndpoint;
import dev.gatehouse.authz.oidc.IdTokenStep;
import dev.gatehouse.authz.oidc.UserInfo;
import dev.gatehouse.authz.oidc.UserInfoEndpoint;
import dev.gatehouse.authz.scim.ResourceStore;
import dev.gatehouse.authz.scim.ScimEndpoint;
import dev.gatehouse.authz.scim.ScimGroupStore;
import dev.gatehouse.authz.scim.ScimOptions;
import dev.gatehouse.authz.scim.ScimUserStore;
import dev.gatehouse.authz.scope.LoginClaims;
import dev.gatehouse.authz.scope.PersonScopes;
import dev.gatehouse.authz.scope.ResourcePolicy;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.session.AuthenticationStore;
import dev.gatehouse.authz.session.AuthenticationStore.Authentication;
import dev.gatehouse.authz.token.AuthorizationCodeGrant;
import dev.gatehouse.authz.token.AuthorizationCodeStore;
import dev.gatehouse.authz.token.ClientCredentialsGrant;
import dev.gatehouse.authz.token.Grant;
import dev.gatehouse.authz.token.JwtAccessTokenStep;
import dev.gatehouse.authz.token.PresentedTokens;
import dev.gatehouse.authz.token.RefreshTokenGrant;
import dev.gatehouse.authz.token.RefreshTokenStore;
import dev.gatehouse.authz.token.ReleasedClaims;
import dev.gatehouse.authz.token.TokenEndpoint;
import dev.gatehouse.authz.token.TokenIssuer;
import dev.gatehouse.authz.token.TokenIssuer.ResponseStep;
import dev.gatehouse.authz.token.TokenPresentation;
import dev.gatehouse.authz.user.UserGroupStore;
import dev.gatehouse.shared.http.ClientCertificates;
import dev.gatehouse.shared.http.Draining;
import dev.gatehouse.shared.http.RequestMetrics;
import dev.gatehouse.shared.http.RequestPreamble;
import dev.gatehouse.shared.http.UnservedRequests;
import dev.gatehouse.shared.jose.JwtVerifier;
import dev.gatehouse.shared.metric.Meters;
import dev.gatehouse.shared.oauth.Issuer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The lists of all endpoints, grant types and client authentication methods. Metadata and registration are derived from them.
 */
final class AuthzRoutes {

    private final Vertx vertx;
    private final AuthzOptions options;
    private final AuthzParts parts;
    private final Draining draining;
    private final Consumer<RoutingContext> recorder;
    private final Clock clock;
    private final Issuer issuer;
    private final ResourcePolicy resources;
    private final ScopePolicy scopes;
    private final PersonScopes permitted;
    private final IdTokenHints hints;
    private final AuthorizationChecks checks;
    private final PushedRequests pushed;
    private final PresentedTokens presented;
    private final ClientCertificates certificates;
    private final TokenPresentation presentation;
    private final Optional<AdminRoutes> administration;

    AuthzRoutes(Vertx vertx, AuthzOptions options, AuthzParts parts, Draining draining, Consumer<RoutingContext> recorder, Clock clock) {
        this.vertx = vertx;
        this.options = options;
        this.parts = parts;
        this.draining = draining;
        this.recorder = recorder;
        this.clock = clock;
        issuer = options.issuer();
        resources = options.resourcePolicy();
        scopes = new ScopePolicy(options.issuableScopes(), options.scopeHierarchy(), resources, options.groupRules());
        permitted = new PersonScopes(new UserGroupStore(parts.database), scopes);
        PushedRequestOptions pushing = options.pushedRequests();
        hints = new IdTokenHints(new JwtVerifier(vertx), parts.signingKeys, issuer.identifier());
        AuthorizationOptions forms = options.authorization();
        RequestObjects objects = new RequestObjects(new JwtVerifier(vertx), parts.clientKeys::of, issuer.identifier(), forms.requestObjects(), clock);
        checks = new AuthorizationChecks(parts.allClients, hints, resources, scopes, objects, forms.modes(), pushing.required());
        pushed = new PushedRequests(checks, new PushedRequestStore(parts.database), pushing, clock);
        presented = new PresentedTokens(vertx, parts.signingKeys, issuer.identifier(), parts.index, clock);
        certificates = options.mutualTls().certificates(parts.addresses);
        presentation = new TokenPresentation(presented, parts.dpopProofs, certificates, issuer);
        administration = options.admin().enabled() ? Optional.of(new AdminRoutes(vertx, options, parts, presented, presentation, consoleCodes(), clock)) : Optional.empty();
    }

    /** The grant of the console redeems its own codes. */
    private Grant consoleCodes() {
        return new AuthorizationCodeGrant(new TokenIssuer(options.tokens(), scopes, List.of(), clock), new AuthorizationCodeStore(parts.database), parts.index);
    }

    Future<Router> router() {
        return BrowserRoutes.load(vertx, options, parts.addresses, checks, pushed,
                new AuthorizationResponse(issuer.identifier(), parts.signingKeys, clock), hints, parts.frontChannelStores(permitted), parts.key, parts.passwords, parts.index, federated(), administration.map(each -> each::console), parts.authorizeLimiter, clock)
            .map(frontChannel -> router(endpoints(frontChannel)));
    }

    private Federated federated() {
        long grantMillis = Math.max(options.tokens().refreshTokenAbsoluteSeconds(), options.session().absoluteSeconds()) * 1000;
        return new Federated(parts.identityProviders, parts.upstreamSessions, new FederatedLogin(parts.identityProviders, new FederationStore(parts.database),
            new UpstreamSessionStore(parts.database), parts.key, issuer, new Lifetimes(options.session().transactionSeconds() * 1000, grantMillis), clock));
    }

    private Router router(List<Endpoint> endpoints) {
        Router root = Router.router(vertx);
        RequestMetrics metrics = RequestMetrics.on(root, Meters.of(vertx), "authz");
        root.route().handler(new RequestPreamble(draining, recorder, issuer.isHttps()));
        Router served = issuer.basePath().isEmpty() ? root : Router.router(vertx);
        Routes routes = new Routes(vertx, root, served, issuer, certificates, parts.addresses);
        endpoints.forEach(endpoint -> endpoint.mount(routes));
        if (served != root) {
            root.route(issuer.basePath() + "/*").subRouter(served);
            // A proxy may remove the path.
            root.route("/*").subRouter(served);
        }
        UnservedRequests.orNotFound(root);
        metrics.serve(issuer.basePath(), root, served);
        return root;
    }

    /** The busiest endpoints come first, because a router tries its routes in order. */
    private List<Endpoint> endpoints(BrowserRoutes frontChannel) {
        ClientAuthenticator authenticator = new ClientAuthenticator(parts.allClients, methods(),
            options.clientAuthentication(), parts.documents);
        DpopCheck proofs = new DpopCheck(parts.dpopProofs);
        List<Grant> grants = grants();
        List<Endpoint> endpoints = new ArrayList<>();
        endpoints.add(new IntrospectionEndpoint(presented, authenticator, parts.signingKeys, issuer,
            options.introspection(), parts.introspectLimiter, clock));
        endpoints.add(new TokenEndpoint(grants, proofs, authenticator, issuer, parts.tokenLimiter));
        endpoints.add(new RevocationEndpoint(presented, parts.accessTokens, new RefreshTokenStore(parts.database), parts.index, authenticator,
            issuer, parts.revokeLimiter, clock));
        if (options.registration().dynamic().enabled()) {
            endpoints.add(new RegistrationEndpoint(registrations(authenticator, grants), issuer, parts.registerLimiter));
        }
        endpoints.add(new PushedRequestEndpoint(pushed, authenticator, proofs, issuer, parts.authorizeLimiter));
        if (options.openid().enabled()) {
            endpoints.add(new UserInfoEndpoint(new UserInfo(parts.users, resources.userInfo(), parts.releasedClaims.names(ReleasedClaims.Place.ID_TOKEN)),
                presentation, parts.allClients, parts.signingKeys, options.signing().algorithm(), issuer, options.openid(), parts.tokenLimiter));
        }
        if (options.device().enabled()) {
            endpoints.add(new DeviceEndpoint(new DeviceStore(parts.database), parts.userCodes(), resources, scopes, options.device(), authenticator,
                issuer, parts.authorizeLimiter, clock));
        }
        if (options.scim().enabled()) {
            endpoints.add(new ScimEndpoint(presentation, parts.index, provisioned(), issuer.url(ScimOptions.PATH), parts.scimLimiter, parts::flushAudit, clock));
        }
        administration.ifPresent(each -> endpoints.add(each.api()));
        endpoints.add(frontChannel);
        endpoints.add(new BackChannelLogoutEndpoint(vertx, parts.identityProviders, parts.upstreamSessions, parts.usedIdentifiers,
            parts.authorizeLimiter, clock));
        endpoints.add(new JwksEndpoint(parts.signingKeys, issuer, options.signing()));
        endpoints.add(new HealthEndpoint(draining, parts.database, clock));
        endpoints.add(new MetadataEndpoint(options, endpoints));
        return endpoints;
    }

    private Registrations registrations(ClientAuthenticator authenticator, List<Grant> served) {
        DynamicRegistrationOptions registration = options.registration().dynamic();
        Set<String> allowed = Set.copyOf(options.selfRegisteredGrants(registration.grantTypes()));
        Set<String> grants = served.stream().map(grant -> grant.type().wireName()).filter(allowed::contains).collect(Collectors.toSet());
        RegistrationRules rules = new RegistrationRules(new Bounds(Set.copyOf(authenticator.methods()), Set.of(ClientAuthMethod.CLIENT_SECRET_BASIC),
            false, grants, GrantType.USUAL, options.scopeNames(), ScopeRule.ALL, options.fetching().loopback(),
            Set.copyOf(options.registration().redirectSchemes()), false, options.signing().algorithm()));
        return new Registrations(rules, new RegistrationStore(parts.database), parts.clients,
            parts::forgetClient, registration, clock);
    }

    /** Lists the types of resources that SCIM clients provision. */
    private List<ResourceStore> provisioned() {
        String base = issuer.url(ScimOptions.PATH);
        return List.of(new ScimUserStore(parts.database, base), new ScimGroupStore(parts.database, base));
    }

    /** Lists the client authentication methods. */
    private List<AuthenticationMethod> methods() {
        List<AuthenticationMethod> methods = new ArrayList<>(List.of(
            new BasicAuthentication(parts.secrets),
            new PostAuthentication(parts.secrets),
            new PrivateKeyJwt(new JwtVerifier(vertx), parts.clientKeys, parts.usedIdentifiers, issuer.identifier(),
                issuer.url(TokenEndpoint.PATH), clock),
            new NoAuthentication()));
        if (options.mutualTls().enabled()) {
            methods.add(new SelfSignedTlsAuthentication(parts.clientKeys, clock));
        }
        if (!parts.clientAuthorities.isEmpty()) {
            methods.add(new TlsClientAuthentication(vertx, parts.clientAuthorities, clock));
        }
        return methods;
    }

    /** Lists the grant types. */
    private List<Grant> grants() {
        TokenIssuer tokens = new TokenIssuer(options.tokens(), scopes, steps(), clock);
        List<Grant> grants = new ArrayList<>(List.of(
            new AuthorizationCodeGrant(tokens, new AuthorizationCodeStore(parts.database), parts.index),
            new RefreshTokenGrant(tokens, new RefreshTokenStore(parts.database), parts.index, parts.key, options.scopeHierarchy(), options.tokens(),
                parts.upstreamSessions::checkBeforeRefresh),
            new ClientCredentialsGrant(tokens, parts.accessTokens, resources, scopes)));
        if (options.device().enabled()) {
            grants.add(new DeviceCodeGrant(tokens, new DeviceStore(parts.database)));
        }
        AssertionOptions assertions = options.assertions();
        if (assertions.acceptsAny()) {
            grants.add(new JwtBearerGrant(tokens, new AssertionReader(parts.trustedIssuers, new JwtVerifier(vertx), clock),
                new Entitlements(issuer.identifier(), clock), new Narrowing(resources, scopes, options.scopeHierarchy()),
                parts.documents, new AssertionStore(parts.database), assertions));
        }
        if (options.tokenExchange().enabled()) {
            grants.add(new TokenExchangeGrant(exchangeKinds(tokens)));
        }
        return grants;
    }

    /** Lists the kinds of tokens that token exchange issues. */
    private List<ExchangeKind> exchangeKinds(TokenIssuer tokens) {
        List<ExchangeKind> kinds = new ArrayList<>();
        kinds.add(new AccessExchange(tokens, presented, parts.accessTokens, resources, scopes));
        AssertionOptions assertions = options.assertions();
        if (assertions.makesAny() && options.openid().enabled()) {
            kinds.add(new IdentityExchange(new Audiences(assertions, issuer.identifier()), new SubjectTokens(new JwtVerifier(vertx),
                parts.signingKeys, new ApprovalStore(parts.database), issuer.identifier(), clock),
                new IdentityClaims(issuer.identifier(), clock), permitted, parts.signingKeys));
        }
        return kinds;
    }

    /** The steps between the stored tokens and the response of every grant, in this order. */
    private List<ResponseStep> steps() {
        AuthenticationStore authentications = new AuthenticationStore(parts.database);
        return List.of(
            new ClientUseStep(new RegistrationStore(parts.database), clock),
            new JwtAccessTokenStep(resources, parts.releasedClaims, issuer.identifier(), parts.signingKeys,
                grantId -> authentications.of(grantId).map(found -> found.map(Authentication::login).orElse(LoginClaims.NONE))),
            new IdTokenStep(authentications, parts.releasedClaims, parts.signingKeys, issuer.identifier()));
    }
}
