package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.federation.FederationStore.Arrival;
import dev.gatehouse.authz.federation.FederationStore.Pending;
import dev.gatehouse.authz.federation.FederationStore.Settled;
import dev.gatehouse.authz.federation.IdentityProvider.Start;
import dev.gatehouse.authz.federation.UpstreamTokenRequests.UpstreamTokens;
import dev.gatehouse.authz.federation.UpstreamSessionStore.UpstreamSession;
import dev.gatehouse.authz.scope.LoginLevel;
import dev.gatehouse.authz.session.LoginPlace;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.Issuer;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.Sealer;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;

import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * A login at an identity provider: the authorization request, and what follows from its response. A state belongs to one browser and one
 * provider and is used once, so that a response of another browser, of another provider or a second time leads nowhere.
 */
public final class FederatedLogin {

    public static final String CALLBACK = "/oauth/callback/";

    private final IdentityProviders providers;
    private final FederationStore store;
    private final UpstreamSessionStore sessions;
    private final Sealer states;
    private final Sealer tokens;
    private final Issuer issuer;
    private final Lifetimes lifetimes;
    private final Clock clock;

    public FederatedLogin(IdentityProviders providers, FederationStore store, UpstreamSessionStore sessions, MasterKey key, Issuer issuer, Lifetimes lifetimes, Clock clock) {
        this.providers = providers;
        this.store = store;
        this.sessions = sessions;
        this.states = key.sealer("federated logins");
        this.tokens = key.sealer("upstream sessions");
        this.issuer = issuer;
        this.lifetimes = lifetimes;
        this.clock = clock;
    }

    /** @param loginMillis for the login at the provider; @param grantMillis the longest life of what a login leads to */
    public record Lifetimes(long loginMillis, long grantMillis) {
    }

    /** The result of a login. @param authenticatedAt epoch milliseconds; @param change see {@link Settled} */
    record Entered(String provider, String sub, LoginPlace place, long authenticatedAt, List<String> methods, String change) {
    }

    /** Starts a login. @param level the level that it must have, or null. Returns the URL of the authorization request; fails with a page. */
    public Future<String> start(String name, String hint, LoginPlace place, LoginLevel level) {
        IdentityProvider provider = providers.named(name).orElseThrow();
        LoginState login = LoginState.create(place, level, clock.millis());
        String state = SecretToken.generate("");
        String stateHash = SecretToken.hash(state);
        Pending pending = new Pending(name, login.seal(states, stateHash), clock.millis() + lifetimes.loginMillis());
        return provider.authorizationUrl(new Start(state, login.nonce(), login.verifier(), redirectUri(provider), hint, place.fresh(), level))
            .compose(url -> store.begin(stateHash, place.browserHash(), pending).map(url))
            .recover(failure -> Future.failedFuture(failure instanceof UpstreamException refusal
                ? refusal.fault().page(provider.options().label()) : failure));
    }

    private String redirectUri(IdentityProvider provider) {
        return issuer.url(CALLBACK + provider.options().name());
    }

    /** Takes the login of a state; empty if there is none for this browser. */
    Future<Optional<Pending>> take(String state, String browser) {
        return store.take(SecretToken.hash(state), SecretToken.hash(browser)).map(found -> found.filter(login -> clock.millis() < login.expiresAt()));
    }

    Future<Boolean> isOfOtherBrowser(String state) {
        return store.isPending(SecretToken.hash(state));
    }

    LoginState open(Pending pending, String state) {
        return LoginState.open(states, pending.sealed(), SecretToken.hash(state));
    }

    /** Checks the sender of an authorization response before anything else (RFC 9207 §2.4). */
    Future<Void> requireIssuer(IdentityProvider provider, FormParameters response) {
        String sent = response.single("iss");
        return provider.metadata().map(metadata -> {
            if (sent == null ? metadata.namesIssuer() : !sent.equals(metadata.issuer())) {
                throw new UpstreamException(UpstreamFault.OTHER_ISSUER, sent == null ? "no iss" : "another iss");
            }
            return null;
        });
    }

    /** Redeems the code and settles the account. Fails with {@link UpstreamException}, without a change. */
    Future<Entered> enter(IdentityProvider provider, LoginState login, String code) {
        return provider.redeem(code, login.verifier(), redirectUri(provider))
            .compose(received -> provider.person(received, login.nonce())
                .map(person -> AdmissionRules.require(provider.options(), requireLevel(login, requireFresh(login, person))))
                .compose(person -> settle(provider, login, received, person)));
    }

    /** The provider must have asked for the credentials again if the application demands that. */
    private static UpstreamPerson requireFresh(LoginState login, UpstreamPerson person) {
        if (login.place().fresh() && person.authenticatedAt() != null
            && person.authenticatedAt() < login.startedAt() - IdTokenRules.SKEW.toMillis()) {
            throw new UpstreamException(UpstreamFault.REJECTED, "an earlier login");
        }
        return person;
    }

    /** A provider may ignore {@code acr_values}. Without this check the browser would go there again and again. */
    private static UpstreamPerson requireLevel(LoginState login, UpstreamPerson person) {
        if (login.level() != null && LoginLevel.of(person.methods()).compareTo(login.level()) < 0) {
            throw new UpstreamException(UpstreamFault.WEAK_AUTHENTICATION, "level " + LoginLevel.of(person.methods()).acr() + " instead of " + login.level().acr());
        }
        return person;
    }

    private Future<Entered> settle(IdentityProvider provider, LoginState login, UpstreamTokens received, UpstreamPerson person) {
        long now = clock.millis();
        long authenticatedAt = person.authenticatedAt() == null ? now : Math.min(now, person.authenticatedAt());
        return store.settle(new Arrival(provider.options(), person, login.place().linkTo(), newcomer(person, now), now))
            .compose(settled -> (login.place().linkTo() != null ? Future.<Void>succeededFuture()
                    : sessions.add(session(provider, received, person, settled, authenticatedAt), person.sessionId(), now + lifetimes.grantMillis()))
                .map(new Entered(provider.options().name(), settled.sub(), login.place(), authenticatedAt, person.methods(), settled.change())));
    }

    /** A verified address is a name that people recognize; without one the account has its identifier as its name. */
    private static User newcomer(UpstreamPerson person, long now) {
        String sub = User.newSub();
        String email = person.verifiedEmail();
        return new User(sub, email == null ? sub : email, User.NO_PASSWORD, email, person.name(), false, now, null);
    }

    private UpstreamSession session(IdentityProvider provider, UpstreamTokens received, UpstreamPerson person, Settled settled, long authenticatedAt) {
        String id = SecretToken.generate("");
        byte[] kept = provider.options().recheckSeconds() == 0 ? null : KeptTokens.of(provider, received, null, person).seal(tokens, id);
        return new UpstreamSession(id, settled.sub(), authenticatedAt, provider.options().name(), person.identity(), kept, clock.millis());
    }
}
