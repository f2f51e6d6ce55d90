package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.authorize.AuthorizationException;
import dev.gatehouse.authz.authorize.AuthorizationRequest;
import dev.gatehouse.authz.authorize.AuthorizationResponse;
import dev.gatehouse.authz.client.document.DocumentClients;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.page.Pages.CodePage;
import dev.gatehouse.authz.scope.PersonScopes;
import dev.gatehouse.authz.session.BrowserSessions.LiveSession;
import dev.gatehouse.authz.token.AuthorizationCodeStore.AuthorizationCode;
import dev.gatehouse.authz.token.TokenIssuer;
import dev.gatehouse.authz.token.TokenIssuer.TokenOptions;
import dev.gatehouse.authz.token.TokenKind;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.shared.audit.AuditLog.RequestOrigin;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.RequestId;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;

/** Finishes interactions with a code or with the user's refusal. */
public final class Completion {

    private final Interactions interactions;
    private final DocumentClients clients;
    private final ConsentStore consents;
    private final AuthorizationResponse responses;
    private final Pages pages;
    private final TokenOptions tokens;
    private final ClientAddress addresses;
    private final Clock clock;

    public Completion(Interactions interactions, DocumentClients clients, ConsentStore consents, AuthorizationResponse responses,
               Pages pages, TokenOptions tokens, ClientAddress addresses, Clock clock) {
        this.interactions = interactions;
        this.clients = clients;
        this.consents = consents;
        this.responses = responses;
        this.pages = pages;
        this.tokens = tokens;
        this.addresses = addresses;
        this.clock = clock;
    }

    /** Issues a code for the scopes that the user has just chosen, and remembers the consent. */
    Future<Void> consented(RoutingContext context, OpenInteraction interaction, LiveSession session, Scopes chosen) {
        audit(context, "consent_given", interaction, session.user(), chosen);
        return clients.keep(interaction.client())
            .compose(kept -> remember(interaction, session.user(), chosen))
            .compose(remembered -> approve(context, interaction, session, chosen));
    }

    private Future<Void> remember(OpenInteraction interaction, User user, Scopes chosen) {
        return interaction.client().isPublic() || !interaction.client().isOperatorRegistered() ? Future.succeededFuture()
            : consents.remember(user.sub(), interaction.request(), chosen, clock.millis());
    }

    /** Issues a code for the allowed scopes. */
    Future<Void> approve(RoutingContext context, OpenInteraction interaction, LiveSession session, Scopes scopes) {
        String code = TokenKind.CODE.generate();
        return interactions.approve(interaction, grant(interaction, session, scopes, code))
            .compose(approved -> {
                audit(context, "code_issued", interaction, session.user(), scopes);
                return answer(context, interaction, code);
            });
    }

    private AuthorizationCode grant(OpenInteraction interaction, LiveSession session, Scopes scopes, String code) {
        AuthorizationRequest request = interaction.request();
        TokenOptions lifetimes = tokens.governedBy(interaction.client().policy());
        long now = clock.millis();
        return new AuthorizationCode(TokenIssuer.newGrantId(), SecretToken.hash(code), session.user().sub(), request.clientId(),
            request.redirectUri(), request.codeChallenge(), scopes, request.resources(), now,
            now + tokens.authorizationCodeSeconds() * 1000, now + lifetimes.refreshTokenAbsoluteSeconds() * 1000,
            session.session().login().answering(request.acrValues()), request.nonce(), request.dpopJkt());
    }

    private Future<Void> answer(RoutingContext context, OpenInteraction interaction, String code) {
        return interaction.redirect().isOutOfBand()
            ? pages.send(context, 200, new CodePage(interaction.client().name(), code, tokens.authorizationCodeSeconds()))
            : responses.success(interaction.reply(), code).compose(delivery -> pages.deliver(context, delivery, interaction.redirect()));
    }

    /** Reports the user's refusal to the client. The returned future fails with that error. */
    Future<Void> deny(RoutingContext context, OpenInteraction interaction, User user) {
        return interactions.finish(interaction).compose(finished -> {
            audit(context, "consent_denied", interaction, user, interaction.request().scopes());
            return Future.failedFuture(new AuthorizationException(OAuthErrorCode.ACCESS_DENIED,
                "The user denied the request", interaction.reply()));
        });
    }

    /** Reports to the client that the user can have none of the scopes. The returned future fails with that error. */
    Future<Void> refuse(RoutingContext context, OpenInteraction interaction, User user) {
        return interactions.finish(interaction).compose(finished -> {
            audit(context, "scopes_refused", interaction, user, interaction.request().scopes());
            OAuthException lacking = PersonScopes.lacking();
            return Future.failedFuture(new AuthorizationException(lacking.code(), lacking.description(), interaction.reply()));
        });
    }

    /** Reports to the client that the user has no factor that the request needs (RFC 9470 §5). The returned future fails with that error. */
    Future<Void> unmet(RoutingContext context, OpenInteraction interaction, User user) {
        return interactions.finish(interaction).compose(finished -> {
            audit(context, "step_up_unmet", interaction, user, interaction.request().scopes());
            return Future.failedFuture(new AuthorizationException(OAuthErrorCode.UNMET_AUTHENTICATION_REQUIREMENTS,
                "The account has no factor for the requested acr_values. The user adds one at the account page", interaction.reply()));
        });
    }

    private void audit(RoutingContext context, String event, OpenInteraction interaction, User user, Scopes scopes) {
        RequestOrigin origin = RequestId.origin(context, addresses);
        origin.record(event, "sub", user.sub(), "client_id", interaction.request().clientId(), "scope", scopes,
            "resource", String.join(" ", interaction.request().resources()));
    }
}
