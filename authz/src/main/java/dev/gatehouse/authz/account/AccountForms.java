package dev.gatehouse.authz.account;

import dev.gatehouse.authz.page.BrowserCookies;
import dev.gatehouse.authz.page.FormGuard;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.session.BrowserSessions;
import dev.gatehouse.authz.session.BrowserSessions.LiveSession;
import dev.gatehouse.authz.session.SignIn;
import dev.gatehouse.authz.session.SignIn.Refusal;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.RequestId;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.util.Optional;
import java.util.function.Function;

/** The common part of the account's pages: the session, the CSRF token, and the confirmation before a sensitive change. */
public final class AccountForms {

    private final FormGuard guard;
    private final BrowserCookies cookies;
    private final BrowserSessions sessions;
    private final SignIn signIn;
    private final PagePaths paths;
    private final ClientAddress addresses;

    public AccountForms(FormGuard guard, BrowserCookies cookies, BrowserSessions sessions, SignIn signIn, PagePaths paths, ClientAddress addresses) {
        this.guard = guard;
        this.cookies = cookies;
        this.sessions = sessions;
        this.signIn = signIn;
        this.paths = paths;
        this.addresses = addresses;
    }

    /** Handles a request of a logged-in user. Another browser goes to the login of the account. */
    Future<Void> loggedIn(RoutingContext context, Function<LiveSession, Future<Void>> page) {
        return sessions.current(context).compose(session -> session.isEmpty() ? back(context) : page.apply(session.get()));
    }

    /** Handles a form of a logged-in user, after the check of its CSRF token. */
    Future<Void> submitted(RoutingContext context, Submission submission) {
        return guard.readOwn(context).compose(form -> loggedIn(context, live -> {
            FormGuard.requireToken(form, token(context, Optional.of(live)));
            return submission.handle(live, form);
        }));
    }

    /** The current password or a recent login confirms a change. Returns the refusal, or empty. */
    Future<Optional<Refusal>> confirm(RoutingContext context, LiveSession live, FormParameters form) {
        return signIn.confirm(context, live, form, browserHash(context))
            .onSuccess(refusal -> refusal.filter(each -> each.retryAfterSeconds() > 0)
                .ifPresent(each -> context.response().putHeader("Retry-After", Long.toString(each.retryAfterSeconds()))));
    }

    /** The CSRF token of this browser and its session, if any. */
    String token(RoutingContext context, Optional<LiveSession> session) {
        return SecretToken.hash(String.join("\n", "account", cookies.browserOrNew(context),
            session.map(live -> live.session().hash()).orElse("")));
    }

    String browserHash(RoutingContext context) {
        return SecretToken.hash(cookies.browserOrNew(context));
    }

    void record(RoutingContext context, String event, Object... details) {
        RequestId.origin(context, addresses).record(event, details);
    }

    Future<Void> back(RoutingContext context) {
        return Pages.redirect(context, paths.account());
    }

    /** Handles a form. */
    @FunctionalInterface
    interface Submission {
        Future<Void> handle(LiveSession live, FormParameters form);
    }
}
