package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.authorize.AuthorizationChecks;
import dev.gatehouse.authz.authorize.ValidRequest;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientLookup;
import dev.gatehouse.authz.page.BrowserCookies;
import dev.gatehouse.authz.page.PageException;
import dev.gatehouse.authz.session.BrowserSessions.LiveSession;
import dev.gatehouse.authz.token.AuthorizationCodeStore.AuthorizationCode;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.Optional;

/**
 * Starts and resumes interactions. All data is read from the database; the forms carry only the interaction's identifier, which
 * is useless in another browser.
 */
public final class Interactions {

    private final InteractionStore interactions;
    private final ClientLookup clients;
    private final BrowserCookies cookies;
    private final long lifetimeMillis;
    private final Clock clock;

    public Interactions(InteractionStore interactions, ClientLookup clients, BrowserCookies cookies, long lifetimeSeconds, Clock clock) {
        this.interactions = interactions;
        this.clients = clients;
        this.cookies = cookies;
        this.lifetimeMillis = lifetimeSeconds * 1000;
        this.clock = clock;
    }

    /** Creates the interaction of a request; {@link #begin} stores it. */
    OpenInteraction draft(RoutingContext context, ValidRequest valid, Optional<LiveSession> session) {
        long now = clock.millis();
        boolean freshLogin = session.map(live -> valid.prompting().asksLogin(live.session().authenticatedAt(), now))
            .orElse(valid.prompting().login());
        String id = SecretToken.generate("");
        String browser = cookies.browserOrNew(context);
        Interaction stored = new Interaction(SecretToken.hash(id), SecretToken.hash(browser), valid.request(), freshLogin,
            valid.prompting().consent(), Interaction.State.PENDING, null, now + lifetimeMillis);
        return new OpenInteraction(id, browser, stored, valid.client(), valid.redirect());
    }

    Future<OpenInteraction> begin(OpenInteraction draft) {
        return interactions.begin(draft.stored()).map(draft);
    }

    /** Loads the interaction of a form or URL. Fails unless this browser started it and it is neither finished nor expired. */
    Future<OpenInteraction> resume(RoutingContext context, FormParameters parameters) {
        String id = parameters.single("interaction");
        String browser = cookies.browser(context);
        if (id == null) {
            return Future.failedFuture(PageException.expired());
        }
        if (browser == null) {
            return Future.failedFuture(PageException.otherBrowser());
        }
        return interactions.find(SecretToken.hash(id))
            .map(found -> requireOpen(found, browser))
            .compose(stored -> clients.find(stored.request().clientId())
                .map(client -> reopen(id, browser, stored, client)));
    }

    private Interaction requireOpen(Optional<Interaction> found, String browser) {
        Interaction stored = found.orElseThrow(PageException::expired);
        if (!SecretToken.constantTimeEquals(stored.browserHash(), SecretToken.hash(browser))) {
            throw PageException.otherBrowser();
        }
        if (stored.state() == Interaction.State.FINISHED) {
            throw PageException.finished();
        }
        if (clock.millis() >= stored.expiresAt()) {
            throw PageException.expired();
        }
        return stored;
    }

    private static OpenInteraction reopen(String id, String browser, Interaction stored, Optional<Client> found) {
        Client client = found.orElseThrow(() -> new OAuthException(OAuthErrorCode.INVALID_CLIENT,
            "The application is not registered any more"));
        return new OpenInteraction(id, browser, stored, client,
            AuthorizationChecks.requireRegisteredRedirectUri(client, stored.request().redirectUri()));
    }

    /** Finishes an interaction with a code; fails if it was already finished. */
    Future<Void> approve(OpenInteraction interaction, AuthorizationCode code) {
        return interactions.approve(interaction.stored().hash(), code).map(Interactions::requireUnfinished);
    }

    /** Finishes an interaction without a grant; fails if it was already finished. */
    Future<Void> finish(OpenInteraction interaction) {
        return interactions.finish(interaction.stored().hash(), clock.millis()).map(Interactions::requireUnfinished);
    }

    private static Void requireUnfinished(boolean finished) {
        if (!finished) {
            throw PageException.finished();
        }
        return null;
    }
}
