package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.openid.IdTokenHints;
import dev.gatehouse.authz.openid.IdTokenHints.Hint;
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
 * Ends a browser's session at an application's wish (OpenID Connect RP-Initiated Logout 1.0). Without an ID token of the
 * very person who is logged in, the person is asked first: otherwise any page could log people out.
 */
final class LogoutEndpoint {

    private static final String HINT = "id_token_hint";

    private final FormGuard guard;
    private final BrowserCookies cookies;
    private final BrowserSessions sessions;
    private final IdTokenHints hints;
    private final LogoutDestination destination;
    private final Pages pages;
    private final PagePaths paths;
    private final ClientAddress addresses;

    LogoutEndpoint(FormGuard guard, BrowserCookies cookies, BrowserSessions sessions, IdTokenHints hints,
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

    Future<Void> get(RoutingContext context) {
        FormParameters parameters = FormParameters.parse(context.request().query());
        return hints.read(parameters.single(HINT)).compose(hint -> sessions.current(context)
            .compose(session -> answer(context, parameters, hint, session)));
    }

    /** Our own page's form ends the session; a request that an application posts becomes the same one by GET. */
    Future<Void> post(RoutingContext context) {
        return FormBody.read(context).compose(body -> {
            FormParameters form = FormParameters.parseBody(context.request().headers(), body);
            return form.has("csrf") ? confirmed(context, form)
                : Pages.redirect(context, paths.logout() + "?" + FormBody.asQuery(body));
        });
    }

    private Future<Void> answer(RoutingContext context, FormParameters parameters, Optional<Hint> hint, Optional<LiveSession> session) {
        requireAgreement(hint, parameters.single("client_id"));
        boolean meant = session.isEmpty() || hint.map(Hint::sub).filter(session.get().user().sub()::equals).isPresent();
        return meant ? end(context, session, hint, parameters)
            : pages.send(context, 200, new LogoutPage(paths.logout(), token(context, session.get()), session.get().user().username(),
                textOf(parameters, "post_logout_redirect_uri"), textOf(parameters, "client_id"), textOf(parameters, HINT),
                textOf(parameters, "state")));
    }

    /** The two must agree where both are sent (§2). */
    private static void requireAgreement(Optional<Hint> hint, String sent) {
        if (sent != null && hint.isPresent() && !sent.equals(hint.get().clientId())) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The id_token_hint was issued to another client than client_id names");
        }
    }

    private static String textOf(FormParameters parameters, String name) {
        String text = parameters.single(name);
        return text == null ? "" : text;
    }

    private Future<Void> confirmed(RoutingContext context, FormParameters form) {
        guard.requireOwn(context);
        return hints.read(form.single(HINT)).compose(hint -> sessions.current(context).compose(session -> {
            session.ifPresent(live -> FormGuard.requireToken(form, token(context, live)));
            return end(context, session, hint, form);
        }));
    }

    private Future<Void> end(RoutingContext context, Optional<LiveSession> session, Optional<Hint> hint, FormParameters parameters) {
        String clientId = hint.map(Hint::clientId).orElse(parameters.single("client_id"));
        session.ifPresent(live -> RequestId.origin(context, addresses).record("logout", "sub", live.user().sub(), "client_id", clientId));
        return sessions.close(context)
            .compose(closed -> destination.of(clientId, hint.isPresent(), parameters))
            .compose(location -> location.isPresent() ? Pages.redirect(context, location.get())
                : pages.send(context, 200, new MessagePage("You are logged out",
                    "Applications that you have allowed keep their access; your account page lists and ends it.", "",
                    RequestId.of(context), true)));
    }

    private String token(RoutingContext context, LiveSession session) {
        return SecretToken.hash(String.join("\n", "logout", cookies.browserOrNew(context), session.session().hash()));
    }
}
