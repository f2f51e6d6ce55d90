package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.page.FormGuard;
import dev.gatehouse.authz.page.PageException;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.session.BrowserSessions;
import dev.gatehouse.authz.session.BrowserSessions.LiveSession;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.util.Optional;

/** The consent page, where an interaction continues after the login. */
public final class ConsentEndpoint {

    private static final String NOTHING_CHOSEN = "Choose at least one permission, or deny the request.";
    private static final int UNPROCESSABLE = 422;

    private final FormGuard guard;
    private final Interactions interactions;
    private final BrowserSessions sessions;
    private final InteractionFlow flow;
    private final Completion completion;
    private final PagePaths paths;

    public ConsentEndpoint(FormGuard guard, Interactions interactions, BrowserSessions sessions, InteractionFlow flow,
                    Completion completion, PagePaths paths) {
        this.guard = guard;
        this.interactions = interactions;
        this.sessions = sessions;
        this.flow = flow;
        this.completion = completion;
        this.paths = paths;
    }

    public Future<Void> get(RoutingContext context) {
        return interactions.resume(context, FormParameters.parse(context.request().query()))
            .compose(interaction -> flow.proceed(context, interaction));
    }

    public Future<Void> post(RoutingContext context) {
        return guard.readOwn(context)
            .compose(form -> interactions.resume(context, form)
                .compose(interaction -> sessions.current(context)
                    .compose(session -> decide(context, interaction, session, form))));
    }

    private Future<Void> decide(RoutingContext context, OpenInteraction interaction, Optional<LiveSession> session, FormParameters form) {
        if (session.isEmpty()) {
            // The session ended while the page was open: the user logs in and is asked again.
            return Pages.redirect(context, paths.consent(interaction.id()));
        }
        FormGuard.requireToken(form, interaction.consentToken(session.get().user().sub()));
        return flow.forPerson(interaction, session).compose(own -> flow.nextStep(own, session).compose(step -> switch (step) {
            case LOGIN, FACTOR -> Pages.redirect(context, paths.consent(interaction.id()));
            case REFUSAL -> flow.take(context, own, session, step);
            case CONSENT, NOTHING -> apply(context, own, session.get(), form);
        }));
    }

    private Future<Void> apply(RoutingContext context, OpenInteraction interaction, LiveSession session, FormParameters form) {
        String decision = form.required("decision");
        if (decision.equals("deny")) {
            return completion.deny(context, interaction, session.user());
        }
        if (!decision.equals("approve")) {
            return Future.failedFuture(PageException.forged());
        }
        Scopes chosen = flow.chosen(interaction, form.all("scope"));
        return chosen.isEmpty() ? flow.showConsent(context, interaction, session, UNPROCESSABLE, NOTHING_CHOSEN)
            : completion.consented(context, interaction, session, chosen);
    }
}
