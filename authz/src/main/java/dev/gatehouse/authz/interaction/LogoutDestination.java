package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.registration.ClientSource;
import dev.gatehouse.authz.store.ClientLookup;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where a person goes on after logging out: only to an address that the client has registered for that, exactly (OpenID Connect
 * RP-Initiated Logout 1.0 §3). Of clients that nobody vouches for, only where an ID token shows that the person has used it:
 * anybody can register an address, and would have us send people there.
 */
final class LogoutDestination {

    private final ClientLookup clients;
    private final ClientSource documents;

    /** @param documents those clients of whom even to look for one causes a fetch */
    LogoutDestination(ClientLookup clients, ClientSource documents) {
        this.clients = clients;
        this.documents = documents;
    }

    /** @param clientId null for none. @param shown whether an ID token of that client was sent */
    Future<Optional<String>> of(String clientId, boolean shown, FormParameters parameters) {
        String uri = parameters.single("post_logout_redirect_uri");
        if (uri == null || clientId == null || (!shown && documents.owns(clientId))) {
            return Future.succeededFuture(Optional.empty());
        }
        return clients.find(clientId)
            .recover(failure -> failure instanceof OAuthException ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(failure))
            .map(found -> found.filter(client -> shown || client.isVouchedFor())
                .filter(client -> client.metadata().texts("post_logout_redirect_uris").contains(uri))
                .map(client -> withState(uri, parameters.single("state"))));
    }

    private static String withState(String uri, String state) {
        return state == null || state.isEmpty() ? uri
            : uri + (uri.indexOf('?') < 0 ? '?' : '&') + "state=" + URLEncoder.encode(state, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
