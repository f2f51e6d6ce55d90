package dev.gatehouse.authz.token;

import dev.gatehouse.authz.options.AuthzOptions;
import dev.gatehouse.authz.options.ResourceOptions;
import dev.gatehouse.authz.store.TokenFormat;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.ResourceId;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which resources tokens may be asked for (RFC 8707 §2). */
public final class ResourcePolicy {

    private final String defaultResource;
    private final boolean anyLoopback;
    private final TokenFormat format;
    private final Map<String, ResourceOptions> known = new LinkedHashMap<>();

    public ResourcePolicy(AuthzOptions options) {
        defaultResource = options.defaultResource().value();
        anyLoopback = options.anyLoopbackResource();
        format = options.tokens().format();
        known.put(defaultResource, new ResourceOptions(options.defaultResource(), List.of(), null));
        options.resources().forEach(entry -> known.put(entry.resource().value(), entry));
    }

    /**
     * Resolves the {@code resource} parameters of a request.
     *
     * @param requested as they were sent; empty for the default resource
     * @return canonical identifiers, at least one, none twice
     * @throws OAuthException {@code invalid_target} when one is no identifier or not served by this server
     */
    public List<String> resolve(List<String> requested) {
        if (requested.isEmpty()) {
            return List.of(defaultResource);
        }
        Set<String> resolved = new LinkedHashSet<>();
        requested.forEach(text -> resolved.add(requireKnown(ResourceId.parse(text))));
        return List.copyOf(resolved);
    }

    /** Whether tokens are issued for a resource. @param resource its canonical identifier */
    public boolean serves(String resource) {
        return isKnown(ResourceId.parse(resource));
    }

    private boolean isKnown(ResourceId resource) {
        return known.containsKey(resource.value()) || anyLoopback && resource.isLoopback();
    }

    private String requireKnown(ResourceId resource) {
        if (!isKnown(resource)) {
            throw new OAuthException(OAuthErrorCode.INVALID_TARGET, "No tokens are issued here for this resource");
        }
        return resource.value();
    }

    /** Whether the access tokens of a resource that {@link #resolve} returned are JWTs. */
    public boolean takesJwt(String resource) {
        ResourceOptions options = known.get(resource);
        return (options == null || options.tokenFormat() == null ? format : options.tokenFormat()) == TokenFormat.JWT;
    }

    /** Whether a scope means something at a resource that {@link #resolve} returned. */
    boolean offers(String resource, String scope) {
        ResourceOptions options = known.get(resource);
        return options == null || options.scopes().isEmpty() || options.scopes().contains(scope);
    }
}
