package dev.gatehouse.authz;

import dev.gatehouse.authz.client.TokenFormat;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.scope.ResourceOptions;
import dev.gatehouse.authz.scope.ScopeOptions;
import dev.gatehouse.authz.session.BrowserSessions.SessionOptions;
import dev.gatehouse.authz.session.PasswordLogin.LoginOptions;
import dev.gatehouse.authz.token.TokenOptions;
import dev.gatehouse.authz.user.PasswordHasher.PasswordHashOptions;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.fetch.SafeFetcher.FetchOptions;
import dev.gatehouse.shared.http.TlsIdentity;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The authorization server's configuration.
 *
 * @param host the name or address to listen on
 * @param port 0 for any free one, and then an issuer has to be given
 * @param issuer as clients compare it, byte by byte (RFC 8414 §3.3)
 * @param databaseFile relative to the data home, or absolute
 * @param keyFile relative to the data home, or absolute
 * @param defaultResource the audience of tokens for which no resource was asked
 * @param resources what else tokens may be asked for
 * @param anyLoopbackResource whether a token may be asked for any resource on this machine
 * @param scopes all that exist
 * @param trustedProxies addresses, or networks in CIDR notation, of the proxies whose X-Forwarded-For is believed
 * @param tls null for plain http
 * @param features what goes beyond the authorization code
 * @param graceSeconds how long requests under way have for their answers when the server stops
 */
