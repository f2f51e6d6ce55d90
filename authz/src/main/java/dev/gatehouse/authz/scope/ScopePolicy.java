package dev.gatehouse.authz.scope;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.user.UserGroupStore.UserGroup;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import dev.gatehouse.shared.oauth.Scopes;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The scopes that a client may ask for (RFC 6749 §3.3). */
public final class ScopePolicy {

    /**
     * Asked for by clients that want a refresh token (OpenID Connect Core §11). Who may have one gets one anyway, so unless
     * the operator declares such a scope it is neither refused nor granted.
     */
    public static final String OFFLINE_ACCESS = "offline_access";

    /** The scope of clients that provision accounts (SCIM). It exists at the provisioning endpoint alone, and only for clients that an operator gave it. */
    public static final String PROVISIONING = "scim";

    /** The scopes of the administration. They exist at its resource alone, only for clients that an operator gave them, and only for users with a role. */
    public static final String ADMIN_READ = "admin:read";
    public static final String ADMIN_WRITE = "admin:write";
    public static final List<ScopeOptions> ADMINISTRATION = List.of(
        new ScopeOptions(ADMIN_READ, "See the administration", "Read users, groups, applications, access, sessions and the audit trail of this server.", List.of()),
        new ScopeOptions(ADMIN_WRITE, "Administer this server", "Change and delete users, groups, applications, access, keys and policies, as far as your role permits.",
            List.of(ADMIN_READ)));

    private final Set<String> known;
    private final ScopeHierarchy hierarchy;
    private final ResourcePolicy resources;
    private final GroupScopes groups;

    /** @param known the names of all scopes */
    public ScopePolicy(Collection<String> known, ScopeHierarchy hierarchy, ResourcePolicy resources) {
        this(known, hierarchy, resources, GroupScopes.NONE);
    }

    /** @param known the names of all scopes; @param groups the scopes that depend on groups */
    public ScopePolicy(Collection<String> known, ScopeHierarchy hierarchy, ResourcePolicy resources, GroupScopes groups) {
        this.groups = groups;
        this.known = Set.copyOf(known);
        this.hierarchy = hierarchy;
        this.resources = resources;
    }

    /**
     * Resolves the {@code scope} parameter of a request.
     *
     * @param requested as it was sent; null for all that the client may do at these resources
     * @param targets as {@link ResourcePolicy#resolve} returned them
     * @return the requested scopes and those that they imply at these resources. Implied scopes are granted by name, so a resource server
     *     need not know the implications
     * @throws OAuthException {@code invalid_scope} when one is unknown, not the client's or of none of the resources
     */
    public Scopes resolve(String requested, Client client, List<String> targets) {
        Scopes named = Scopes.parse(requested);
        Scopes asked = known.contains(OFFLINE_ACCESS) ? named : named.without(OFFLINE_ACCESS);
        Scopes available = available(client, targets);
        if (asked.isEmpty()) {
            return withoutIdentity(available);
        }
        if (!available.containsAll(asked)) {
            throw new OAuthException(OAuthErrorCode.INVALID_SCOPE,
                "A requested scope is unknown, not registered for this client, or not offered by the resource");
        }
        return hierarchy.expand(asked).intersect(available.values());
    }

    /** As {@link #resolve(String, Client, List)}, with those of some more scopes that the client may have there. */
    public Scopes resolve(String requested, Set<String> more, Client client, List<String> targets) {
        Scopes asked = resolve(requested, client, targets);
        List<String> all = Stream.concat(asked.values().stream(), available(client, targets).intersect(more).values().stream()).toList();
        return requested == null ? asked : new Scopes(new LinkedHashSet<>(all));
    }

    /** Returns whether the groups of a person decide on some of these scopes. */
    boolean dependsOnGroups(Scopes asked) {
        return groups.concern(asked, hierarchy);
    }

    /** The scopes that a person in these groups may have at all of these resources. @param audience empty for each resource that depends on groups */
    public Scopes permitted(Scopes asked, List<String> audience, String clientId, Set<UserGroup> memberships) {
        return groups.permitted(asked, audience, clientId, memberships, hierarchy);
    }

    /** The share of earlier grants that a client may be given now. */
    public CurrentAllowance allowanceOf(Client client) {
        return new CurrentAllowance(client, resources, this);
    }

    /** Only clients that name the identity scopes get them. */
    private static Scopes withoutIdentity(Scopes scopes) {
        return scopes.intersect(scopes.values().stream().filter(scope -> !ScopeOptions.isIdentity(scope)).toList());
    }

    /** The scopes that a client may have and that mean something at one of the resources (RFC 8707 §2.2). */
    Scopes available(Client client, List<String> targets) {
        Set<String> available = new LinkedHashSet<>(hierarchy.expand(client.scopes()).values());
        available.removeIf(scope -> !known.contains(scope) || !ScopeOptions.isIdentity(scope) && !isOffered(scope, targets));
        return new Scopes(available);
    }

    private boolean isOffered(String scope, List<String> targets) {
        for (String target : targets) {
            if (resources.offers(target, scope)) {
                return true;
            }
        }
        return false;
    }

    /** Returns true for a scope of the administration. */
    static boolean isAdministrative(String scope) {
        return scope.equals(ADMIN_READ) || scope.equals(ADMIN_WRITE);
    }

    /** Returns whether a scope of the administration is among these. */
    public static boolean hasAdministrative(Scopes scopes) {
        return scopes.values().stream().anyMatch(ScopePolicy::isAdministrative);
    }

    /**
     * A scope and its text on the consent page.
     *
     * @param title null for the name
     * @param implies scopes that this one includes
     */
    public record ScopeOptions(String name, String title, String description, List<String> implies) {

        /** The scope that makes a request one of OpenID Connect (Core §3.1.2.1). */
        public static final String OPENID = "openid";

        /** The scopes of OpenID Connect (Core §5.4). They identify the user and permit nothing. */
        private static final List<ScopeOptions> IDENTITY = List.of(
            new ScopeOptions(OPENID, "Know who you are", "Recognise your account here when you come back.", List.of()),
            new ScopeOptions("profile", "See your profile", "Your name and username.", List.of()),
            new ScopeOptions("email", "See your email address", "The address of your account.", List.of()));
        private static final Set<String> NAMES = IDENTITY.stream().map(ScopeOptions::name).collect(Collectors.toSet());

        public ScopeOptions {
            title = title == null ? name : title;
            implies = List.copyOf(implies);
        }

        /** The declared scopes, then those of OpenID Connect that are not declared. */
        public static List<ScopeOptions> withIdentity(List<ScopeOptions> declared) {
            List<ScopeOptions> all = new ArrayList<>(declared);
            IDENTITY.stream().filter(scope -> declared.stream().noneMatch(each -> each.name().equals(scope.name()))).forEach(all::add);
            return all;
        }

        /** Returns true for a scope that identifies the user instead of permitting something at a resource. */
        public static boolean isIdentity(String name) {
            return NAMES.contains(name);
        }
    }
}
