package dev.gatehouse.authz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.authz.AuthzOptions.DatabaseOptions;
import dev.gatehouse.authz.AuthzOptions.PasskeyOptions;
import dev.gatehouse.authz.AuthzOptions.PurgeOptions;
import dev.gatehouse.authz.AuthzOptions.RateLimitOptions;
import dev.gatehouse.authz.AuthzOptions.RegistrationOptions;
import dev.gatehouse.authz.admin.AdminOptions;
import dev.gatehouse.authz.admin.AdminOptions.PolicyOptions;
import dev.gatehouse.authz.assertion.AssertionOptions;
import dev.gatehouse.authz.audit.AuditOptions;
import dev.gatehouse.authz.audit.AuditOptions.FileOptions;
import dev.gatehouse.authz.audit.AuditOptions.OtlpOptions;
import dev.gatehouse.authz.audit.AuditOptions.TrailOptions;
import dev.gatehouse.authz.authorize.AuthorizationOptions;
import dev.gatehouse.authz.authorize.PushedRequests.PushedRequestOptions;
import dev.gatehouse.authz.client.ClientPolicy.Pkce;
import dev.gatehouse.authz.client.ClientPolicy.TokenFormat;
import dev.gatehouse.authz.client.auth.ClientAuthenticator.ClientAuthOptions;
import dev.gatehouse.authz.client.auth.MutualTlsOptions;
import dev.gatehouse.authz.client.document.DocumentOptions;
import dev.gatehouse.authz.client.document.FetchingOptions;
import dev.gatehouse.authz.client.registration.Registrations.DynamicRegistrationOptions;
import dev.gatehouse.authz.device.DeviceEndpoint.DeviceOptions;
import dev.gatehouse.authz.dpop.DpopProofs.DpopOptions;
import dev.gatehouse.authz.assertion.TokenExchangeGrant.TokenExchangeOptions;
import dev.gatehouse.authz.introspect.IntrospectionEndpoint.IntrospectionOptions;
import dev.gatehouse.authz.key.SigningKeys.SigningOptions;
import dev.gatehouse.authz.oidc.UserInfoEndpoint.OpenIdOptions;
import dev.gatehouse.authz.scim.ScimOptions;
import dev.gatehouse.authz.scope.GroupScopes.GroupScopeOptions;
import dev.gatehouse.authz.scope.ResourcePolicy.ResourceOptions;
import dev.gatehouse.authz.scope.ScopePolicy.ScopeOptions;
import dev.gatehouse.authz.session.BrowserSessions.SessionOptions;
import dev.gatehouse.authz.session.PasswordLogin.LoginOptions;
import dev.gatehouse.authz.factor.SecondFactors.SecondFactorOptions;
import dev.gatehouse.authz.mail.MailOptions;
import dev.gatehouse.authz.mail.MailOptions.Security;
import dev.gatehouse.authz.session.PasswordLogin.PasswordOptions;
import dev.gatehouse.authz.token.ReleasedClaims.ClaimOptions;
import dev.gatehouse.authz.token.ReleasedClaims.Place;
import dev.gatehouse.authz.token.ReleasedClaims.Value;
import dev.gatehouse.authz.token.TokenIssuer.TokenOptions;
import dev.gatehouse.authz.user.PasswordHasher.PasswordHashOptions;
import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.Profile;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.http.Draining.StoppingOptions;
import dev.gatehouse.shared.http.TlsIdentity;
import dev.gatehouse.shared.oauth.Issuer;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.sql.StoreConfiguration;
import dev.gatehouse.shared.sql.StoreConfiguration.PostgresqlOptions;
import dev.gatehouse.shared.telemetry.MetricsOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Pins every key and every default: other people's configurations rely on them. */
class AuthzOptionsTest {

    private static final OptionalInt UNLIMITED = OptionalInt.empty();