public record AuthzOptions(Profile profile, String host, int port, String issuer, String databaseFile, String keyFile,
                           ResourceId defaultResource, List<ResourceOptions> resources, boolean anyLoopbackResource,
                           List<ScopeOptions> scopes, TokenOptions tokens, SessionOptions session, LoginOptions login,
                           PasswordHashOptions passwordHash, IntrospectionOptions introspection,
                           RateLimitOptions rateLimits, List<String> trustedProxies, TlsIdentity tls,
                           PurgeOptions purge, FeatureOptions features, int graceSeconds) {

    private static final int DEFAULT_PORT = 9000;

    public AuthzOptions {
        resources = List.copyOf(resources);
        scopes = List.copyOf(scopes);
        trustedProxies = List.copyOf(trustedProxies);
    }

    /**
     * Reads a configuration that the schema {@code schema/authz.json} has passed.
     *
     * @throws dev.gatehouse.shared.oauth.OAuthException where a resource is no resource identifier
     */
    public static AuthzOptions of(JsonObject json) {
        Profile profile = json.getString("profile", "demo").equals("production") ? Profile.PRODUCTION : Profile.DEMO;
        boolean demo = profile == Profile.DEMO;
        String host = json.getString("host", "localhost");
        int port = json.getInteger("port", DEFAULT_PORT);
        JsonObject files = json.getJsonObject("tls");
        TlsIdentity tls = files == null ? null : new TlsIdentity(files.getString("certificateFile"), files.getString("keyFile"),
            files.containsKey("cipherSuites") ? texts(files.getJsonArray("cipherSuites")) : null);
        return new AuthzOptions(profile, host, port,
            json.getString("issuer", defaultIssuer(host, port, tls != null)),
            section(json, "database").getString("file", "authz.db"),
            json.getString("keyFile", "keys/authz.key"),
            ResourceId.parse(json.getString("defaultResource", "http://localhost:8001/mcp")),
            ResourceOptions.of(json.getJsonArray("resources", new JsonArray())),
            json.getBoolean("anyLoopbackResource", demo),
            scopes(json),
            TokenOptions.of(section(json, "tokens")),
            SessionOptions.of(section(json, "session")),
            LoginOptions.of(section(json, "login")),
            PasswordHashOptions.of(section(json, "passwordHash")),
            IntrospectionOptions.of(section(json, "introspection"), demo),
            RateLimitOptions.of(section(json, "rateLimits"), demo),
            texts(json.getJsonArray("trustedProxies", new JsonArray())), tls,
            PurgeOptions.of(section(json, "purge")),
            FeatureOptions.of(json, demo), section(json, "stopping").getInteger("graceSeconds", 10));
    }

    private static String defaultIssuer(String host, int port, boolean overTls) {
        String name = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return (overTls ? "https://" : "http://") + name + ":" + port;
    }

    private static List<ScopeOptions> scopes(JsonObject json) {
        List<ScopeOptions> declared = ScopeOptions.of(json.getJsonArray("scopes"));
        return section(json, "openid").getBoolean("enabled", true) ? ScopeOptions.withIdentity(declared) : declared;
    }

    private static JsonObject section(JsonObject json, String name) {
        return json.getJsonObject(name, new JsonObject());
    }

    public static List<String> texts(JsonArray array) {
        return array.stream().map(String.class::cast).toList();
    }

    /** The format of access tokens for a resource that names none. */
    public TokenFormat tokenFormat() {
        return tokens.format();
    }

    /** Whether this server is in the demo profile. */
    public boolean isDemo() {
        return profile == Profile.DEMO;
    }

    /** Whether browsers and clients reach this server by https, be it through a proxy. */
    public boolean isHttps() {
        return issuer.startsWith("https://");
    }

    /** The path of the issuer, under which everything is served: empty, or a slash and segments without a final one. */
    public String basePath() {
        String path = URI.create(issuer).getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    /** The absolute URL of an endpoint. @param path as {@code /oauth/token} */
    public String url(String path) {
        return (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer) + path;
    }

    /** How far documents and keys of clients are fetched. */
    public FetchOptions fetching(DataHome home) {
        String trustFile = features.fetching().trustFile();
        return FetchOptions.DEFAULT.withLoopbackAllowed(features.fetching().loopback())
            .withTrustFile(trustFile == null ? null : home.file(trustFile));
    }

    /** The wire names of all scopes, in the configured order. */
    public List<String> scopeNames() {
        return scopes.stream().map(ScopeOptions::name).toList();
    }

    /** Those of these grants that a client which registered or describes itself may have. */
    public List<String> selfRegisteredGrants(Collection<String> grants) {
        boolean devices = features.device().enabled() && features.device().selfRegisteredClients();
        return grants.stream().filter(grant -> devices || !grant.equals(GrantType.DEVICE_CODE.wireName())).toList();
    }

    /** Which scopes come with which. @throws IllegalArgumentException where they do in a circle */
    public ScopeHierarchy scopeHierarchy() {
        Map<String, List<String>> implied = new LinkedHashMap<>();
        scopes.forEach(scope -> implied.put(scope.name(), scope.implies()));
        return ScopeHierarchy.of(implied);
    }

    /** What a server is run for. */
    public enum Profile {
        /** Loopback only, plain http, with a well-known user and client. */
        DEMO,
        /** Refuses to start while anything of the demo is left. */
        PRODUCTION
    }

    /** How often expired rows are removed, and how many of a table in one transaction. */
    public record PurgeOptions(long intervalSeconds, int rowsPerStep) {

        static PurgeOptions of(JsonObject json) {
            return new PurgeOptions(json.getLong("intervalSeconds", 60L), json.getInteger("rowsPerStep", 500));
        }
    }

    /**
     * How tokens are introspected.
     *
     * @param openOnLoopback whether callers on this machine need no client credentials
     * @param indexEntries tokens that are kept in memory; the store answers for the rest
     */
    public record IntrospectionOptions(boolean openOnLoopback, int indexEntries) {

        public static IntrospectionOptions of(JsonObject json, boolean demo) {
            return new IntrospectionOptions(json.getBoolean("openOnLoopback", demo), json.getInteger("indexEntries", 250_000));
        }
    }

    /** Requests that one source may make in a minute. The demo's defaults bound nothing that one machine can send. */
    public record RateLimitOptions(int tokenPerMinute, int authorizePerMinute, int introspectPerMinute, int revokePerMinute,
                                   int registerPerMinute) {

        private static final int DEMO = 100_000_000;
        private static final int PEOPLE = 600;
        private static final int REGISTRATIONS = 30;
        /** Resource servers ask for all their users from one address. */
        private static final int SERVERS = 120_000;

        static RateLimitOptions of(JsonObject json, boolean demo) {
            int people = demo ? DEMO : PEOPLE;
            return new RateLimitOptions(json.getInteger("tokenPerMinute", people), json.getInteger("authorizePerMinute", people),
                json.getInteger("introspectPerMinute", demo ? DEMO : SERVERS), json.getInteger("revokePerMinute", people),
                json.getInteger("registerPerMinute", demo ? DEMO : REGISTRATIONS));
        }
    }
}
