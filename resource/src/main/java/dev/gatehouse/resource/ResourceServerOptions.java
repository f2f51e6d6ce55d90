package dev.gatehouse.resource;

import dev.gatehouse.mcp.AllowedHosts;
import dev.gatehouse.mcp.bearer.DpopGuard.DpopOptions;
import dev.gatehouse.mcp.bearer.IntrospectionOptions;
import dev.gatehouse.mcp.bearer.LocalJwts.LocalJwtOptions;
import dev.gatehouse.mcp.transport.McpHttpTransport;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import dev.gatehouse.policy.InvalidPolicyException;
import dev.gatehouse.policy.WatchedPolicy;
import dev.gatehouse.resource.usage.UsageMeter.UsageQuota;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.config.Profile;
import dev.gatehouse.shared.config.RecordBinder;
import dev.gatehouse.shared.config.SecretFile;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.fetch.TrustedAuthorities;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.ClientCertificates;
import dev.gatehouse.shared.http.Draining.StoppingOptions;
import dev.gatehouse.shared.http.TlsIdentity;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import dev.gatehouse.shared.sql.StoreConfiguration;
import dev.gatehouse.shared.telemetry.MetricsOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.TrustOptions;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The configuration of the MCP server. The schema {@value #SCHEMA} holds the type, the default and the description of each
 * component.
 *
 * @param scopesSupported the scopes of the metadata in their order; empty for all
 * @param tls null for plain http
 * @param recordDirectory the directory of recorded login attempts; null to record none
 */
record ResourceServerOptions(Profile profile, String host, int port, ResourceId resource, String authServer, List<ScopeOptions> scopes, List<String> scopesSupported,
                             IntrospectionSection introspection, LocalJwtOptions localJwt, DpopOptions dpop, Set<String> allowedOrigins,
                             Set<String> allowedHosts, NotesOptions notes, StoreConfiguration store, UsageQuota usage, SessionsOptions sessions, LimitsOptions limits,
                             FetchingOptions fetching, PolicyOptions policy, StoppingOptions stopping, MetricsOptions metrics, TlsIdentity tls,
                             List<String> trustedProxies, MutualTlsOptions mutualTls, String recordDirectory) {

    static final String SCHEMA = "schema/resource.json";

    private static final int REQUEST_SECONDS = 60;
    private static final int QUEUE_BYTES = 1_048_576;

    ResourceServerOptions {
        resource = resource == null ? resourceAt(host, port, tls != null) : requireUrl(resource);
        authServer = IntrospectionOptions.of(authServer).authServer();
        scopes = List.copyOf(scopes);
        scopesSupported = List.copyOf(scopesSupported);
        allowedOrigins = Set.copyOf(allowedOrigins);
        allowedHosts = Set.copyOf(allowedHosts);
        trustedProxies = List.copyOf(trustedProxies);
    }

    /**
     * Binds a configuration.
     *
     * @throws StartupException when a value has the wrong type, or the resource is no URL or cannot be derived
     */
    static ResourceServerOptions of(JsonObject json) {
        return new RecordBinder(SCHEMA, Map.of(ResourceId.class, ResourceId::parse)).bind(json, ResourceServerOptions.class);
    }

    private static ResourceId resourceAt(String host, int port, boolean overTls) {
        if (port == 0) {
            throw new StartupException("resource: port 0 takes any free port, so this server's URL is not known. Set resource to it.");
        }
        String name = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        return ResourceId.parse((overTls ? "https://" : "http://") + name + ":" + port + McpHttpTransport.STREAMABLE);
    }

    /** RFC 9728 §3 derives the URL of the metadata from the identifier, so the identifier must be a URL. */
    private static ResourceId requireUrl(ResourceId resource) {
        if (!resource.isUrl()) {
            throw new StartupException("resource: " + resource + " has no address: an MCP server's identifier is an absolute http(s) URL");
        }
        return resource;
    }

    boolean isProduction() {
        return profile == Profile.PRODUCTION;
    }

    /**
     * The options of the library's introspection client. Blocking: reads the file of the secret.
     *
     * @throws StartupException if the file cannot be read
     */
    IntrospectionOptions introspectionClient(DataHome home) {
        return new IntrospectionOptions(authServer, introspection.clientId, introspection.secret(home), introspection.timeoutMillis,
            introspection.cacheSeconds, introspection.negativeCacheSeconds, introspection.cacheEntries, introspection.revalidateSeconds);
    }

    /** The options of the library's transports. */
    McpTransportOptions transport() {
        return new McpTransportOptions(allowedOrigins, AllowedHosts.of(resource, allowedHosts), limits.bodyBytes, limits.jsonDepth,
            sessions.maximum, sessions.perPrincipal, sessions.idleSeconds, sessions.keepAliveSeconds, introspection.revalidateSeconds,
            REQUEST_SECONDS, QUEUE_BYTES, limits.callSeconds);
    }

    /** The certificates of clients. @throws StartupException if a trusted proxy is neither an address nor a network */
    ClientCertificates clientCertificates() {
        return ClientCertificates.configured(mutualTls.enabled, mutualTls.proxyHeader, new ClientAddress(trustedProxies));
    }

    /** The scopes that imply others. @throws IllegalArgumentException when they are cyclic */
    ScopeHierarchy scopeHierarchy() {
        Map<String, List<String>> implied = new LinkedHashMap<>();
        scopes.forEach(scope -> implied.put(scope.name, scope.implies));
        return ScopeHierarchy.of(implied);
    }

    /** All scopes, space-separated. */
    String scopeNames() {
        return String.join(" ", scopes.stream().map(ScopeOptions::name).toList());
    }

    /** The path of this server's public URL below which everything is served: empty, or a slash and segments without a final slash. */
    String basePath() {
        String path = URI.create(resource.value()).getRawPath();
        return path != null && path.endsWith(McpHttpTransport.STREAMABLE) ? path.substring(0, path.length() - McpHttpTransport.STREAMABLE.length()) : "";
    }

    /**
     * Checks the rules of the profile.
     *
     * @return these options
     * @throws StartupException that names each wrong setting
     */
    ResourceServerOptions requireSafe() {
        List<String> problems = SafetyCheck.problems(this);
        if (!problems.isEmpty()) {
            throw new StartupException("The MCP server does not start with this configuration:\n  " + String.join("\n  ", problems));
        }
        return this;
    }

    /** A scope that includes others. */
    record ScopeOptions(String name, List<String> implies) {
    }

    /** Introspection of tokens at the authorization server. The secret stands here, or in a file. */
    record IntrospectionSection(String clientId, String clientSecret, String clientSecretFile, int timeoutMillis, int cacheSeconds, int negativeCacheSeconds,
                                int cacheEntries, int revalidateSeconds) {

        /** An environment variable that is not set gives an empty text. */
        IntrospectionSection {
            clientId = clientId == null || clientId.isEmpty() ? null : clientId;
            clientSecret = clientSecret == null || clientSecret.isEmpty() ? null : clientSecret;
        }

        private String secret(DataHome home) {
            return clientSecretFile == null ? clientSecret : new SecretFile("introspection.clientSecretFile", home.file(clientSecretFile)).read();
        }

        @Override
        public String toString() {
            return "IntrospectionSection[clientId=" + clientId + "]";
        }
    }

    /** The files of the notes. */
    record NotesOptions(String file, String keyFile) {
    }

    /** Limits of sessions and streams. */
    record SessionsOptions(int maximum, int perPrincipal, int idleSeconds, int keepAliveSeconds) {
    }

    /** Limits of a message and its response. */
    record LimitsOptions(int bodyBytes, int jsonDepth, int callSeconds) {
    }

    /** Client certificates, for tokens that are bound to one (RFC 8705). @param proxyHeader whether the trusted proxies send them in headers (RFC 9440) */
    record MutualTlsOptions(boolean enabled, boolean proxyHeader) {
    }

    /** The policy of the tools. @param file may be null */
    record PolicyOptions(String file, boolean listOnlyAllowed) {

        /**
         * Reads the policy file and watches it. Blocking.
         *
         * @throws StartupException if the file cannot be read or has an error
         */
        WatchedPolicy open(Vertx vertx, DataHome home, Clock clock) {
            Path path = home.file(file);
            try {
                return WatchedPolicy.open(vertx, path, ResourceFeatures.NAME, listOnlyAllowed, clock);
            } catch (IOException e) {
                throw new StartupException("policy.file: " + path + " cannot be read: " + e.getMessage(), e);
            } catch (InvalidPolicyException e) {
                throw new StartupException("policy.file: " + path + ": " + e.getMessage(), e);
            }
        }
    }

    /** Connections to the authorization server. @param trustFile may be null */
    record FetchingOptions(String trustFile) {

        /**
         * Returns the certificate authorities for the authorization server: those of the platform and of the file. Blocking.
         *
         * @return null for only those of the platform
         * @throws StartupException if the file cannot be read or has no certificate
         */
        TrustOptions trust(DataHome home) {
            if (trustFile == null) {
                return null;
            }
            try {
                return TrustedAuthorities.withFile(home.file(trustFile));
            } catch (IOException e) {
                throw new StartupException("fetching.trustFile: " + home.file(trustFile) + " cannot be read: " + e.getMessage(), e);
            }
        }
    }
}
