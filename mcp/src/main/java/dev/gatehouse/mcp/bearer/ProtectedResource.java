package dev.gatehouse.mcp.bearer;

import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import io.vertx.core.json.JsonArray;

import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What this server is called. A token's audience must be one of its names: the MCP endpoint, or the older SSE endpoint
 * beside it, because a client that connects to {@code /sse} asks for tokens for what it connects to (RFC 9728 §3.3).
 *
 * @param id         the MCP endpoint's URL, the resource identifier
 * @param sse        the SSE endpoint's URL
 * @param authServer issuer identifier of the authorization server
 * @param scopes     every scope that some tool or resource needs
 * @param hierarchy  which scopes come with which, beyond what tokens themselves say
 */
public record ProtectedResource(ResourceId id, ResourceId sse, String authServer, List<String> scopes,
                                ScopeHierarchy hierarchy) {

    private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

    public ProtectedResource {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(sse, "sse");
        Objects.requireNonNull(authServer, "authServer");
        Objects.requireNonNull(hierarchy, "hierarchy");
        scopes = List.copyOf(scopes);
    }

    /** One whose tokens name every scope that they give. */
    public static ProtectedResource of(ResourceId id, String authServer, List<String> scopes) {
        return of(id, authServer, scopes, ScopeHierarchy.FLAT);
    }

    /** @param scopes in the order in which challenges and metadata name them */
    public static ProtectedResource of(ResourceId id, String authServer, List<String> scopes, ScopeHierarchy hierarchy) {
        String text = id.value();
        if (!id.isUrl()) {
            throw new IllegalArgumentException("The identifier of an MCP server is an http(s) URL, since its metadata is found by it (RFC 9728 section 3)");
        }
        String base = text.endsWith("/mcp") ? text.substring(0, text.length() - "/mcp".length()) : origin(id);
        return new ProtectedResource(id, ResourceId.parse(base + "/sse"), authServer, scopes, hierarchy);
    }

    /** The path of the identifier before {@code /mcp} where a router is mounted at its end; else where it is mounted. */
    String publicPath(String mountPoint) {
        String before = base().substring(origin(id).length());
        return before.endsWith(mountPoint) ? before : mountPoint;
    }

    /** Whether a token whose {@code aud} claim (RFC 7662 §2.2, a string or an array) this is was made for this server. */
    public boolean isAudience(Object aud) {
        if (aud instanceof JsonArray several) {
            return several.stream().anyMatch(this::isName);
        }
        return isName(aud);
    }

    private boolean isName(Object audience) {
        if (!(audience instanceof String text)) {
            return false;
        }
        if (text.equals(id.value())) {
            return true;
        }
        try {
            return isName(ResourceId.parse(text));
        } catch (OAuthException notAResource) {
            return false;
        }
    }

    /** A final slash makes no difference; on loopback neither does which of its names is used, and the origin stands for its server. */
    private boolean isName(ResourceId named) {
        ResourceId called = id.isLoopback() ? named.asCalled(URI.create(id.value()).getHost()) : named;
        List<ResourceId> names = List.of(id, sse);
        return names.contains(called) || names.contains(called.withOtherEnding()) || id.isLoopback() && called.value().equals(origin(id));
    }

    /** What all URLs of this server begin with. */
    private String base() {
        return sse.value().substring(0, sse.value().length() - "/sse".length());
    }

    /** Whether that is where a router is mounted, be it behind a proxy that adds more before. */
    private boolean isBelow(String mountPoint) {
        return !mountPoint.isEmpty() && base().substring(origin(id).length()).endsWith(mountPoint);
    }

    private String withoutMount(String mountPoint, String path) {
        return path.startsWith(mountPoint) ? path.substring(mountPoint.length()) : path;
    }

    /**
     * The identifier that a client at a path knows the server by.
     *
     * @param mountPoint as {@link dev.gatehouse.shared.http.MountPoint} tells it
     */
    ResourceId nameAt(String mountPoint, String path) {
        String own = withoutMount(mountPoint, path);
        return own.equals("/sse") || own.equals("/messages") ? sse : id;
    }

    /** What a client may call the URL at a path: under the identifier's own path, and the identifier itself. */
    List<String> urlsAt(String mountPoint, String path) {
        String own = withoutMount(mountPoint, path);
        Set<String> urls = new LinkedHashSet<>();
        urls.add(base() + (isBelow(mountPoint) ? own : path));
        if (own.equals("/mcp")) {
            urls.add(id.value());
        }
        if (mountPoint.isEmpty() && path.startsWith(base().substring(origin(id).length()) + '/')) {
            // Nothing was taken off the path on its way here.
            urls.add(origin(id) + path);
        }
        return List.copyOf(urls);
    }

    /** Where the metadata of one of our names is served by a router: at the origin, or below the path that the router is mounted at. */
    public String metadataUrl(ResourceId name, String mountPoint) {
        return (mountPoint.isEmpty() ? origin(name) : isBelow(mountPoint) ? base() : origin(id) + mountPoint) + metadataPath(name);
    }

    /** Path of the metadata document of one of our names: its path goes behind the well-known name (RFC 9728 §3.1). */
    static String metadataPath(ResourceId name) {
        String path = URI.create(name.value()).getRawPath();
        return WELL_KNOWN + (path == null ? "" : path);
    }

    static String rootMetadataPath() {
        return WELL_KNOWN;
    }

    private static String origin(ResourceId id) {
        URI uri = URI.create(id.value());
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }
}
