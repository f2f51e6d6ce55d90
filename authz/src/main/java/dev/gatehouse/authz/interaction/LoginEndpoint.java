package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.page.FormGuard;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.session.SignIn;
import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** The login page of an interaction. */
public final class LoginEndpoint {

    private final FormGuard guard;
    private final Interactions interactions;
    private final SignIn signIn;
    private final InteractionFlow flow;
    private final PagePaths paths;

    public LoginEndpoint(FormGuard guard, Interactions interactions, SignIn signIn, InteractionFlow flow, PagePaths paths) {
        this.guard = guard;
        this.interactions = interactions;
        this.signIn = signIn;
        this.flow = flow;
        this.paths = paths;
    }

    /** Shows the form to logged-in users too, who come here to change the account. */
    public Future<Void> get(RoutingContext context) {
        return interactions.resume(context, FormParameters.parse(context.request().query()))
            .compose(interaction -> flow.showLogin(context, interaction, 200, "", ""));
    }

    public Future<Void> post(RoutingContext context) {
        return guard.readOwn(context)
            .compose(form -> interactions.resume(context, form)
                .compose(interaction -> attempt(context, interaction, form)));
    }

    private Future<Void> attempt(RoutingContext context, OpenInteraction interaction, FormParameters form) {
        FormGuard.requireToken(form, interaction.loginToken());
        return signIn.attempt(context, form, interaction.place(paths),
            (status, username, problem) -> flow.showLogin(context, interaction, status, username, problem));
    }
}
