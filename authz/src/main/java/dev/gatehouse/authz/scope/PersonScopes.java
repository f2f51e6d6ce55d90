package dev.gatehouse.authz.scope;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.user.UserGroupStore;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.Future;

import java.util.List;
import java.util.Set;

/** The scopes that a person can have now, by the person's groups. Pages show only these. */
public final class PersonScopes {

    private final UserGroupStore groups;
    private final ScopePolicy policy;

    public PersonScopes(UserGroupStore groups, ScopePolicy policy) {
        this.groups = groups;
        this.policy = policy;
    }

    /** Returns the requested scopes that the person can have at one of these resources or more; none if the groups allow none. */
    public Future<Scopes> attainable(String sub, Client client, Scopes asked, List<String> resources) {
        return !policy.dependsOnGroups(asked) ? Future.succeededFuture(asked)
            : groups.of(sub).map(of -> policy.allowanceOf(client).attainable(asked, resources, Set.copyOf(of)));
    }

    /**
     * Returns the requested scopes that the person can have at resources of another authorization server. The other server knows its own scopes.
     *
     * @param resources empty for all
     * @return fails with {@code invalid_scope} if the groups allow none of the scopes
     */
    public Future<Scopes> elsewhere(String sub, Client client, Scopes asked, List<String> resources) {
        return !policy.dependsOnGroups(asked) ? Future.succeededFuture(asked)
            : groups.of(sub).map(of -> requireAny(policy.permitted(asked, resources, client.id(), Set.copyOf(of))));
    }

    private static Scopes requireAny(Scopes permitted) {
        if (permitted.isEmpty()) {
            throw lacking();
        }
        return permitted;
    }

    /** The error of a request for scopes of which the person can have none. */
    public static OAuthException lacking() {
        return new OAuthException(OAuthErrorCode.INVALID_SCOPE, "The user is in no group that has one of these scopes");
    }
}
