package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.authorize.AuthorizationRequest;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.Future;

import java.util.List;

/** What people have allowed before, so that they are not asked again for the same. */
public interface ConsentStore {

    /** The scopes that a user allowed for the same client, redirect URI and resources; none where never asked. */
    Future<Scopes> allowed(String sub, AuthorizationRequest request);

    /** The scopes that a user's live grants give a client at all of these resources now; none where there is no grant. */
    Future<Scopes> held(String sub, String clientId, List<String> resources, long now);

    /** The scopes of a user's live grants to the same client at the same redirect URI, for all of the request's resources. */
    Future<Scopes> granted(String sub, AuthorizationRequest request, long now);

    /** The redirect URIs of live grants by people who have logged in with a browser. @param browserHash of its cookie */
    Future<List<String>> redirectsAgreedTo(String browserHash);

    /** Remembers the user's latest choice, which replaces an earlier one. */
    Future<Void> remember(String sub, AuthorizationRequest request, Scopes scopes, long at);
}
