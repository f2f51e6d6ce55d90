package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.admin.AdminCall.Actor;
import dev.gatehouse.authz.session.AuthenticationStore;
import dev.gatehouse.authz.token.AccessToken;
import dev.gatehouse.authz.token.PresentedTokens;
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

    /** Returns the user of a bearer token. Fails with a {@link Problem} if the token does not permit the operation. */
    public Future<Actor> of(String token, Operation operation) {
        return tokens.findActive(token).compose(found -> {
            if (found == null || found.token().confirmation() != null) {
                throw Problem.unauthenticated("The access token is not active, or not a bearer token");
            }
            return of(found.token(), operation);
        });
    }

    /** Returns the user of an active token that the request uses as it is bound. */
    Future<Actor> of(AccessToken token, Operation operation) {
        if (token.grantId() == null || !token.audience().equals(List.of(audience))) {
            return Future.failedFuture(Problem.unauthenticated("The access token is not one of a user for " + audience + " alone"));
        }
        return roles.of(token.sub()).compose(role -> {
            if (role.isEmpty()) {
                throw Problem.forbidden("You have no role");
            }
            if (!token.scopes().contains(operation.scope())) {
                throw role.get() == RoleStore.Role.AUDITOR && operation.isWrite() ? Problem.forbidden("The role auditor changes nothing") : Problem.insufficientScope(operation.scope());
            }
            return authentications.of(token.grantId()).map(login -> new Actor(token.sub(), role.get(), token.clientId(),
                login.map(each -> each.login().authenticatedAt()).orElse(0L)));
        });
    }
}
