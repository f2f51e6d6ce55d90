package dev.gatehouse.resource;

import dev.gatehouse.mcp.AllowedHosts;
import dev.gatehouse.mcp.bearer.DpopGuard.DpopOptions;
import dev.gatehouse.mcp.bearer.IntrospectionOptions;
import dev.gatehouse.mcp.bearer.LocalJwts.LocalJwtOptions;
import dev.gatehouse.mcp.transport.McpHttpTransport;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import dev.gatehouse.resource.usage.UsageMeter.UsageQuota;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.fetch.TrustedAuthorities;
import dev.gatehouse.shared.http.TlsIdentity;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.TrustOptions;

import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The configuration of the MCP server.
 *
 * @param production   whether whatever is fit for a demonstration only is refused
 * @param host         name or address to listen on
 * @param port         to listen on
 * @param resource     the identifier that a token's audience must hold
 * @param scopes       which scopes come with which, beyond what tokens themselves say
 * @param notesFile    the database, relative to the data home
 * @param notesKeyFile the key that seals notes, relative to the data home
 * @param tls          null for plain http; files relative to the data home or absolute
 * @param trustFile    PEM file of authorities that may certify the authorization server beside the platform's, relative to the data home
 *                     or absolute, or null
 * @param graceSeconds how long requests under way have for their answers when the server stops
 */
