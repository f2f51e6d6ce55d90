package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.scope.LoginLevel;
import dev.gatehouse.authz.session.BrowserSessions.LiveSession;
import io.vertx.core.Future;

import java.util.List;
import java.util.Optional;

/** The next step that an interaction needs from the user. */
enum NextStep {
    LOGIN, CONSENT, NOTHING,
    /** The login lacks a factor that the client asks for. */
    FACTOR,
    /** The person can have none of the scopes. */
    REFUSAL;

    /**
     * Decides by the current session of the browser.
     *
     * @param interaction with the scopes that the person of the session can have
     * @param silent whether no page may be shown (prompt=none)
     */
    static Future<NextStep> of(OpenInteraction interaction, Optional<LiveSession> session, ConsentStore consents, boolean silent, long now) {
        if (session.isEmpty() || isSomebodyElse(interaction, session.get()) || needsFreshLogin(interaction.stored(), session.get())) {
            return Future.succeededFuture(LOGIN);
        }
        List<String> wanted = interaction.request().acrValues();
        if (!wanted.isEmpty() && LoginLevel.of(session.get().session().methods()).satisfied(wanted).isEmpty()) {
            return Future.succeededFuture(FACTOR);
        }
        if (interaction.request().scopes().isEmpty()) {
            return Future.succeededFuture(REFUSAL);
        }
        ClientPolicy.Consent rule = interaction.client().policy().consent();
        // A self-registered client may change its metadata, so the operator's rule does not apply to it.
        if (rule == ClientPolicy.Consent.NEVER && interaction.client().isOperatorRegistered() && !interaction.stored().freshConsent()) {
            return Future.succeededFuture(NOTHING);
        }
        if (rule == ClientPolicy.Consent.ALWAYS) {
            return Future.succeededFuture(CONSENT);
        }
        // With prompt=none no page can show the client's current metadata. An active grant is enough for the same client and redirect
        // URI, because a confidential client authenticates when it redeems the code.
        if (silent && !interaction.client().isPublic() && !interaction.client().isOperatorRegistered()) {
            return consents.granted(session.get().user().sub(), interaction.request(), now)
                .map(granted -> granted.containsAll(interaction.request().scopes()) ? NOTHING : CONSENT);
        }
        // Any program can claim the identity of a public client, so its users are asked each time (OAuth 2.1 §7.3.1). The same
        // applies to clients that may have changed their metadata.
        if (interaction.client().isPublic() || !interaction.client().isOperatorRegistered() || interaction.stored().freshConsent()) {
            return Future.succeededFuture(CONSENT);
        }
        return consents.allowed(session.get().user().sub(), interaction.request())
            .map(allowed -> allowed.containsAll(interaction.request().scopes()) ? NOTHING : CONSENT);
    }

    /** OpenID Connect Core §3.1.2.2: a client that requests one user must not get tokens of another. */
    static boolean isSomebodyElse(OpenInteraction interaction, LiveSession session) {
        String wanted = interaction.request().subHint();
        return wanted != null && !wanted.equals(session.user().sub());
    }

    private static boolean needsFreshLogin(Interaction stored, LiveSession session) {
        return stored.freshLogin() && !session.user().sub().equals(stored.authenticatedSub());
    }
}
