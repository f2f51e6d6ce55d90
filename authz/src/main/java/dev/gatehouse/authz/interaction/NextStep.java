package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.session.LiveSession;
import io.vertx.core.Future;

import java.util.Optional;

/** What an interaction still needs from the person. */
enum NextStep {
    LOGIN, CONSENT, NOTHING;

    /**
     * Decides by the session that the browser has now.
     *
     * @param silent whether no page may be shown (prompt=none)
     */
    static Future<NextStep> of(OpenInteraction interaction, Optional<LiveSession> session, ConsentStore consents, boolean silent, long now) {
        if (session.isEmpty() || isSomebodyElse(interaction, session.get()) || needsFreshLogin(interaction.stored(), session.get())) {
            return Future.succeededFuture(LOGIN);
        }
        ClientPolicy.Consent rule = interaction.client().policy().consent();
        // Whoever describes himself may say something else tomorrow, so no decision of today's speaks for all that he says.
        if (rule == ClientPolicy.Consent.NEVER && interaction.client().isOperatorRegistered() && !interaction.stored().freshConsent()) {
            return Future.succeededFuture(NOTHING);
        }
        if (rule == ClientPolicy.Consent.ALWAYS) {
            return Future.succeededFuture(CONSENT);
        }
        // A page would let this person see what the client says today. Without one, a live grant speaks for the same client at
        // the same address, where the client proves itself when it redeems the code.
        if (silent && !interaction.client().isPublic() && !interaction.client().isOperatorRegistered()) {
            return consents.granted(session.get().user().sub(), interaction.request(), now)
                .map(granted -> granted.containsAll(interaction.request().scopes()) ? NOTHING : CONSENT);
        }
        // Anybody can call themselves by a public client's name, so its user is asked each time (OAuth 2.1 §7.3.1), and
        // so is the user of a client that may have changed what it says of itself.
        if (interaction.client().isPublic() || !interaction.client().isOperatorRegistered() || interaction.stored().freshConsent()) {
            return Future.succeededFuture(CONSENT);
        }
        return consents.allowed(session.get().user().sub(), interaction.request())
            .map(allowed -> allowed.containsAll(interaction.request().scopes()) ? NOTHING : CONSENT);
    }

    /** OpenID Connect Core §3.1.2.2: a client that asks for one person gets no tokens of another. */
    static boolean isSomebodyElse(OpenInteraction interaction, LiveSession session) {
        String wanted = interaction.request().subHint();
        return wanted != null && !wanted.equals(session.user().sub());
    }

    private static boolean needsFreshLogin(Interaction stored, LiveSession session) {
        return stored.freshLogin() && !session.user().sub().equals(stored.authenticatedSub());
    }
}
