package dev.gatehouse.authz;

import dev.gatehouse.authz.admin.AdminOptions;
import dev.gatehouse.authz.admin.Operation;
import dev.gatehouse.authz.assertion.AssertionOptions;
import dev.gatehouse.authz.audit.AuditOptions;
import dev.gatehouse.authz.authorize.AuthorizationOptions;
import dev.gatehouse.authz.authorize.PushedRequests.PushedRequestOptions;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.client.auth.ClientAuthenticator.ClientAuthOptions;
import dev.gatehouse.authz.client.auth.MutualTlsOptions;
import dev.gatehouse.authz.client.document.DocumentOptions;
import dev.gatehouse.authz.client.document.DocumentRules;
import dev.gatehouse.authz.client.document.FetchingOptions;
import dev.gatehouse.authz.client.registration.Registrations.DynamicRegistrationOptions;
import dev.gatehouse.authz.device.DeviceEndpoint.DeviceOptions;
import dev.gatehouse.authz.dpop.DpopProofs.DpopOptions;
import dev.gatehouse.authz.assertion.TokenExchangeGrant.TokenExchangeOptions;
import dev.gatehouse.authz.factor.Passkeys;
import dev.gatehouse.authz.factor.SecondFactors.SecondFactorOptions;
import dev.gatehouse.authz.mail.MailOptions;
import dev.gatehouse.authz.federation.ProviderOptions;
import dev.gatehouse.authz.introspect.IntrospectionEndpoint.IntrospectionOptions;
import dev.gatehouse.authz.key.SigningKeys.SigningOptions;
import dev.gatehouse.authz.oidc.UserInfoEndpoint.OpenIdOptions;
import dev.gatehouse.authz.scim.ScimOptions;
import dev.gatehouse.authz.scope.GroupScopes;
import dev.gatehouse.authz.scope.GroupScopes.GroupScopeOptions;
import dev.gatehouse.authz.scope.ResourcePolicy;
import dev.gatehouse.authz.scope.ResourcePolicy.OwnResources;
import dev.gatehouse.authz.scope.ResourcePolicy.ResourceOptions;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.scope.ScopePolicy.ScopeOptions;
import dev.gatehouse.authz.session.BrowserSessions.SessionOptions;
import dev.gatehouse.authz.session.PasswordLogin.LoginOptions;
import dev.gatehouse.authz.session.PasswordLogin.PasswordOptions;
import dev.gatehouse.authz.token.ReleasedClaims.ClaimOptions;
import dev.gatehouse.authz.token.TokenIssuer.TokenOptions;
import dev.gatehouse.authz.user.PasswordHasher.PasswordHashOptions;
import dev.gatehouse.shared.config.Profile;
import dev.gatehouse.shared.config.RecordBinder;
import dev.gatehouse.shared.http.Draining.StoppingOptions;
import dev.gatehouse.shared.http.TlsIdentity;
import dev.gatehouse.shared.oauth.Issuer;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import dev.gatehouse.shared.sql.StoreConfiguration;
import dev.gatehouse.shared.telemetry.MetricsOptions;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The configuration of the authorization server: a component for each key and section of the schema {@value #SCHEMA}, which
 * holds the type, the default and the description of each. A feature takes the record of its own section.
 *
 * @param tls null for plain http
 * @param recordDirectory the directory of recorded login attempts; null to record none
 */
public record AuthzOptions(
    Profile profile,
    String host,
    int port,
    Issuer issuer,
    DatabaseOptions database,
    StoreConfiguration store,
    String keyFile,
    ResourceId defaultResource,
    List<ResourceOptions> resources,
    boolean anyLoopbackResource,
    List<ScopeOptions> scopes,
    TokenOptions tokens,
    SessionOptions session,
    LoginOptions login,
    PasswordOptions passwords,
    SecondFactorOptions secondFactor,
    PasskeyOptions passkeys,
    MailOptions mail,
    List<ProviderOptions> identityProviders,
    PasswordHashOptions passwordHash,
    IntrospectionOptions introspection,
    ClientAuthOptions clientAuthentication,
    RateLimitOptions rateLimits,
    List<String> trustedProxies,
    TlsIdentity tls,
    PurgeOptions purge,
    AuditOptions audit,
    StoppingOptions stopping,
    MetricsOptions metrics,
    SigningOptions signing,
    RegistrationOptions registration,
    PushedRequestOptions pushedRequests,
    AuthorizationOptions authorization,
    DpopOptions dpop,
    OpenIdOptions openid,
    DeviceOptions device,
    AssertionOptions assertions,
    TokenExchangeOptions tokenExchange,
    ScimOptions scim,
    AdminOptions admin,
    List<GroupScopeOptions> groupScopes,
    List<ClaimOptions> claims,
    FetchingOptions fetching,
    MutualTlsOptions mutualTls,
    String recordDirectory) {

    public static final String SCHEMA = "schema/authz.json";

    public AuthzOptions {
        issuer = issuer == null ? new Issuer(urlAt(host, port, tls != null)) : issuer;
        resources = List.copyOf(resources);
        scopes = openid.enabled() ? ScopeOptions.withIdentity(scopes) : List.copyOf(scopes);
        identityProviders = List.copyOf(identityProviders);
        trustedProxies = List.copyOf(trustedProxies);
        groupScopes = List.copyOf(groupScopes);
        claims = List.copyOf(claims);
    }

    /**
     * Binds a configuration with its variables filled in.
     *
     * @throws dev.gatehouse.shared.config.StartupException when a value has the wrong type
     */
    public static AuthzOptions of(JsonObject json) {
        return new RecordBinder(SCHEMA, Map.of(ResourceId.class, ResourceId::parse)).bind(json, AuthzOptions.class);
    }

    private static String urlAt(String host, int port, boolean overTls) {
        String name = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return (overTls ? "https://" : "http://") + name + ":" + port;
    }

    /** Returns whether this server is in the demo profile. */
    public boolean isDemo() {
        return profile == Profile.DEMO;
    }

    /** The rules about resources. */
    public ResourcePolicy resourcePolicy() {
        return new ResourcePolicy(defaultResource, resources, anyLoopbackResource, tokens.format(),
            new OwnResources(openid.enabled() ? issuer.url(ResourcePolicy.USERINFO_PATH) : null, scim.enabled() ? issuer.url(ScimOptions.PATH) : null,
                admin.enabled() ? issuer.url(AdminOptions.PATH) : null));
    }

    /** The rules about client ID metadata documents. */
    public DocumentRules documentRules() {
        return new DocumentRules(scopeNames(), selfRegisteredGrants(GrantType.names()), fetching.loopback(),
            Set.copyOf(registration.redirectSchemes()));
    }

    /** Returns whether users may have passkeys. */
    public boolean hasPasskeys() {
        return passkeys.enabled() && Passkeys.arePossible(issuer);
    }

    /** The wire names of all scopes, in the configured order. */
    public List<String> scopeNames() {
        return scopes.stream().map(ScopeOptions::name).toList();
    }

    /** The scopes that tokens may have. */
    public List<String> issuableScopes() {
        List<String> all = new ArrayList<>(scopeNames());
        if (scim.enabled()) {
            all.add(ScopePolicy.PROVISIONING);
        }
        administrationScopes().forEach(scope -> all.add(scope.name()));
        return all;
    }

    private List<ScopeOptions> administrationScopes() {
        return admin.enabled() ? ScopePolicy.ADMINISTRATION : List.of();
    }

    /** The scopes that the pages show. */
    public List<ScopeOptions> shownScopes() {
        return Stream.concat(scopes.stream(), administrationScopes().stream()).toList();
    }

    /** The scopes that depend on groups and on roles. */
    public GroupScopes groupRules() {
        return new GroupScopes(Stream.concat(groupScopes.stream(), (admin.enabled() ? Operation.scopes() : List.<GroupScopeOptions>of()).stream()).toList());
    }

    /** The grant types among these that a client may have that registers or describes itself. */
    public List<String> selfRegisteredGrants(Collection<String> grants) {
        boolean devices = device.enabled() && device.selfRegisteredClients();
        return grants.stream().filter(grant -> devices || !grant.equals(GrantType.DEVICE_CODE.wireName())).toList();
    }

    /** The scopes that each scope includes. @throws IllegalArgumentException when they are cyclic */
    public ScopeHierarchy scopeHierarchy() {
        Map<String, List<String>> implied = new LinkedHashMap<>();
        shownScopes().forEach(scope -> implied.put(scope.name(), scope.implies()));
        return ScopeHierarchy.of(implied);
    }

    /** Passkeys. @param enabled whether users may add and use them */
    public record PasskeyOptions(boolean enabled) {
    }

    /** The SQLite file. @param file relative to the data home, or absolute */
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