record ResourceOptions(boolean production, String host, int port, ResourceId resource, ScopeHierarchy scopes,
                              IntrospectionOptions introspection, LocalJwtOptions localJwt, DpopOptions dpop, McpTransportOptions transport, String notesFile,
                              String notesKeyFile, UsageQuota quota,
                              TlsIdentity tls, String trustFile, int graceSeconds) {

    /** Pages that a developer serves on this machine, such as an inspector's. */
    private static final JsonArray LOOPBACK_ORIGINS = JsonArray.of("http://localhost:*", "http://127.0.0.1:*", "http://[::1]:*",
        "https://localhost:*", "https://127.0.0.1:*", "https://[::1]:*");
    private static final int REQUEST_SECONDS = 60;
    private static final int QUEUE_BYTES = 1_048_576;

    /**
     * Reads a configuration that has passed the schema.
     *
     * @throws StartupException when the resource is no resource identifier or cannot be derived, or scopes imply each other
     */
    public static ResourceOptions of(JsonObject json) {
        String host = json.getString("host", "localhost");
        int port = json.getInteger("port", 8001);
        TlsIdentity tls = TlsIdentity.of(json.getJsonObject("tls"));
        ResourceId resource = resource(json.getString("resource"), host, port, tls != null);
        JsonObject notes = section(json, "notes");
        JsonObject usage = section(json, "usage");
        IntrospectionOptions introspection = introspection(json.getString("authServer", "http://localhost:9000"), section(json, "introspection"));
        return new ResourceOptions("production".equals(json.getString("profile")), host, port, resource, scopes(json.getJsonArray("scopes")), introspection,
            localJwt(section(json, "localJwt")), dpop(section(json, "dpop")), transport(json, resource, introspection.revalidateSeconds()),
            notes.getString("file", "notes.db"), notes.getString("keyFile", "keys/notes.key"),
            new UsageQuota(usage.getLong("requestsPerMonth", 100_000L), usage.getLong("tokensPerMonth", 10_000_000L)), tls,
            textOrNull(section(json, "fetching"), "trustFile"), section(json, "stopping").getInteger("graceSeconds", 10));
    }

    private static LocalJwtOptions localJwt(JsonObject json) {
        return new LocalJwtOptions(json.getBoolean("enabled", false), json.getInteger("clockSkewSeconds", 10));
    }

    private static ResourceId resource(String configured, String host, int port, boolean overTls) {
        if (configured == null && port == 0) {
            throw new StartupException("Port 0 means any free port, so this server's URL is not known beforehand. Set resource to it.");
        }
        String name = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
        try {
            return requireUrl(ResourceId.parse(configured != null ? configured : (overTls ? "https://" : "http://") + name + ":" + port + "/mcp"), configured);
        } catch (OAuthException e) {
            throw new StartupException("resource: " + configured + " is not a resource identifier: an absolute http(s) URL without user and fragment", e);
        }
    }

    /** The metadata of an MCP server is found by its identifier (RFC 9728 §3), so a name without an address does not do. */
    private static ResourceId requireUrl(ResourceId resource, String configured) {
        if (!resource.isUrl()) {
            throw new StartupException("resource: " + configured + " has no address: an MCP server's identifier is an absolute http(s) URL");
        }
        return resource;
    }

    private static ScopeHierarchy scopes(JsonArray declared) {
        Map<String, List<String>> implied = new LinkedHashMap<>();
        for (int i = 0; declared != null && i < declared.size(); i++) {
            JsonObject scope = declared.getJsonObject(i);
            implied.put(scope.getString("name"), scope.getJsonArray("implies").stream().map(String.class::cast).toList());
        }
        try {
            return ScopeHierarchy.of(implied);
        } catch (IllegalArgumentException circle) {
            throw new StartupException("scopes: no scope may imply itself, but " + circle.getMessage(), circle);
        }
    }

    private static IntrospectionOptions introspection(String authServer, JsonObject json) {
        return new IntrospectionOptions(authServer, textOrNull(json, "clientId"), textOrNull(json, "clientSecret"),
            json.getInteger("timeoutMillis", 3_000), json.getInteger("cacheSeconds", 60), json.getInteger("negativeCacheSeconds", 5),
            json.getInteger("cacheEntries", 100_000), json.getInteger("revalidateSeconds", 4));
    }

    private static DpopOptions dpop(JsonObject json) {
        return new DpopOptions(json.getBoolean("required", false), json.getBoolean("nonceRequired", false),
            json.getInteger("proofSeconds", 60), json.getInteger("proofsKept", 200_000));
    }

    private static McpTransportOptions transport(JsonObject json, ResourceId resource, int revalidateSeconds) {
        JsonObject sessions = section(json, "sessions");
        JsonObject limits = section(json, "limits");
        Set<String> hosts = AllowedHosts.of(resource, texts(json.getJsonArray("allowedHosts")));
        boolean demo = !"production".equals(json.getString("profile"));
        return new McpTransportOptions(texts(json.getJsonArray("allowedOrigins", demo ? LOOPBACK_ORIGINS : null)), hosts,
            limits.getInteger("bodyBytes", 4_194_304), limits.getInteger("jsonDepth", 64),
            sessions.getInteger("maximum", 10_000), sessions.getInteger("perPrincipal", 100), sessions.getInteger("idleSeconds", 1_800),
            sessions.getInteger("keepAliveSeconds", 20), revalidateSeconds, REQUEST_SECONDS, QUEUE_BYTES,
            limits.getInteger("callSeconds", McpTransportOptions.CALL_SECONDS));
    }

    /**
     * The authorities that may certify the authorization server: those of the platform and of the file. Blocking.
     *
     * @return null for the platform's alone
     * @throws StartupException when the file cannot be read or holds no certificate
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

    /** An environment variable that is not set leaves an empty text behind, which means none. */
    private static String textOrNull(JsonObject json, String key) {
        String text = json.getString(key, "");
        return text.isEmpty() ? null : text;
    }

    private static JsonObject section(JsonObject json, String name) {
        return json.getJsonObject(name, new JsonObject());
    }

    private static Set<String> texts(JsonArray array) {
        return array == null ? Set.of() : array.stream().map(String.class::cast).collect(Collectors.toUnmodifiableSet());
    }

    /** The path of this server's public address, under which everything is served: empty, or a slash and segments without a final one. */
    public String basePath() {
        String path = URI.create(resource.value()).getRawPath();
        return path != null && path.endsWith(McpHttpTransport.STREAMABLE) ? path.substring(0, path.length() - McpHttpTransport.STREAMABLE.length()) : "";
    }

    /**
     * Refuses what this profile must not run with.
     *
     * @return these options
     * @throws StartupException that names each setting to mend
     */
    public ResourceOptions requireSafe() {
        List<String> problems = SafetyCheck.problems(this);
        if (!problems.isEmpty()) {
            throw new StartupException("The MCP server does not start like this:\n  " + String.join("\n  ", problems));
        }
        return this;
    }
}
