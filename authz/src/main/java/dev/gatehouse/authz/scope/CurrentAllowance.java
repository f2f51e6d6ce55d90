package dev.gatehouse.authz.scope;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.user.UserGroupStore.UserGroup;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;
import java.util.Set;

/**
 * The share of an earlier grant that a client may be given now. The client's policy, and the scopes and resources of this
 * server, may have changed since. The methods are pure functions.
 */
public final class CurrentAllowance {

    private final Client client;
    private final ResourcePolicy resources;
    private final ScopePolicy scopes;

    CurrentAllowance(Client client, ResourcePolicy resources, ScopePolicy scopes) {
        this.client = client;
        this.resources = resources;
        this.scopes = scopes;
    }

    /**
     * The scopes and resources of a grant.
     *
     * @param resources canonical identifiers, at least one
     */
    public record Granted(Scopes scopes, List<String> resources) {

        public Granted {
            resources = List.copyOf(resources);
        }

        /** Returns true if all of these resources are in the grant. */
        public boolean covers(List<String> asked) {
            return resources.containsAll(spelledAsIn(resources, asked));
        }
    }

    /** The scopes and the audience of one access token. */
    public record Share(Scopes scopes, List<String> audience) {
    }

    /** Returns true if the grant yields a token with at least one scope for these resources; without resources, for any of the grant. */
    public boolean covers(Granted granted, List<String> asked) {
        List<String> reached = reached(granted);
        List<String> named = spelledAsIn(reached, asked);
        List<String> targets = targets(granted, asked);
        return reached.containsAll(named) && !targets.isEmpty() && targets.containsAll(named)
            && (granted.scopes().isEmpty() || !available(granted.scopes(), targets).isEmpty());
    }

    /** Returns true if a token for these resources may have all of these scopes; without resources, for all of the grant. */
    public boolean allows(Granted granted, Scopes asked, List<String> named) {
        return available(asked, targets(granted, named)).containsAll(asked);
    }

    /**
     * The scopes and the audience of a token.
     *
     * @param asked scopes of the grant; empty for all
     * @param named resources of the grant; empty for all
     * @param bound whether the token is useless without a key of its client
     */
    public Share share(Granted granted, Scopes asked, List<String> named, boolean bound) {
        List<String> targets = targets(granted, named);
        Scopes given = available(asked.isEmpty() ? granted.scopes() : asked, targets);
        List<String> audience = resources.audience(targets, given, !named.isEmpty(), bound);
        return new Share(available(given, audience), audience);
    }

    /** Returns whether the groups of the person must be known before a token with these scopes is issued. */
    public boolean dependsOnGroups(Scopes given) {
        return scopes.dependsOnGroups(given);
    }

    /** The scopes of a token that a person in these groups may have. */
    public Scopes permitted(Scopes given, List<String> audience, Set<UserGroup> groups) {
        return scopes.permitted(given, audience, client.id(), groups);
    }

    /** The scopes that a person in these groups can have in a token for one of these resources or more. */
    public Scopes attainable(Scopes asked, List<String> named, Set<UserGroup> groups) {
        return asked.intersect(named.stream().map(List::of)
            .flatMap(one -> permitted(available(asked, one), one, groups).values().stream()).toList());
    }

    /** The resources of a token that the client may still have. */
    private List<String> targets(Granted granted, List<String> named) {
        List<String> reached = reached(granted);
        return (named.isEmpty() ? reached : spelledAsIn(reached, named)).stream().filter(each -> resources.isFor(each, client)).toList();
    }

    /** The resources of the grant, and userinfo where its scopes include {@code openid}. */
    private List<String> reached(Granted granted) {
        return resources.withUserInfo(granted.resources(), granted.scopes());
    }

    private Scopes available(Scopes granted, List<String> targets) {
        return granted.intersect(scopes.available(client, targets).values());
    }

    /** Resources as the grant spells them: a slash at the end may differ. */
    private static List<String> spelledAsIn(List<String> granted, List<String> asked) {
        return asked.stream().map(each -> {
            String other = new ResourceId(each).withOtherEnding().value();
            return !granted.contains(each) && granted.contains(other) ? other : each;
        }).distinct().toList();
    }
}
