package dev.gatehouse.authz.oidc;

import dev.gatehouse.authz.authorize.IdTokenHints.Hint;
import dev.gatehouse.authz.client.ClientLookup;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.UrlSpelling;
import io.vertx.core.Future;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The redirect URI after a logout, which must exactly match one that the client of the ID token has registered (OpenID Connect
 * RP-Initiated Logout 1.0 §3). The caller has checked that the ID token belongs to the session.
 */
public final class LogoutDestination {

    private final ClientLookup clients;

    public LogoutDestination(ClientLookup clients) {
        this.clients = clients;
    }

    /** The redirect URI of a request with its state; empty if there is none or the client has not registered it. */
    Future<Optional<String>> of(Hint hint, FormParameters parameters) {
        String uri = parameters.single("post_logout_redirect_uri");
        if (uri == null) {
            return Future.succeededFuture(Optional.empty());
        }
        return clients.find(hint.clientId())
            .recover(failure -> failure instanceof OAuthException ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(failure))
            .map(found -> found.filter(client -> client.metadata().texts("post_logout_redirect_uris").stream()
                    .anyMatch(registered -> UrlSpelling.areSame(registered, uri)))
                .map(client -> withState(uri, parameters.single("state"))));
    }

    private static String withState(String uri, String state) {
        return state == null || state.isEmpty() ? uri
            : uri + (uri.indexOf('?') < 0 ? '?' : '&') + "state=" + URLEncoder.encode(state, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
