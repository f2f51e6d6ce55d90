package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.federation.UpstreamTokenRequests.UpstreamTokens;
import dev.gatehouse.authz.federation.UpstreamSessionStore.UpstreamSession;
import dev.gatehouse.authz.session.SessionStore.BrowserSession;
import dev.gatehouse.authz.token.TokenIndex;
import dev.gatehouse.shared.audit.AuditLog;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.Issuer;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.Sealer;
import io.vertx.core.Future;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Follows the sessions at identity providers: checks them again at a refresh, passes a logout on, and ends what a provider has ended. */
public final class UpstreamSessions {

    /** The time that another process gets for a check before this one tries. */
    private static final long CLAIM_MILLIS = 30_000;

    private final IdentityProviders providers;
    private final UpstreamSessionStore store;
    private final TokenIndex index;
    private final Sealer tokens;
    private final Issuer issuer;
    private final Clock clock;

    public UpstreamSessions(IdentityProviders providers, UpstreamSessionStore store, TokenIndex index, MasterKey key, Issuer issuer, Clock clock) {
        this.providers = providers;
        this.store = store;
        this.index = index;
        this.tokens = key.sealer("upstream sessions");
        this.issuer = issuer;
        this.clock = clock;
    }

    /**
     * Checks before a refresh that the person still has access at the provider. If the provider cannot be asked, the last check counts for
     * twice its normal time.
     *
     * @return fails with {@code invalid_grant} if the access has ended, with {@code temporarily_unavailable} if that is not known in time
     */
    public Future<Void> checkBeforeRefresh(String refreshTokenHash) {
        return !providers.checksAny() ? Future.succeededFuture() : store.ofRefreshToken(refreshTokenHash)
            .compose(found -> found.isEmpty() ? Future.succeededFuture() : check(found.get()));
    }

    private Future<Void> check(UpstreamSession session) {
        Optional<IdentityProvider> found = providers.named(session.provider());
        if (found.isEmpty()) {
            return end(session, "provider_removed");
        }
        long now = clock.millis();
        long interval = found.get().options().recheckSeconds() * 1000;
        if (interval == 0 || now - session.checkedAt() < interval) {
            return Future.succeededFuture();
        }
        return session.sealed() == null ? end(session, "nothing_to_check") : store.claim(session, now, now + CLAIM_MILLIS)
            .compose(mine -> mine ? ask(session, found.get()) : tolerate(session, interval));
    }

    private Future<Void> ask(UpstreamSession session, IdentityProvider provider) {
        KeptTokens kept = KeptTokens.open(tokens, session);
        if (provider.isOpenId() && kept.refresh() == null) {
            return end(session, "no_refresh_token");
        }
        Future<UpstreamTokens> current = kept.refresh() != null ? provider.refresh(kept.refresh())
            : Future.succeededFuture(new UpstreamTokens(kept.access(), null, null));
        return current.compose(received -> provider.personAgain(received, kept.person())
                .map(person -> AdmissionRules.require(provider.options(), person))
                .compose(person -> store.checked(session, KeptTokens.of(provider, received, kept.refresh(), person).seal(tokens, session.id()),
                    person.groups(), clock.millis())))
            .recover(failure -> failure instanceof UpstreamException refusal ? judge(session, provider, refusal) : Future.failedFuture(failure));
    }

    /** A fault of the provider or of the configuration says nothing about the person. */
    private Future<Void> judge(UpstreamSession session, IdentityProvider provider, UpstreamException refusal) {
        return switch (refusal.fault()) {
            case REJECTED, NOT_PERMITTED, UNVERIFIED_EMAIL -> end(session, refusal.getMessage());
            default -> tolerate(session, provider.options().recheckSeconds() * 1000);
        };
    }

    private Future<Void> tolerate(UpstreamSession session, long interval) {
        return clock.millis() - session.checkedAt() < 2 * interval ? Future.succeededFuture()
            : Future.failedFuture(new OAuthException(OAuthErrorCode.TEMPORARILY_UNAVAILABLE,
                "The identity provider of the user cannot be asked now. Try again later"));
    }

    private Future<Void> end(UpstreamSession session, String reason) {
        return store.end(session, clock.millis()).compose(grants -> {
            forget(grants);
            AuditLog.record("upstream_access_ended", "sub", session.sub(), "provider", session.provider(), "reason", reason);
            return Future.failedFuture(new OAuthException(OAuthErrorCode.INVALID_GRANT, "The user has no access at the identity provider any more"));
        });
    }

    /**
     * Ends the sessions and grants that a logout token names.
     *
     * @param sid the identifier of the session at the provider, or null for all sessions of the subject
     * @param subject the subject at the provider, or null for any
     * @return the number of ended grants
     */
    Future<Integer> logOut(String provider, String sid, String subject) {
        return store.endAll(provider, sid, subject, clock.millis()).map(grants -> {
            forget(grants);
            return grants.size();
        });
    }

    private void forget(List<String> grants) {
        grants.forEach(grant -> index.forget(InvalidationKind.GRANT, grant));
    }

    /**
     * The URL at which the provider ends its own session after a logout here (OpenID Connect RP-Initiated Logout 1.0). It has no
     * {@code id_token_hint}, because tokens must not appear in URLs; the client identifier is enough.
     *
     * @return empty if the session was not opened at a provider, or the provider has no such endpoint or does not answer
     */
    public Future<Optional<String>> logoutUrl(BrowserSession session) {
        return store.ofLogin(session.sub(), session.authenticatedAt()).compose(found ->
            found.flatMap(upstream -> providers.named(upstream.provider())).map(this::logoutUrl).orElse(Future.succeededFuture(Optional.empty())));
    }

    private Future<Optional<String>> logoutUrl(IdentityProvider provider) {
        return provider.metadata().map(metadata -> {
            boolean cognito = provider.options().known() == Preset.AMAZON_COGNITO;
            String url = cognito ? metadata.authorization().replace("/oauth2/authorize", "/logout") : metadata.endSession();
            Map<String, String> parameters = new LinkedHashMap<>();
            parameters.put("client_id", provider.options().clientId());
            parameters.put(cognito ? "logout_uri" : "post_logout_redirect_uri", issuer.url("/account"));
            return Optional.ofNullable(url).map(known -> FormParameters.addTo(known, parameters));
        }).recover(failure -> failure instanceof UpstreamException ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(failure));
    }
}
