package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.assertion.Entitlements.Entitlement;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.scope.ResourcePolicy;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import dev.gatehouse.shared.oauth.Scopes;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/** The share of an entitlement that is given: never more than the issuer says, the configuration allows, or the client may have. */
public final class Narrowing {

    private final ResourcePolicy resources;
    private final ScopePolicy scopes;
    private final ScopeHierarchy hierarchy;

    public Narrowing(ResourcePolicy resources, ScopePolicy scopes, ScopeHierarchy hierarchy) {
        this.resources = resources;
        this.scopes = scopes;
        this.hierarchy = hierarchy;
    }

    /**
     * The audiences of the token.
     *
     * @param asked the request's own {@code resource} parameters; empty for what the assertion says, and else the default
     * @throws OAuthException {@code invalid_target} when nothing is left, or something is asked that is not entitled
     */
    public List<String> resources(List<String> asked, Client client, Entitlement entitlement) {
        List<List<String>> limits = new ArrayList<>(entitlement.resourceLimits());
        if (!client.policy().resources().isEmpty()) {
            limits.add(client.policy().resources());
        }
        List<String> entitled = entitled(entitlement.resources(), limits);
        if (asked.isEmpty()) {
            return entitled.isEmpty() ? requireWithin(resources.resolve(List.of(), client), limits) : entitled;
        }
        List<String> resolved = resources.resolve(asked, client);
        if (!entitlement.resources().isEmpty() && !entitled.containsAll(resolved)) {
            throw notEntitled();
        }
        return requireWithin(resolved, limits);
    }

    /** Of what the assertion asks for, that which we serve and the configuration allows; some of it, if it asks for any. */
    private List<String> entitled(List<String> asserted, List<List<String>> limits) {
        List<String> served = asserted.stream().filter(resources::serves).toList();
        List<String> entitled = served.isEmpty() ? served : resources.resolve(served).stream()
            .filter(resource -> limits.stream().allMatch(limit -> limit.contains(resource))).toList();
        if (entitled.isEmpty() && !asserted.isEmpty()) {
            throw notEntitled();
        }
        return entitled;
    }

    private static List<String> requireWithin(List<String> resolved, List<List<String>> limits) {
        if (!limits.stream().allMatch(limit -> limit.containsAll(resolved))) {
            throw notEntitled();
        }
        return resolved;
    }

    private static OAuthException notEntitled() {
        return new OAuthException(OAuthErrorCode.INVALID_TARGET, "The assertion is not good for this resource");
    }

    /**
     * The scopes of the token.
     *
     * @param asked the request's own {@code scope} parameter; null for all that is left
     * @param targets as {@link #resources} returned them
     * @throws OAuthException {@code invalid_scope} when nothing is left, or something is asked that is not entitled
     */
    public Scopes scopes(String asked, Client client, List<String> targets, Entitlement entitlement) {
        Scopes available = scopes.resolve(null, client, targets);
        for (List<String> limit : entitlement.scopeLimits()) {
            available = available.intersect(hierarchy.expand(new Scopes(new LinkedHashSet<>(limit))).values());
        }
        Scopes given = scopes.resolve(asked, client, targets).intersect(available.values());
        if (given.isEmpty() || !given.containsAll(Scopes.parse(asked).without(ScopePolicy.OFFLINE_ACCESS))) {
            throw new OAuthException(OAuthErrorCode.INVALID_SCOPE, "The assertion gives this client no such scope at this resource");
        }
        return given;
    }
}
