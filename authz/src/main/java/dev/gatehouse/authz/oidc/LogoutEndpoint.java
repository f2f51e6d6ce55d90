package dev.gatehouse.authz.oidc;

import dev.gatehouse.authz.authorize.IdTokenHints;
import dev.gatehouse.authz.authorize.IdTokenHints.Hint;
import dev.gatehouse.authz.page.BrowserCookies;
import dev.gatehouse.authz.page.FormBody;
import dev.gatehouse.authz.page.FormGuard;
import dev.gatehouse.authz.page.MessagePage;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.session.BrowserSessions;
import dev.gatehouse.authz.session.LiveSession;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.RequestId;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.util.Optional;

/**
 * Ends a browser's session at an application's request (OpenID Connect RP-Initiated Logout 1.0). Only an ID token of the
 * person who is logged in ends it at once, and only then does the browser go to an address of the token's client: any page
 * can send people here with an ID token and an address of its own. Every other request is answered by pages of this server.
 */
public final class LogoutEndpoint {

    private static final String HINT = "id_token_hint";

    private final FormGuard guard;
    private final BrowserCookies cookies;
    private final BrowserSessions sessions;
    private final IdTokenHints hints;
    private final LogoutDestination destination;
    private final Pages pages;
    private final PagePaths paths;
    private final ClientAddress addresses;

    public LogoutEndpoint(FormGuard guard, BrowserCookies cookies, BrowserSessions sessions, IdTokenHints hints,
                   LogoutDestination destination, Pages pages, PagePaths paths, ClientAddress addresses) {
        this.guard = guard;
        this.cookies = cookies;
        this.sessions = sessions;
        this.hints = hints;
        this.destination = destination;
        this.pages = pages;
        this.paths = paths;
        this.addresses = addresses;
    }

    public Future<Void> get(RoutingContext context) {
        FormParameters parameters = FormParameters.parse(context.request().query());
        return hints.read(parameters.single(HINT)).compose(hint -> sessions.current(context)
            .compose(session -> answer(context, parameters, hint, session)));
    }

    /** Our own page's form ends the session; a request that an application posts becomes the same one by GET. */
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
        Optional<Hint> own = hint.filter(each -> each.sub().equals(session.get().user().sub()));
        return own.isEmpty() ? ask(context, session.get())
            : destination.of(own.get(), parameters).compose(address -> address.isEmpty() && parameters.has("post_logout_redirect_uri")
                ? ask(context, session.get()) : end(context, session.get(), own.get().clientId())
                    .compose(ended -> address.isEmpty() ? loggedOut(context) : Pages.redirect(context, address.get())));
    }

    private Future<Void> ask(RoutingContext context, LiveSession session) {
        return pages.send(context, 200, new LogoutPage(paths.logout(), token(context, session), session.user().username()));
    }

    /** The two must agree where both are sent (§2). */
    private static void requireAgreement(Optional<Hint> hint, String sent) {
        if (sent != null && hint.isPresent() && !sent.equals(hint.get().clientId())) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The id_token_hint was issued to another client than client_id names");
        }
    }

    private Future<Void> confirmed(RoutingContext context, FormParameters form) {
        guard.requireOwn(context);
        return sessions.current(context).compose(session -> {
            if (session.isEmpty()) {
                return sessions.close(context);
            }
            FormGuard.requireToken(form, token(context, session.get()));
            return end(context, session.get(), null);
        }).compose(ended -> loggedOut(context));
    }

    /** @param clientId whose request it was, or null */
    private Future<Void> end(RoutingContext context, LiveSession session, String clientId) {
        RequestId.origin(context, addresses).record("logout", "sub", session.user().sub(), "client_id", clientId);
        return sessions.close(context);
    }

    private Future<Void> loggedOut(RoutingContext context) {
        return pages.send(context, 200, new MessagePage("You are logged out",
            "Applications that you have allowed keep their access; your account page lists and ends it.", "",
            RequestId.of(context), MessagePage.Mark.DONE));
    }

    private String token(RoutingContext context, LiveSession session) {
        return SecretToken.hash(String.join("\n", "logout", cookies.browserOrNew(context), session.session().hash()));
    }

    /** Asks whether to log out. */
    record LogoutPage(String action, String csrf, String account) {

        public String title() {
            return "Log out?";
        }
    }
}
