package dev.gatehouse.authz.scope;

import dev.gatehouse.authz.user.UserGroupStore.UserGroup;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import dev.gatehouse.shared.oauth.Scopes;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The scopes that a person has only as a member of a group. A scope that an entry names for a resource and a client is only given there to
 * members of a group of such an entry. All other scopes are open to each person. Pure.
 */
public record GroupScopes(List<GroupScopeOptions> entries) {

    public static final GroupScopes NONE = new GroupScopes(List.of());

    public GroupScopes {
        entries = List.copyOf(entries);
    }

    /**
     * An entry of the configuration.
     *
     * @param groups the names of the groups
     * @param source the source of the groups; null for this server and SCIM
     * @param scopes the scopes that only these groups have
     * @param resources the resources at which the entry applies; empty for all
     * @param clients the clients for which the entry applies; empty for all
     */
    public record GroupScopeOptions(List<String> groups, String source, List<String> scopes, List<String> resources, List<String> clients) {

        public GroupScopeOptions {
            groups = List.copyOf(groups);
            scopes = List.copyOf(scopes);
            resources = List.copyOf(resources);
            clients = List.copyOf(clients);
        }

        private boolean covers(String scope, String resource, String clientId) {
            return scopes.contains(scope) && (resources.isEmpty() || resources.contains(resource)) && (clients.isEmpty() || clients.contains(clientId));
        }

        private boolean hasMember(Set<UserGroup> of) {
            return of.stream().anyMatch(group -> groups.contains(group.name()) && group.isFrom(source));
        }
    }

    /** Returns whether one of these scopes, or of those that they imply, depends on groups. Otherwise the groups of a person need not be read. */
    boolean concern(Scopes asked, ScopeHierarchy hierarchy) {
        return !entries.isEmpty() && hierarchy.expand(asked).values().stream().anyMatch(scope -> entries.stream().anyMatch(entry -> entry.scopes().contains(scope)));
    }

    /**
     * The scopes of a token that a person may have. A scope that a permitted scope of an entry implies is permitted too.
     *
     * @param resources the audience of the token; empty for each resource that an entry names
     */
    Scopes permitted(Scopes asked, List<String> resources, String clientId, Set<UserGroup> groups, ScopeHierarchy hierarchy) {
        List<String> audience = resources.isEmpty() ? everywhere() : resources;
        Set<String> implied = asked.values().stream().filter(scope -> isNamed(scope, audience, clientId) && may(scope, audience, clientId, groups))
            .flatMap(scope -> hierarchy.impliedBy(scope).stream()).collect(Collectors.toSet());
        return asked.intersect(asked.values().stream().filter(scope -> implied.contains(scope) || may(scope, audience, clientId, groups)
            && (isNamed(scope, audience, clientId) || hierarchy.impliedBy(scope).stream().allMatch(each -> may(each, audience, clientId, groups)))).toList());
    }

    private List<String> everywhere() {
        return Stream.concat(Stream.of(""), entries.stream().flatMap(entry -> entry.resources().stream())).distinct().toList();
    }

    private boolean isNamed(String scope, List<String> audience, String clientId) {
        return entries.stream().anyMatch(entry -> audience.stream().anyMatch(resource -> entry.covers(scope, resource, clientId)));
    }

    /** A token is good at each of its resources, so the person must have the scope at all of them. */
    private boolean may(String scope, List<String> audience, String clientId, Set<UserGroup> groups) {
        return audience.stream().allMatch(resource -> {
            List<GroupScopeOptions> covering = entries.stream().filter(entry -> entry.covers(scope, resource, clientId)).toList();
            return covering.isEmpty() || covering.stream().anyMatch(entry -> entry.hasMember(groups));
        });
    }
}
