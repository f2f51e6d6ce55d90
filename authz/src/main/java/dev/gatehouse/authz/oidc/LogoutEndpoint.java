package dev.gatehouse.authz.oidc;

import dev.gatehouse.authz.token.IdTokenHints;
import dev.gatehouse.authz.token.IdTokenHints.Hint;
import dev.gatehouse.authz.client.ClientLookup;
import dev.gatehouse.authz.page.BrowserCookies;
import dev.gatehouse.authz.page.FormBody;
import dev.gatehouse.authz.page.FormGuard;
import dev.gatehouse.authz.page.PageModel.MessagePage;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.session.BrowserSessions;
import dev.gatehouse.authz.session.BrowserSessions.LiveSession;
import dev.gatehouse.authz.session.SessionStore;
import dev.gatehouse.authz.session.SessionStore.BrowserSession;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.RequestId;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.UrlSpelling;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Ends a browser session at the request of an application (OpenID Connect RP-Initiated Logout 1.0). Only an ID token of the
 * logged-in user, for a client that was granted access in this session, ends it without a question, and only then does the browser go to
 * a redirect URI of the client: any page can send users here with an ID token and a redirect URI of its own. All other requests get a page
 * of this server.
 */
public final class LogoutEndpoint {

    private static final String HINT = "id_token_hint";

    private final FormGuard guard;
    private final BrowserCookies cookies;
    private final BrowserSessions sessions;
    private final SessionStore store;
    private final IdTokenHints hints;
    private final ClientLookup clients;
    private final Pages pages;
    private final PagePaths paths;
    private final ClientAddress addresses;

    public LogoutEndpoint(FormGuard guard, BrowserCookies cookies, BrowserSessions sessions, SessionStore store, IdTokenHints hints,
                   ClientLookup clients, Pages pages, PagePaths paths, ClientAddress addresses) {
        this.guard = guard;
        this.cookies = cookies;
        this.sessions = sessions;
        this.store = store;
        this.hints = hints;
        this.clients = clients;
        this.pages = pages;
        this.paths = paths;
        this.addresses = addresses;
    }

    public Future<Void> get(RoutingContext context) {
        FormParameters parameters = FormParameters.parse(context.request().query());
        return hints.read(parameters.single(HINT)).compose(hint -> sessions.current(context)
            .compose(session -> answer(context, parameters, hint, session)));
    }

    /** The form of the logout page ends the session; a request posted by an application is redirected to GET. */
    public Future<Void> post(RoutingContext context) {
        return FormBody.read(context).compose(body -> {
            FormParameters form = FormParameters.parseBody(context.request().headers(), body);
            return form.has("csrf") ? confirmed(context, form)
                : Pages.redirect(context, paths.logout() + "?" + FormBody.asQuery(body));
        });
    }

    private Future<Void> answer(RoutingContext context, FormParameters parameters, Optional<Hint> hint, Optional<LiveSession> session) {
        requireAgreement(hint, parameters.single("client_id"));
        if (session.isEmpty()) {
            return sessions.close(context).compose(closed -> loggedOut(context));
        }
        return isOfSession(hint, session.get().session()).compose(own -> own ? end(context, parameters, hint.get(), session.get())
            : ask(context, session.get()));
    }

    private Future<Boolean> isOfSession(Optional<Hint> hint, BrowserSession session) {
        return hint.isEmpty() || !hint.get().sub().equals(session.sub()) ? Future.succeededFuture(false)
            : store.hasGrant(session, hint.get().clientId());
    }

    private Future<Void> end(RoutingContext context, FormParameters parameters, Hint hint, LiveSession session) {
        return destination(hint, parameters).compose(address -> address.isEmpty() && parameters.has("post_logout_redirect_uri")
            ? ask(context, session) : end(context, session, hint.clientId())
                .compose(upstream -> address.or(() -> upstream).map(url -> Pages.redirect(context, url)).orElseGet(() -> loggedOut(context))));
    }

    /**
     * The redirect URI of a request with its state. It must exactly match one that the client of the ID token has registered (§3); empty
     * otherwise, or if the request has none.
     */
    private Future<Optional<String>> destination(Hint hint, FormParameters parameters) {
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

    private Future<Void> ask(RoutingContext context, LiveSession session) {
        return pages.sendLeaving(context, 200, new LogoutPage(paths.logout(), token(context, session), session.user().username()));
    }

    /** Both must name the same client if both are present (§2). */
    private static void requireAgreement(Optional<Hint> hint, String sent) {
        if (sent != null && hint.isPresent() && !sent.equals(hint.get().clientId())) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The id_token_hint was issued to a client other than client_id");
        }
    }

    private Future<Void> confirmed(RoutingContext context, FormParameters form) {
        guard.requireOwn(context);
        return sessions.current(context).compose(session -> {
            if (session.isEmpty()) {
                return sessions.close(context).map(Optional.<String>empty());
            }
            FormGuard.requireToken(form, token(context, session.get()));
            return end(context, session.get(), null);
        }).compose(upstream -> upstream.isEmpty() ? loggedOut(context) : Pages.redirect(context, upstream.get()));
    }

    /**
     * Ends the session.
     *
     * @param clientId the client that requested the logout, or null
     * @return the URL at which the identity provider ends its session, if there is one
     */
    private Future<Optional<String>> end(RoutingContext context, LiveSession session, String clientId) {
        RequestId.origin(context, addresses).record("logout", "sub", session.user().sub(), "client_id", clientId);
        return sessions.logOut(context, session);
    }

    private Future<Void> loggedOut(RoutingContext context) {
        return pages.send(context, 200, new MessagePage("You are logged out",
            "Applications that you have allowed keep their access. You can see and end it on your account page.", "",
            RequestId.of(context), MessagePage.Mark.DONE));
    }

    private String token(RoutingContext context, LiveSession session) {
        return SecretToken.hash(String.join("\n", "logout", cookies.browserOrNew(context), session.session().hash()));
    }

    /** Asks for confirmation of the logout. */
    record LogoutPage(String action, String csrf, String account) {

        public String title() {
            return "Log out?";
        }
    }
}
