package dev.gatehouse.authz;

import dev.gatehouse.authz.assertion.AssertionOptions;
import dev.gatehouse.authz.authorize.AuthorizationOptions;
import dev.gatehouse.authz.authorize.PushedRequests.PushedRequestOptions;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.client.TokenFormat;
import dev.gatehouse.authz.client.auth.ClientAuthOptions;
import dev.gatehouse.authz.client.auth.ClientCertificates.MutualTlsOptions;
import dev.gatehouse.authz.client.document.DocumentOptions;
import dev.gatehouse.authz.client.document.FetchingOptions;
import dev.gatehouse.authz.client.registration.DynamicRegistrationOptions;
import dev.gatehouse.authz.device.DeviceAuthorizations.DeviceOptions;
import dev.gatehouse.authz.dpop.DpopProofs.DpopOptions;
import dev.gatehouse.authz.exchange.TokenExchangeGrant.TokenExchangeOptions;
import dev.gatehouse.authz.introspect.IntrospectionEndpoint.IntrospectionOptions;
import dev.gatehouse.authz.key.SigningKeys.SigningOptions;
import dev.gatehouse.authz.oidc.UserInfoEndpoint.OpenIdOptions;
import dev.gatehouse.authz.scope.ResourceOptions;
import dev.gatehouse.authz.scope.ScopeOptions;
import dev.gatehouse.authz.session.BrowserSessions.SessionOptions;
import dev.gatehouse.authz.session.PasswordLogin.LoginOptions;
import dev.gatehouse.authz.token.TokenOptions;
import dev.gatehouse.authz.user.PasswordHasher.PasswordHashOptions;
import dev.gatehouse.shared.config.Profile;
import dev.gatehouse.shared.config.RecordBinder;
import dev.gatehouse.shared.http.Draining.StoppingOptions;
import dev.gatehouse.shared.http.TlsIdentity;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The configuration of the authorization server: a component for each key and section of the schema {@value #SCHEMA}, which
 * holds the type, the default and the description of each. A feature takes the record of its own section.
 *
 * @param tls null for plain http
 */
public record AuthzOptions(
    Profile profile,
    String host,
    int port,
    String issuer,
    DatabaseOptions database,
    String keyFile,
    ResourceId defaultResource,
    List<ResourceOptions> resources,
    boolean anyLoopbackResource,
    List<ScopeOptions> scopes,
    TokenOptions tokens,
    SessionOptions session,
    LoginOptions login,
    PasswordHashOptions passwordHash,
    IntrospectionOptions introspection,
    ClientAuthOptions clientAuthentication,
    RateLimitOptions rateLimits,
    List<String> trustedProxies,
    TlsIdentity tls,
    PurgeOptions purge,
    StoppingOptions stopping,
    SigningOptions signing,
    RegistrationOptions registration,
    PushedRequestOptions pushedRequests,
    AuthorizationOptions authorization,
    DpopOptions dpop,
    OpenIdOptions openid,
    DeviceOptions device,
    AssertionOptions assertions,
    TokenExchangeOptions tokenExchange,
    FetchingOptions fetching,
    MutualTlsOptions mutualTls) {

    public static final String SCHEMA = "schema/authz.json";

    public AuthzOptions {
        issuer = issuer == null ? issuerAt(host, port, tls != null) : issuer;
        resources = List.copyOf(resources);
        scopes = openid.enabled() ? ScopeOptions.withIdentity(scopes) : List.copyOf(scopes);
        trustedProxies = List.copyOf(trustedProxies);
    }

    /**
     * Binds a configuration with its variables filled in.
     *
     * @throws dev.gatehouse.shared.config.StartupException when a value has the wrong type
     */
    public static AuthzOptions of(JsonObject json) {
        return new RecordBinder(SCHEMA, Map.of(ResourceId.class, ResourceId::parse)).bind(json, AuthzOptions.class);
    }

    private static String issuerAt(String host, int port, boolean overTls) {
        String name = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return (overTls ? "https://" : "http://") + name + ":" + port;
    }

    /** Returns whether this server is in the demo profile. */
    public boolean isDemo() {
        return profile == Profile.DEMO;
    }

    /** The format of access tokens for resources without a format of their own. */
    public TokenFormat tokenFormat() {
        return tokens.format();
    }

    /** True when OpenID Connect is on. */
    public boolean isOpenIdProvider() {
        return openid.enabled();
    }

    /** True when browsers and clients reach this server by https, perhaps through a proxy. */
    public boolean isHttps() {
        return issuer.startsWith("https://");
    }

    /** The path of the issuer, which precedes every path of this server: empty, or a slash and segments without a final slash. */
    public String basePath() {
        String path = URI.create(issuer).getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** The absolute URL of an endpoint. @param path such as {@code /oauth/token} */
    public String url(String path) {
        return (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer) + path;
    }

    /** The wire names of all scopes, in the configured order. */
    public List<String> scopeNames() {
        return scopes.stream().map(ScopeOptions::name).toList();
    }

    /** The grant types among these that a client may have that registers or describes itself. */
    public List<String> selfRegisteredGrants(Collection<String> grants) {
        boolean devices = device.enabled() && device.selfRegisteredClients();
        return grants.stream().filter(grant -> devices || !grant.equals(GrantType.DEVICE_CODE.wireName())).toList();
    }

    /** The scopes that each scope includes. @throws IllegalArgumentException when they are cyclic */
    public ScopeHierarchy scopeHierarchy() {
        Map<String, List<String>> implied = new LinkedHashMap<>();
        scopes.forEach(scope -> implied.put(scope.name(), scope.implies()));
        return ScopeHierarchy.of(implied);
    }

    /** The store. @param file relative to the data home, or absolute */
    public record DatabaseOptions(String file) {
    }

    /** Removal of expired rows. @param rowsPerStep rows of a table in one transaction */
    public record PurgeOptions(long intervalSeconds, int rowsPerStep) {
    }

    /** Requests that one source may make in a minute; empty for no limit. */
    public record RateLimitOptions(OptionalInt tokenPerMinute, OptionalInt authorizePerMinute, OptionalInt introspectPerMinute,
                                   OptionalInt revokePerMinute, OptionalInt registerPerMinute) {
    }

    /** Clients that no operator added. @param redirectSchemes further application schemes that redirect URIs may have */
    public record RegistrationOptions(List<String> redirectSchemes, DynamicRegistrationOptions dynamic, DocumentOptions documents) {

        public RegistrationOptions {
            redirectSchemes = List.copyOf(redirectSchemes);
        }
    }
}
