package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.admin.AdminCall.Actor;
import dev.gatehouse.authz.session.AuthenticationStore;
import dev.gatehouse.authz.token.AccessToken;
import dev.gatehouse.authz.token.PresentedTokens;
import dev.gatehouse.authz.token.TokenIndex.IndexedToken;
import dev.gatehouse.authz.user.RoleStore;
import io.vertx.core.Future;

import java.util.List;

/** Finds the user of an access token for the administration, with the role that the user has now. The store is asked at each request. */
public final class Actors {

    private final PresentedTokens tokens;
    private final AuthenticationStore authentications;
    private final RoleStore roles;
    private final String audience;

    /** @param audience the URL of the API */
    public Actors(PresentedTokens tokens, AuthenticationStore authentications, RoleStore roles, String audience) {
        this.tokens = tokens;
        this.authentications = authentications;
        this.roles = roles;
        this.audience = audience;
    }

    /** Returns the user; fails with a {@link Problem} if the token does not permit the operation. */
    public Future<Actor> of(String token, Operation operation) {
        return tokens.findActive(token).map(this::requireToken).compose(found -> roles.of(found.sub()).compose(role -> {
            if (role.isEmpty()) {
                throw Problem.forbidden("You have no role");
            }
            if (!found.scopes().contains(operation.scope())) {
                throw role.get() == RoleStore.Role.AUDITOR && operation.isWrite() ? Problem.forbidden("The role auditor changes nothing") : Problem.insufficientScope(operation.scope());
            }
            return authentications.of(found.grantId()).map(login -> new Actor(found.sub(), role.get(), found.clientId(),
                login.map(each -> each.login().authenticatedAt()).orElse(0L)));
        }));
    }

    private AccessToken requireToken(IndexedToken found) {
        AccessToken token = found == null ? null : found.token();
        if (token == null || token.confirmation() != null || token.grantId() == null || !token.audience().equals(List.of(audience))) {
            throw Problem.unauthenticated(token == null ? "The access token is not active" : "The access token is not a bearer token of a user for " + audience + " alone");
        }
        return token;
    }
}
