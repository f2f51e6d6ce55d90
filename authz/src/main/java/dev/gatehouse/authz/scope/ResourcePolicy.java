package dev.gatehouse.authz.scope;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientPolicy.TokenFormat;
import dev.gatehouse.authz.scope.ScopePolicy.ScopeOptions;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.Scopes;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The resources that clients may ask tokens for (RFC 8707 §2). */
public final class ResourcePolicy {

    /** The path of the userinfo endpoint below the issuer. */
    public static final String USERINFO_PATH = "/oauth/userinfo";

    private final String defaultResource;
    private final boolean anyLoopback;
    private final TokenFormat format;
    /** The URL of the userinfo endpoint, which is the audience of its tokens; null if there is none. */
    private final String userInfo;
    /** The URL of the provisioning endpoint, which is the audience of its tokens; null if there is none. */
    private final String provisioning;
    /** The URL of the administration API, which is the audience of its tokens; null if there is none. */
    private final String administration;
    private final Map<String, ResourceOptions> known = new LinkedHashMap<>();

    /**
     * @param resources the other resources
     * @param anyLoopback whether every resource on this machine is served
     * @param format the format of access tokens for resources without a format of their own
     * @param own the resources of this server itself
     */
    public ResourcePolicy(ResourceId defaultResource, List<ResourceOptions> resources, boolean anyLoopback, TokenFormat format, OwnResources own) {
        this.defaultResource = defaultResource.value();
        this.anyLoopback = anyLoopback;
        this.format = format;
        this.userInfo = identifier(own.userInfo());
        this.provisioning = identifier(own.provisioning());
        this.administration = identifier(own.administration());
        known.put(this.defaultResource, new ResourceOptions(defaultResource, null, List.of(), null));
        resources.forEach(entry -> known.put(entry.resource().value(), entry));
    }

    private static String identifier(String url) {
        return url == null ? null : new ResourceId(url).value();
    }

    /**
     * The URLs of the endpoints of this server that are protected resources; null for an endpoint that it does not have.
     *
     * @param administration the API of the administration
     */
    public record OwnResources(String userInfo, String provisioning, String administration) {

        public static final OwnResources NONE = new OwnResources(null, null, null);
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
        // Most requests name a resource as this server does.
        ResourceId.requireFew(requested).forEach(text -> resolved.add(known.containsKey(text) ? text : requireKnown(ResourceId.parse(text))));
        return List.copyOf(resolved);
    }

    /**
     * The same for a client that may have been given a choice of resources by the operator. Where it asks for none, it gets
     * the default, or the only one that it may have. A client with no scope but that of provisioning gets the provisioning endpoint.
     *
     * @throws OAuthException {@code invalid_target} also when one is not for this client
     */
    public List<String> resolve(List<String> requested, Client client) {
        boolean provisions = provisioning != null && client.scopes().values().equals(Set.of(ScopePolicy.PROVISIONING));
        List<String> allowed = provisions ? List.of(provisioning) : client.policy().resources();
        boolean onlyOne = requested.isEmpty() && allowed.size() == 1;
        return requireAllowed(resolve(onlyOne ? allowed : requested), client);
    }

    /** Requires resources for which a client can have a token of its own. Returns them. @throws OAuthException {@code invalid_target} */
    public List<String> requireWithoutUser(List<String> resources) {
        if (administration != null && resources.contains(administration)) {
            throw new OAuthException(OAuthErrorCode.INVALID_TARGET, "Only users with a role get tokens for the administration");
        }
        return resources;
    }

    /** Requires that resources are for this client. Returns them. @throws OAuthException {@code invalid_target} */
    public List<String> requireAllowed(List<String> resources, Client client) {
        if (!resources.stream().allMatch(resource -> isAllowed(resource, client))) {
            throw new OAuthException(OAuthErrorCode.INVALID_TARGET, "This client gets no tokens for this resource");
        }
        return resources;
    }

    /** Returns true if this client may have tokens for a resource. @param resource as it was resolved once */
    boolean isFor(String resource, Client client) {
        return find(new ResourceId(resource)) != null && isAllowed(resource, client);
    }

    /** Userinfo is for every client, as far as the identity scopes go that it may have. */
    private boolean isAllowed(String resource, Client client) {
        boolean refused = resource.equals(provisioning) && !client.scopes().contains(ScopePolicy.PROVISIONING)
            || resource.equals(administration) && !ScopePolicy.hasAdministrative(client.scopes());
        return !refused && (client.policy().resources().isEmpty() || isUserInfo(resource) || isNamedFor(resource, client));
    }

    /** Returns true if the operator has named a resource for this client; a slash at the end does not count. @param resource as it was resolved once */
    public boolean isNamedFor(String resource, Client client) {
        List<String> named = client.policy().resources();
        return named.contains(resource) || named.contains(new ResourceId(resource).withOtherEnding().value());
    }

    /** Returns true if tokens are issued for a resource. @param resource its canonical identifier */
    public boolean serves(String resource) {
        return find(ResourceId.parse(resource)) != null;
    }

    /**
     * Finds the known spelling of an identifier, or null. Users type a slash at the end or leave it out, and clients send what they typed.
     * The audience is always the identifier that the resource itself uses.
     */
    private String find(ResourceId resource) {
        if (known.containsKey(resource.value())) {
            return resource.value();
        }
        String other = resource.withOtherEnding().value();
        if (known.containsKey(other)) {
            return other;
        }
        return isUserInfo(resource.value()) || resource.value().equals(provisioning) || resource.value().equals(administration)
            || anyLoopback && resource.isLoopback() && known.keySet().stream().noneMatch(each -> isMisspelled(resource, each)) ? resource.value() : null;
    }

