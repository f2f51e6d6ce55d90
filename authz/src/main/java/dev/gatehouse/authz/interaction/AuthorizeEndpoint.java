package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.authorize.AuthorizationChecks;
import dev.gatehouse.authz.authorize.AuthorizationException;
import dev.gatehouse.authz.authorize.PushedRequests;
import dev.gatehouse.authz.authorize.ValidRequest;
import dev.gatehouse.authz.client.document.DocumentClients;
import dev.gatehouse.authz.page.FormBody;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.session.BrowserSessions;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/**
 * The authorization endpoint (RFC 6749 §3.1).
 *
 * <p>An invalid request is redirected to its client immediately, with or without a login, if the operator registered the client
 * or a user of this browser has consented to that redirect URI before ({@link ConsentedRedirects}). Requests of all other clients
 * end at a page that shows the destination (OAuth 2.1 §7.13.2), with {@code prompt=none} too.
 */
public final class AuthorizeEndpoint {

    private final AuthorizationChecks checks;
    private final PushedRequests pushed;
    private final DocumentClients documents;
    private final ClientAddress addresses;
    private final BrowserSessions sessions;
    private final Interactions interactions;
    private final InteractionFlow flow;
    private final PagePaths paths;

    public AuthorizeEndpoint(AuthorizationChecks checks, PushedRequests pushed, DocumentClients documents, ClientAddress addresses,
                      BrowserSessions sessions, Interactions interactions, InteractionFlow flow, PagePaths paths) {
        this.checks = checks;
        this.pushed = pushed;
        this.documents = documents;
        this.addresses = addresses;
        this.sessions = sessions;
        this.interactions = interactions;
        this.flow = flow;
        this.paths = paths;
    }

    public Future<Void> get(RoutingContext context) {
        return Future.succeededFuture(context.request().query())
            .map(FormParameters::parse)
            .map(parameters -> requireFetchable(context, parameters))
            .compose(parameters -> PushedRequests.isNamed(parameters) ? pushed.resume(parameters) : checks.check(parameters))
            .compose(valid -> begin(context, valid));
    }

    private FormParameters requireFetchable(RoutingContext context, FormParameters parameters) {
        documents.requireFetchAllowed(parameters.single("client_id"), addresses.sourceOf(context.request()));
        return parameters;
    }

    /**
     * Redirects a posted form to the same request by GET. Browsers omit SameSite cookies from a POST that another site started, so
     * a logged-in user would appear to have no session.
     */
    public Future<Void> post(RoutingContext context) {
        return FormBody.read(context).compose(body -> {
            FormParameters.parseBody(context.request().headers(), body);
            return Pages.redirect(context, paths.authorize() + "?" + FormBody.asQuery(body));
        });
    }

    private Future<Void> begin(RoutingContext context, ValidRequest valid) {
        return sessions.current(context).compose(session -> {
            OpenInteraction draft = interactions.draft(context, valid, session);
            return flow.forPerson(draft, session).compose(own -> flow.nextStep(own, session, valid.prompting().silent())
                .map(step -> requireAllowedToAsk(valid, step))
                .compose(step -> interactions.begin(draft).compose(begun -> flow.take(context, own, session, step))));
        });
    }

    /** OpenID Connect Core §3.1.2.6: with prompt=none, a step that needs a page is an error. */
    private static NextStep requireAllowedToAsk(ValidRequest valid, NextStep step) {
        if (!valid.prompting().silent() || step == NextStep.NOTHING || step == NextStep.REFUSAL) {
            return step;
        }
        boolean login = step == NextStep.LOGIN || step == NextStep.FACTOR;
        throw new AuthorizationException(login ? OAuthErrorCode.LOGIN_REQUIRED : OAuthErrorCode.CONSENT_REQUIRED,
            login ? "The user has to log in, or to log in with another factor" : "The user has to consent", valid.reply());
    }
}