    @Test
    void emptyConfigurationIsTheDemo() {
        assertThat(AuthzOptions.of(checked(new JsonObject()))).isEqualTo(new AuthzOptions(Profile.DEMO, "localhost", 9000,
            new Issuer("http://localhost:9000"), new DatabaseOptions("authz.db"), new StoreConfiguration(null,
                new PostgresqlOptions(List.of(), null, null, null, null, "authz", "disable", null, null, null, 16, 10_000, 5, 3)), "keys/authz.key", new ResourceId("http://localhost:8001/mcp"), List.of(), true,
            List.of(new ScopeOptions("mcp:read", "Read your data", "See your profile, your notes and your usage.", List.of()),
                new ScopeOptions("mcp:write", "Change your data", "Create, change and delete notes in your name.", List.of("mcp:read")),
                new ScopeOptions("openid", "Know who you are", "Recognise your account here when you come back.", List.of()),
                new ScopeOptions("profile", "See your profile", "Your name and username.", List.of()),
                new ScopeOptions("email", "See your email address", "The address of your account.", List.of())),
            new TokenOptions(3600, 60, 1_209_600, 7_776_000, 60, TokenFormat.OPAQUE), new SessionOptions(1800, 43_200, 600, null),
            new LoginOptions(8, 30, 900, 60), new PasswordOptions(true), new SecondFactorOptions(false, List.of(), false), new PasskeyOptions(true), new MailOptions(null, 587, Security.STARTTLS, null, null, null), List.of(), new PasswordHashOptions(19_456, 2, 1, 2), new IntrospectionOptions(true, 1_000_000),
            new ClientAuthOptions(List.of()), new RateLimitOptions(UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED), List.of(), null,
            new PurgeOptions(60, 500),
            new AuditOptions(null, new TrailOptions(true, List.of(), 365), new FileOptions(null, 67_108_864, 10), new OtlpOptions(false)),
            new StoppingOptions(10), new MetricsOptions(null, "127.0.0.1"), new SigningOptions("ES256", 90, 900),
            new RegistrationOptions(List.of(), new DynamicRegistrationOptions(true, false, 10_000, 30,
                    List.of("authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"), Pkce.REQUIRED),
                new DocumentOptions(true, List.of(), List.of(), 5120, 0, 0, 86_400, 1, UNLIMITED)),
            new PushedRequestOptions(false, 60), new AuthorizationOptions(false, false, false), new DpopOptions(false, 60), new OpenIdOptions(true, false), new DeviceOptions(true, 600, 5, false),
            new AssertionOptions(true, true, List.of(), true, List.of()), new TokenExchangeOptions(true), new ScimOptions(true, UNLIMITED), new AdminOptions(true, false, List.of()), List.of(), List.of(), new FetchingOptions(true, null),
            new MutualTlsOptions(false, null, false), null));
    }

    @Test
    void productionIsClosedAndLimited() {
        AuthzOptions options = AuthzOptions.of(checked(new JsonObject().put("profile", "production")));
        assertThat(options.profile()).isEqualTo(Profile.PRODUCTION);
        assertThat(options.anyLoopbackResource()).isFalse();
        assertThat(options.introspection().openOnLoopback()).isFalse();
        assertThat(options.scim()).isEqualTo(new ScimOptions(false, OptionalInt.of(6000)));
        assertThat(options.admin()).isEqualTo(new AdminOptions(false, false, List.of()));
        assertThat(options.rateLimits()).isEqualTo(limits(600, 600, 120_000, 600, 30));
    }