    /**
     * Finds wrong spellings of a known identifier on this machine, because a token for them would open nothing. A wrong spelling has the port
     * and path of the MCP server, but is not one of its names: the MCP endpoint, the SSE endpoint beside it, and the origin, with any
     * host name of this machine and any ending.
     */
    private static boolean isMisspelled(ResourceId resource, String knownAs) {
        ResourceId server = new ResourceId(knownAs);
        if (!server.isUrl() || !server.isLoopback()) {
            return false;
        }
        URI url = URI.create(knownAs);
        String origin = url.getScheme() + "://" + url.getRawAuthority();
        String base = knownAs.endsWith("/mcp") ? knownAs.substring(0, knownAs.length() - "/mcp".length()) : origin;
        Set<String> names = Set.of(knownAs, base + "/sse", origin);
        ResourceId called = resource.asCalled(url.getHost());
        return !names.contains(called.value()) && !names.contains(called.withOtherEnding().value())
            && Stream.concat(names.stream(), Stream.of(base + "/messages")).anyMatch(name -> isAlike(URI.create(called.value()), URI.create(name)));
    }

    private static boolean isAlike(URI one, URI other) {
        return one.getPort() == other.getPort() && plainPath(one).equals(plainPath(other));
    }

    /** Without what makes two spellings of a path differ: escapes, dots, case, and slashes that are doubled or at the end. */
    private static String plainPath(URI url) {
        String path = ("/" + url.getPath()).replaceAll("[^A-Za-z0-9/._~-]", "!").replaceAll("/{2,}", "/");
        return URI.create(path).normalize().getPath().replaceAll("/$", "").toLowerCase(Locale.ROOT);
    }

    private String requireKnown(ResourceId resource) {
        String found = find(resource);
        if (found == null) {
            throw new OAuthException(OAuthErrorCode.INVALID_TARGET, "No tokens are issued here for this resource");
        }
        return found;
    }

    /** The audience of tokens for userinfo; null where there is no userinfo. */
    public String userInfo() {
        return userInfo;
    }

    private boolean isUserInfo(String resource) {
        return resource.equals(userInfo);
    }

    /** The resources of a grant, with userinfo if its scopes include {@code openid}. */
    List<String> withUserInfo(List<String> granted, Scopes scopes) {
        return userInfo == null || !scopes.contains(ScopeOptions.OPENID) || granted.contains(userInfo) ? granted
            : Stream.concat(granted.stream(), Stream.of(userInfo)).toList();
    }

    /**
     * The audience of one token. No bearer token is for userinfo and a resource at once: the resource server that receives it could
     * fetch the person's name and email address. A request that names nothing gets userinfo where its scopes permit nothing elsewhere.
     *
     * @param targets the resources that the token may be for, userinfo included
     * @param asked whether the request names these targets
     * @param bound whether the token is useless without a key of its client
     */
    List<String> audience(List<String> targets, Scopes scopes, boolean asked, boolean bound) {
        if (bound || !targets.contains(userInfo)) {
            return targets;
        }
        List<String> others = targets.stream().filter(target -> !isUserInfo(target)).toList();
        boolean identityAlone = scopes.values().stream().allMatch(ScopeOptions::isIdentity);
        return others.isEmpty() || !asked && identityAlone ? List.of(userInfo) : others;
    }

    /** Returns true if an access token for these resources is a JWT, because all of them accept one. Userinfo accepts both forms. */
    public boolean takeJwt(List<String> audience) {
        List<String> others = audience.stream().filter(resource -> !isUserInfo(resource)).toList();
        return (others.isEmpty() ? audience : others).stream().allMatch(this::takesJwt);
    }

    private boolean takesJwt(String resource) {
        if (resource.equals(administration)) {
            return false;
        }
        ResourceOptions options = known.get(resource);
        return (options == null || options.tokenFormat() == null ? format : options.tokenFormat()) == TokenFormat.JWT;
    }

    /** Returns true if a resource that {@link #resolve} returned has this scope. */
    boolean offers(String resource, String scope) {
        if (isUserInfo(resource)) {
            return ScopeOptions.isIdentity(scope);
        }
        if (resource.equals(provisioning) || scope.equals(ScopePolicy.PROVISIONING)) {
            return resource.equals(provisioning) && scope.equals(ScopePolicy.PROVISIONING);
        }
        boolean administrative = administration != null && ScopePolicy.isAdministrative(scope);
        if (resource.equals(administration) || administrative) {
            return resource.equals(administration) && administrative;
        }
        ResourceOptions options = known.get(find(new ResourceId(resource)));
        return options == null || options.scopes().isEmpty() || options.scopes().contains(scope);
    }

    /**
     * A protected resource that a token may be requested for.
     *
     * @param name on the pages; null for the name in the resource's own metadata
     * @param scopes the scopes that the resource uses; empty for all
     * @param tokenFormat of the access tokens for it; null for the format of {@code tokens}
     */
    public record ResourceOptions(ResourceId resource, String name, List<String> scopes, TokenFormat tokenFormat) {

        public ResourceOptions {
            scopes = List.copyOf(scopes);
        }
    }
}
