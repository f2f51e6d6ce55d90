package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.authorize.AuthorizationRequest;
import dev.gatehouse.authz.consent.Permission;
import dev.gatehouse.authz.consent.ServiceNames;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.scope.PersonScopes;
import dev.gatehouse.authz.scope.ScopePolicy.ScopeOptions;
import dev.gatehouse.authz.session.BrowserSessions.LiveSession;
import dev.gatehouse.authz.session.BrowserSessions;
import dev.gatehouse.authz.session.LoginCompletion;
import dev.gatehouse.authz.session.LoginPage;
import dev.gatehouse.authz.session.LoginPlace;
import dev.gatehouse.authz.session.SignIn;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Performs the next step of an interaction: shows a page or responds to the client. */
public final class InteractionFlow {

    private static final int LONGEST_HINT = 200;
    private static final String OTHER_ACCOUNT = "The application asks for a different account than the one that is signed in.";

    private final BrowserSessions sessions;
    private final ConsentStore consents;
    private final PersonScopes permitted;
    private final Completion completion;
    private final Pages pages;
    private final PagePaths paths;
    private final List<ScopeOptions> scopes;
    private final ScopeHierarchy hierarchy;
    private final ServiceNames services;
    private final SignIn signIn;
    private final LoginCompletion logins;
    private final Clock clock;

    public InteractionFlow(BrowserSessions sessions, ConsentStore consents, PersonScopes permitted, Completion completion, Pages pages,
                    PagePaths paths, List<ScopeOptions> scopes, ScopeHierarchy hierarchy, ServiceNames services, SignIn signIn, LoginCompletion logins,
                    Clock clock) {
        this.sessions = sessions;
        this.consents = consents;
        this.permitted = permitted;
        this.completion = completion;
        this.pages = pages;
        this.paths = paths;
        this.scopes = scopes;
        this.hierarchy = hierarchy;
        this.services = services;
        this.signIn = signIn;
        this.logins = logins;
        this.clock = clock;
    }

    Future<Void> proceed(RoutingContext context, OpenInteraction interaction) {
        return sessions.current(context).compose(session -> forPerson(interaction, session)
            .compose(own -> nextStep(own, session).compose(step -> take(context, own, session, step))));
    }

    /** The interaction with only the scopes that the person of the session can have. Another person may log in later, so it is never stored. */
    Future<OpenInteraction> forPerson(OpenInteraction interaction, Optional<LiveSession> session) {
        AuthorizationRequest request = interaction.request();
        return session.isEmpty() ? Future.succeededFuture(interaction)
            : permitted.attainable(session.get().user().sub(), interaction.client(), request.scopes(), request.resources())
                .map(interaction::withScopes);
    }

    Future<NextStep> nextStep(OpenInteraction interaction, Optional<LiveSession> session) {
        return nextStep(interaction, session, false);
    }

    /** @param silent whether no page may be shown */
    Future<NextStep> nextStep(OpenInteraction interaction, Optional<LiveSession> session, boolean silent) {
        return NextStep.of(interaction, session, consents, silent, clock.millis());
    }

    Future<Void> take(RoutingContext context, OpenInteraction interaction, Optional<LiveSession> session, NextStep step) {
        return switch (step) {
            case LOGIN -> showLogin(context, interaction, 200, loginHint(interaction),
                session.filter(live -> NextStep.isSomebodyElse(interaction, live)).isPresent() ? OTHER_ACCOUNT : "");
            case CONSENT -> showConsent(context, interaction, session.orElseThrow(), 200, "");
            case FACTOR -> stepUp(context, interaction, session.orElseThrow());
            case REFUSAL -> completion.refuse(context, interaction, session.orElseThrow().user());
            case NOTHING -> completion.approve(context, interaction, session.orElseThrow(), interaction.request().scopes());
        };
    }

    /** Asks for a factor of this server if the account has one that suffices, and otherwise for a login at the identity provider. */
    private Future<Void> stepUp(RoutingContext context, OpenInteraction interaction, LiveSession session) {
        LoginPlace place = interaction.place(paths);
        return logins.factors(session.user()).compose(own -> own.level().satisfied(place.acrValues()).isPresent() ? logins.stepUp(context, session, place)
            : signIn.stepUp(context, session.user(), place)
                .compose(sent -> sent ? Future.<Void>succeededFuture() : completion.unmet(context, interaction, session.user())));
    }

    /** OpenID Connect Core §3.1.2.1: the hint only prefills the form. */
    private static String loginHint(OpenInteraction interaction) {
        String hint = interaction.request().loginHint();
        return hint == null || hint.length() > LONGEST_HINT ? "" : hint;
    }

    /** The scopes granted for these checkboxes, with the scopes that they imply. */
    Scopes chosen(OpenInteraction interaction, List<String> ticked) {
        Scopes asked = interaction.request().scopes();
        return asked.intersect(hierarchy.expand(asked.intersect(ticked)).values());
    }

    /** @param status 429 shows the form as locked */
    Future<Void> showLogin(RoutingContext context, OpenInteraction interaction, int status, String username, String error) {
        return pages.send(context, status,
            new LoginPage(paths.login(), interaction.id(), interaction.loginToken(), interaction.client().name(), username, error, status == 429, signIn.choices()), interaction.redirect());
    }

    Future<Void> showConsent(RoutingContext context, OpenInteraction interaction, LiveSession session, int status, String error) {
        AuthorizationRequest request = interaction.request();
        return consents.held(session.user().sub(), request.clientId(), request.resources(), clock.millis())
            .map(held -> Permission.of(request.scopes(), held, scopes, hierarchy))
            .compose(permissions -> services.of(request.resources()).compose(named -> pages.send(context, status,
                ConsentPage.of(interaction, session.user(), named, permissions, paths, error), interaction.redirect())));
    }
}
