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
 * The resource identifiers of this server. The audience of a token must be one of them: the MCP endpoint, or the older SSE endpoint
 * beside it, because a client that connects to {@code /sse} requests tokens for that URL (RFC 9728 §3.3).
 *
 * @param id         the MCP endpoint's URL, the resource identifier
 * @param sse        the SSE endpoint's URL
 * @param authServer issuer identifier of the authorization server
 * @param scopes     every scope that some tool or resource needs
 * @param supported  the scopes that metadata and the first challenge list, in this order; some clients request all of them
 * @param hierarchy  scopes that imply other scopes
 */
public record ProtectedResource(ResourceId id, ResourceId sse, String authServer, List<String> scopes, List<String> supported,
                                ScopeHierarchy hierarchy) {

    private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

    /**
     * Checks the components.
     *
     * @param id the MCP endpoint's URL, the resource identifier
     * @param sse the SSE endpoint's URL
     * @param authServer issuer identifier of the authorization server
     * @param scopes every scope that some tool or resource needs
     * @param supported the scopes that metadata and the first challenge list, in this order
     * @param hierarchy scopes that imply other scopes
     */
    public ProtectedResource {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(sse, "sse");
        Objects.requireNonNull(authServer, "authServer");
        Objects.requireNonNull(hierarchy, "hierarchy");
        scopes = List.copyOf(scopes);
        supported = List.copyOf(supported);
        if (!scopes.containsAll(supported)) {
            throw new IllegalArgumentException("scopesSupported lists scopes that no tool, resource or prompt needs: " + supported + "; needed are " + scopes);
        }
    }

    /**
     * {@return a resource whose scopes do not imply others}
     *
     * @param id the identifier
     * @param authServer the issuer identifier of the authorization server
     * @param scopes the scopes, in the order of challenges and metadata
     */
    public static ProtectedResource of(ResourceId id, String authServer, List<String> scopes) {
        return of(id, authServer, scopes, ScopeHierarchy.FLAT);
    }

    /**
     * {@return a resource with a hierarchy of scopes}
     *
     * @param id the identifier
     * @param authServer the issuer identifier of the authorization server
     * @param scopes the scopes, in the order of challenges and metadata
     * @param hierarchy the scopes that imply others
     */
    public static ProtectedResource of(ResourceId id, String authServer, List<String> scopes, ScopeHierarchy hierarchy) {
        String text = id.value();
        if (!id.isUrl()) {
            throw new IllegalArgumentException("The identifier of an MCP server is an http(s) URL, since its metadata is found by it (RFC 9728 section 3)");
        }
        String base = text.endsWith("/mcp") ? text.substring(0, text.length() - "/mcp".length()) : origin(id);
        return new ProtectedResource(id, ResourceId.parse(base + "/sse"), authServer, scopes, scopes, hierarchy);
    }

    /**
     * {@return this resource with other scopes in metadata and in the first challenge}
     *
     * @param listed the scopes in their order; empty for all
     */
    public ProtectedResource withSupported(List<String> listed) {
        return listed.isEmpty() ? this : new ProtectedResource(id, sse, authServer, scopes, listed, hierarchy);
    }

    /** The path of the identifier before {@code /mcp} where a router is mounted at its end; else where it is mounted. */
    String publicPath(String mountPoint) {
        String before = base().substring(origin(id).length());
        return before.endsWith(mountPoint) ? before : mountPoint;
    }

    /**
     * {@return whether an {@code aud} claim (RFC 7662 §2.2, a string or an array) contains an identifier of this server}
     *
     * @param aud the value of the claim
     */
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

    /** The common prefix of the URLs of this server. */
    private String base() {
        return sse.value().substring(0, sse.value().length() - "/sse".length());
    }

    /** Returns true if a router is mounted at that path, also behind a proxy that adds a prefix. */
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

    /** The URLs by which a client may know a path: below the identifier's own path, and the identifier itself. */
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

    /**
     * {@return the URL of the metadata of an identifier (RFC 9728 §3.1)}
     *
     * @param name the identifier
     * @param mountPoint the path under which the router is mounted
     */
    public String metadataUrl(ResourceId name, String mountPoint) {
        return (mountPoint.isEmpty() ? origin(name) : isBelow(mountPoint) ? base() : origin(id) + mountPoint) + metadataPath(name);
    }

    /** Path of the metadata document of one of our names: its path follows the well-known name (RFC 9728 §3.1). */
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
