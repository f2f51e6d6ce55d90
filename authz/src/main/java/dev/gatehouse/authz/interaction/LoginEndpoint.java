package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.page.FormGuard;
import dev.gatehouse.authz.page.PageModel;
import dev.gatehouse.authz.page.PageModel.FormPostPage.Field;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.session.LoginChoices;
import dev.gatehouse.authz.session.LoginPlace;
import dev.gatehouse.authz.session.SignIn;
import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.util.List;

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
        LoginPlace place = new LoginPlace(interaction.stored().browserHash(), interaction.stored().hash(), interaction.request().clientId(),
            interaction.stored().freshLogin(), paths.login(interaction.id()), paths.consent(interaction.id()), null);
        return signIn.attempt(context, form, place,
            (status, username, problem) -> flow.showLogin(context, interaction, status, username, problem));
    }

    /**
     * The login page.
     *
     * @param application the name of the client
     * @param username the username of the last attempt, or empty
     * @param error the error of the last attempt, or empty
     * @param locked whether the account or the address is locked
     * @param choices the ways to log in
     */
    public record LoginPage(String action, String interaction, String csrf, String application, String username, String error,
                     boolean locked, LoginChoices choices) implements PageModel.Source {

        @Override
        public PageModel model() {
            return PageModel.form("login", title(), error, action,
                List.of(new Field("interaction", interaction), new Field("csrf", csrf)), List.of("username", "password"));
        }

        static LoginPage of(OpenInteraction interaction, String action, String username, String error, boolean locked, LoginChoices choices) {
            return new LoginPage(action, interaction.id(), interaction.loginToken(), interaction.client().name(), username, error,
                locked, choices);
        }

        public String title() {
            return "Sign in";
        }
    }
}
