package dev.gatehouse.authz.interaction;

import dev.gatehouse.shared.audit.RequestOrigin;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.RequestId;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** The login page of an interaction. */
final class LoginEndpoint {

    private static final String WRONG = "That username and password do not match. Check both and try again.";
    private static final String INCOMPLETE = "Type your username and your password.";
    /** Well-formed, understood, and not good (RFC 9110 §15.5.21); 401 would need a challenge that no browser form answers. */
    private static final int UNPROCESSABLE = 422;

    private final FormGuard guard;
    private final Interactions interactions;
    private final PasswordLogin login;
    private final BrowserSessions sessions;
    private final InteractionFlow flow;
    private final PagePaths paths;
    private final ClientAddress addresses;

    LoginEndpoint(FormGuard guard, Interactions interactions, PasswordLogin login, BrowserSessions sessions,
                  InteractionFlow flow, PagePaths paths, ClientAddress addresses) {
        this.guard = guard;
        this.interactions = interactions;
        this.login = login;
        this.sessions = sessions;
        this.flow = flow;
        this.paths = paths;
        this.addresses = addresses;
    }

    /** Shows the form even to those who are logged in, who come here to change the account. */
    Future<Void> get(RoutingContext context) {
        return interactions.resume(context, FormParameters.parse(context.request().query()))
            .compose(interaction -> flow.showLogin(context, interaction, 200, "", ""));
    }

    Future<Void> post(RoutingContext context) {
        return guard.readOwn(context.request())
            .compose(form -> interactions.resume(context, form)
                .compose(interaction -> attempt(context, interaction, form)));
    }

    private Future<Void> attempt(RoutingContext context, OpenInteraction interaction, FormParameters form) {
        FormGuard.requireToken(form, interaction.loginToken());
        String username = form.single("username");
        String password = form.single("password");
        if (username == null || password == null) {
            return flow.showLogin(context, interaction, UNPROCESSABLE, username == null ? "" : username, INCOMPLETE);
        }
        RequestOrigin origin = RequestId.origin(context, addresses);
        return login.attempt(new PasswordLogin.Attempt(username, password, interaction.stored().browserHash(), origin.source()))
            .compose(outcome -> answer(context, interaction, outcome, username, origin));
    }

    private Future<Void> answer(RoutingContext context, OpenInteraction interaction, LoginOutcome outcome, String username,
                                RequestOrigin origin) {
        String clientId = interaction.request().clientId();
        return switch (outcome.status()) {
            case ACCEPTED -> {
                origin.record("login_succeeded", "sub", outcome.user().sub(), "client_id", clientId);
                yield sessions.open(context, outcome.user(), interaction)
                    .compose(opened -> Pages.redirect(context, paths.consent(interaction.id())));
            }
            case REFUSED -> {
                origin.record("login_failed", "client_id", clientId);
                yield flow.showLogin(context, interaction, UNPROCESSABLE, username, WRONG);
            }
            case LOCKED -> {
                origin.record("login_locked", "client_id", clientId, "seconds", outcome.retryAfterSeconds());
                context.response().putHeader("Retry-After", Long.toString(outcome.retryAfterSeconds()));
                yield flow.showLogin(context, interaction, 429, username, "Too many attempts. Try again in "
                    + Durations.inWords(outcome.retryAfterSeconds()) + ".");
            }
        };
    }
}