    @Test
    void everyKeyIsRead() {
        JsonObject json = new JsonObject("""
            {"profile": "production", "host": "0.0.0.0", "port": 8443, "issuer": "https://login.example/tenant/",
             "database": {"file": "/var/lib/authz.db"}, "keyFile": "/etc/authz.key", "defaultResource": "https://MCP.example/",
             "resources": [{"resource": "https://other.example/mcp", "name": "Other", "scopes": ["a"], "tokenFormat": "jwt"}, {"resource": "https://third.example"}],
             "anyLoopbackResource": true, "scopes": [{"name": "a", "title": "A", "description": "All of a", "implies": ["b"]}, {"name": "b"}],
             "tokens": {"accessTokenSeconds": 1, "authorizationCodeSeconds": 2, "refreshTokenIdleSeconds": 3,
                        "refreshTokenAbsoluteSeconds": 4, "refreshGraceSeconds": 5, "format": "jwt"},
             "session": {"idleSeconds": 6, "absoluteSeconds": 7, "transactionSeconds": 8, "countryHeader": "CF-IPCountry"},
             "login": {"failuresPerAccount": 9, "failuresPerSource": 10, "windowSeconds": 11, "lockSeconds": 12},
             "passwords": {"enabled": false},
             "secondFactor": {"required": true, "requiredGroups": ["admins"], "afterProviders": true}, "passkeys": {"enabled": false},
             "mail": {"host": "smtp.example", "port": 25, "security": "none", "username": "u", "passwordFile": "f", "from": "a@b.example"}, "identityProviders": [],
             "passwordHash": {"memoryKibibytes": 13, "iterations": 14, "parallelism": 15, "concurrency": 16},
             "introspection": {"openOnLoopback": true, "indexEntries": 17},
             "rateLimits": {"tokenPerMinute": 18, "authorizePerMinute": 19, "introspectPerMinute": 20, "revokePerMinute": 21, "registerPerMinute": 29},
             "trustedProxies": ["192.0.2.1"], "tls": {"certificateFile": "c.pem", "keyFile": "k.pem", "cipherSuites": ["TLS_AES_128_GCM_SHA256"]},
             "purge": {"intervalSeconds": 22, "rowsPerStep": 23},
             "audit": {"node": "n", "store": {"enabled": false, "omittedEvents": ["token_issued"], "retentionDays": 37},
              "file": {"path": "a.jsonl", "maximumBytes": 38000, "keptFiles": 39}, "otlp": {"enabled": true}}, "stopping": {"graceSeconds": 35}, "metrics": {"port": 36, "host": "10.0.0.1"},
             "signing": {"algorithm": "RS256", "rotationDays": 24, "publishAheadSeconds": 28},
             "registration": {"redirectSchemes": ["myapp"], "dynamic": {"enabled": true, "initialAccessTokenRequired": true, "maximumClients": 31,
                              "idleDays": 32, "grantTypes": ["refresh_token"], "pkce": "nonce"}, "documents": {"enabled": false,
              "allowedHosts": ["A.example"], "deniedHosts": ["b.example"], "maximumBytes": 300, "minimumCacheSeconds": 31,
              "defaultCacheSeconds": 32, "maximumCacheSeconds": 63, "failurePauseSeconds": 33, "fetchesPerMinute": 34}},
             "pushedRequests": {"required": true, "lifetimeSeconds": 25}, "dpop": {"nonceRequired": true, "proofSeconds": 61},
             "authorization": {"formPost": true, "signedResponses": true, "requestObjects": true},
             "openid": {"enabled": false, "signedUserInfo": true}, "device": {"enabled": false, "lifetimeSeconds": 30, "intervalSeconds": 27, "selfRegisteredClients": true},
             "assertions": {"enabled": true}, "tokenExchange": {"enabled": false}, "scim": {"enabled": true, "requestsPerMinute": 37},
             "admin": {"enabled": true, "fourEyes": true, "policies": [{"name": "notes", "file": "policy.json"}]},
             "groupScopes": [{"groups": ["g"], "source": "local", "scopes": ["a"], "resources": ["https://r.example"], "clients": ["c"]}],
             "claims": [{"name": "teams", "value": "groups", "in": ["id_token", "introspection"], "groups": ["g"], "source": "local", "scope": "a"}],
             "clientAuthentication": {"methods": ["client_secret_basic"]},
             "store": {"url": "postgresql://db/gatehouse", "postgresql": {"hosts": ["h:1"], "database": "d", "user": "u", "password": "p",
              "passwordFile": "f", "schema": "s", "tls": "verify-ca", "caFile": "ca", "certificateFile": "cert", "keyFile": "key", "connections": 2,
              "waiting": 4, "statementTimeoutSeconds": 6, "lockTimeoutSeconds": 8}},
             "fetching": {"loopback": false, "trustFile": "ca.pem"},
             "mutualTls": {"enabled": true, "trustFile": "clients.pem", "proxyHeader": true},
             "recordDirectory": "/var/tmp/records"}
            """);
        AuthzOptions options = AuthzOptions.of(checked(json));
        assertThat(options).isEqualTo(new AuthzOptions(Profile.PRODUCTION, "0.0.0.0", 8443, new Issuer("https://login.example/tenant/"),
            new DatabaseOptions("/var/lib/authz.db"), new StoreConfiguration("postgresql://db/gatehouse",
                new PostgresqlOptions(List.of("h:1"), "d", "u", "p", "f", "s", "verify-ca", "ca", "cert", "key", 2, 4, 6, 8)), "/etc/authz.key", new ResourceId("https://mcp.example"),
            List.of(new ResourceOptions(new ResourceId("https://other.example/mcp"), "Other", List.of("a"), TokenFormat.JWT),
                new ResourceOptions(new ResourceId("https://third.example"), null, List.of(), null)), true,
            List.of(new ScopeOptions("a", "A", "All of a", List.of("b")), new ScopeOptions("b", "b", "", List.of())), new TokenOptions(1, 2, 3, 4, 5, TokenFormat.JWT),
            new SessionOptions(6, 7, 8, "CF-IPCountry"), new LoginOptions(9, 10, 11, 12), new PasswordOptions(false), new SecondFactorOptions(true, List.of("admins"), true), new PasskeyOptions(false), new MailOptions("smtp.example", 25, Security.NONE, "u", "f", "a@b.example"), List.of(), new PasswordHashOptions(13, 14, 15, 16),
            new IntrospectionOptions(true, 17), new ClientAuthOptions(List.of("client_secret_basic")), limits(18, 19, 20, 21, 29), List.of("192.0.2.1"),
            new TlsIdentity("c.pem", "k.pem", List.of("TLS_AES_128_GCM_SHA256")), new PurgeOptions(22, 23),
            new AuditOptions("n", new TrailOptions(false, List.of("token_issued"), 37), new FileOptions("a.jsonl", 38_000, 39), new OtlpOptions(true)),
            new StoppingOptions(35), new MetricsOptions(36, "10.0.0.1"),
            new SigningOptions("RS256", 24, 28),
            new RegistrationOptions(List.of("myapp"), new DynamicRegistrationOptions(true, true, 31, 32, List.of("refresh_token"), Pkce.NONCE),
                new DocumentOptions(false, List.of("a.example"), List.of("b.example"), 300, 31, 32, 63, 33, OptionalInt.of(34))),
            new PushedRequestOptions(true, 25), new AuthorizationOptions(true, true, true), new DpopOptions(true, 61), new OpenIdOptions(false, true), new DeviceOptions(false, 30, 27, true),
            new AssertionOptions(true, false, List.of(), false, List.of()), new TokenExchangeOptions(false), new ScimOptions(true, OptionalInt.of(37)), new AdminOptions(true, true, List.of(new PolicyOptions("notes", "policy.json"))),
            List.of(new GroupScopeOptions(List.of("g"), "local", List.of("a"), List.of("https://r.example"), List.of("c"))),
            List.of(new ClaimOptions("teams", Value.GROUPS, Set.of(Place.ID_TOKEN, Place.INTROSPECTION), List.of("g"), "local", "a")), new FetchingOptions(false, "ca.pem"),
            new MutualTlsOptions(true, "clients.pem", true), "/var/tmp/records"));
        assertThat(options.issuer().basePath()).isEqualTo("/tenant");
        assertThat(options.issuer().url("/oauth/token")).isEqualTo("https://login.example/tenant/oauth/token");
        assertThat(json.fieldNames()).containsExactlyInAnyOrderElementsOf(
            ConfigFile.schema(AuthzOptions.SCHEMA).getJsonObject("properties").fieldNames());
    }

    @Test
    void issuerFollowsHostPortAndTls() {
        assertThat(AuthzOptions.of(new JsonObject().put("host", "127.0.0.1").put("port", 1234)).issuer().identifier()).isEqualTo("http://127.0.0.1:1234");
        assertThat(AuthzOptions.of(new JsonObject().put("host", "::1")).issuer().identifier()).isEqualTo("http://[::1]:9000");
        assertThat(AuthzOptions.of(new JsonObject().put("tls", new JsonObject().put("certificateFile", "c").put("keyFile", "k"))).issuer().identifier())
            .isEqualTo("https://localhost:9000");
    }

    @Test
    void noScopesAtAllIsAChoice() {
        JsonObject none = new JsonObject().put("scopes", new JsonArray()).put("openid", new JsonObject().put("enabled", false));
        assertThat(AuthzOptions.of(none).scopes()).isEmpty();
    }

    @Test
    void limitsAreNumbersOrTheWordUnlimited() {
        JsonObject large = new JsonObject().put("profile", "production").put("rateLimits", new JsonObject().put("tokenPerMinute", 100_000_000).put("revokePerMinute", "unlimited"));
        assertThat(AuthzOptions.of(checked(large)).rateLimits()).isEqualTo(new RateLimitOptions(OptionalInt.of(100_000_000), OptionalInt.of(600),
            OptionalInt.of(120_000), UNLIMITED, OptionalInt.of(30)));
        for (Object wrong : List.of(0, "many", "600")) {
            assertThatThrownBy(() -> checked(new JsonObject().put("rateLimits", new JsonObject().put("tokenPerMinute", wrong)))).isInstanceOf(StartupException.class)
                .hasMessageContaining("rateLimits.tokenPerMinute: expected an integer from 1 to 2147483647 or \"unlimited\", found ");
        }
    }

    @Test
    void aValueThatTheSchemaCannotJudgeIsNamedWithItsPlace() {
        assertThatThrownBy(() -> AuthzOptions.of(checked(new JsonObject().put("defaultResource", "http://:80")))).isInstanceOf(StartupException.class)
            .hasMessage("defaultResource: expected an http or https URL or a URN, without fragment, found \"http://:80\"");
        JsonObject audience = new JsonObject("""
            {"audiences": [{"issuer": "https://b.example", "clients": {"x": "y"}, "resources": ["http://:80"]}]}
            """);
        assertThatThrownBy(() -> AuthzOptions.of(checked(new JsonObject().put("assertions", audience)))).isInstanceOf(StartupException.class)
            .hasMessageStartingWith("assertions.audiences[0]: ");
    }

    private static RateLimitOptions limits(int token, int authorize, int introspect, int revoke, int register) {
        return new RateLimitOptions(OptionalInt.of(token), OptionalInt.of(authorize), OptionalInt.of(introspect), OptionalInt.of(revoke), OptionalInt.of(register));
    }

    private static JsonObject checked(JsonObject json) {
        return ConfigFile.check(json, AuthzOptions.SCHEMA, Map.of());
    }
}
