package dev.gatehouse.client.oauth;

import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.RequestAuthorizer;
import dev.gatehouse.client.http.SecureUrl;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;

import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Authorizes the requests to one MCP server: with a stored token, refreshed before it expires; with a new one after a 401; with more
 * scopes after a 403, once for the same scopes; with the login that a step-up challenge asks for. Tokens go to the origin of that server alone. Of requests that need a token at the same
 * time, one gets it and all use it.
 */
public final class OAuthAuthorizer implements RequestAuthorizer {

    private final URI server;
    private final CredentialStore store;
    private final Clock clock;
    private final OAuthOptions options;
    private final Login login;
    private Credential current;
    private boolean looked;
    /** The token was issued just now, and no answer has shown yet that the server takes it. */
    private boolean unproven;
    private Future<Credential> underWay;

    public OAuthAuthorizer(Login.Surroundings surroundings, URI server, OAuthOptions options) {
        this.server = server;
        this.store = surroundings.store();
        this.clock = surroundings.clock();
        this.options = options;
        this.login = new Login(surroundings, server, options);
    }

    /** The credential in use; empty before there is one. */
    public synchronized Optional<Credential> credential() {
        return Optional.ofNullable(current);
    }

    @Override
    public Future<HttpCall> authorize(HttpCall call) {
        if (!SecureUrl.origin(call.url()).equals(SecureUrl.origin(server))) {
            return Future.succeededFuture(call);
        }
        return usable().map(credential -> credential.map(known -> carry(call, known)).orElse(call));
    }

    private HttpCall carry(HttpCall call, Credential credential) {
        SecureUrl.require(server.toString(), "A server that gets an access token");
        TokenSet tokens = credential.tokens();
        HttpCall authorized = call.with("Authorization", tokens.type() + " " + tokens.accessToken());
        return credential.dpop() == null ? authorized : credential.dpop().prove(authorized, tokens.accessToken(), clock.instant());
    }

    private synchronized Future<Optional<Credential>> usable() {
        if (underWay != null) {
            return underWay.map(Optional::of);
        }
        if (current == null && !looked) {
            looked = true;
            return store.find(server.toString(), options::accepts).compose(found -> {
                found.ifPresent(credential -> set(credential, false));
                return usable();
            });
        }
        if (current == null || current.tokens().isUsableAt(clock.instant()) || current.tokens().refreshToken() == null) {
            return Future.succeededFuture(Optional.ofNullable(current));
        }
        Credential stale = current;
        return once(() -> login.refresh(stale), false).map(Optional::of).recover(failure -> afterFailedRefresh(stale, failure).map(Optional.<Credential>empty()));
    }

    /** A refresh token that is refused is of no use any more: the server's challenge leads to a login. */
    private Future<Void> afterFailedRefresh(Credential stale, Throwable failure) {
        if (!(failure instanceof OAuthFailure refusal) || !refusal.endsCredential()) {
            return Future.failedFuture(failure);
        }
        forget(stale);
        return login.discard(stale);
    }

    private synchronized void forget(Credential stale) {
        if (current == stale) {
            current = null;
        }
    }

    private synchronized void set(Credential credential, boolean isNew) {
        current = credential;
        unproven = isNew;
    }

    private synchronized Future<Credential> once(Supplier<Future<Credential>> work, boolean isNew) {
        if (underWay == null) {
            Future<Credential> started = work.get();
            underWay = started;
            started.onComplete(done -> end(done.result(), isNew));
            if (started.isComplete()) {
                underWay = null;
            }
            return started;
        }
        return underWay;
    }

    private synchronized void end(Credential credential, boolean isNew) {
        underWay = null;
        if (credential != null) {
            set(credential, isNew);
        }
    }

    @Override
    public Future<Boolean> answered(HttpCall call, int status, MultiMap headers, int attempt) {
        Credential used = used(call);
        boolean newNonce = used != null && used.dpop() != null && used.dpop().takeNonce(call.url(), headers);
        List<String> fields = headers.getAll("WWW-Authenticate");
        Optional<Challenge> challenge = Challenge.ofOAuth(fields);
        if (status == 401) {
            if (newNonce && challenge.filter(Challenge::asksForNonce).isPresent()) {
                return Future.succeededFuture(true);
            }
            return unauthorized(call, used, challenge);
        }
        if (used != null) {
            set(used, false);
        }
        if (status == 403 && used != null && challenge.filter(Challenge::isInsufficientScope).isPresent()) {
            return stepUp(used, challenge.get());
        }
        return Future.succeededFuture(false);
    }

    /** The credential in use, when the request carried its token; null when it carried none or another. */
    private synchronized Credential used(HttpCall call) {
        String sent = call.headers().get("Authorization");
        return current != null && sent != null && sent.endsWith(" " + current.tokens().accessToken()) ? current : null;
    }

    private Future<Boolean> unauthorized(HttpCall call, Credential used, Optional<Challenge> challenge) {
        boolean sentToken = call.headers().contains("Authorization");
        if (sentToken && used == null) {
            // Another request has got a new token meanwhile.
            return Future.succeededFuture(credential().isPresent());
        }
        if (isUnproven(used)) {
            return Future.succeededFuture(false);
        }
        if (used != null && challenge.filter(Challenge::isInsufficientAuthentication).isPresent()) {
            // A refreshed token would tell the same login.
            return logIn(challenge, used.requestedScope() == null ? "" : used.requestedScope(), used);
        }
        if (used != null && used.tokens().refreshToken() != null) {
            return once(() -> login.refresh(used), true).map(true)
                .recover(failure -> afterFailedRefresh(used, failure).compose(removed -> logIn(challenge, null, used)));
        }
        return logIn(challenge, null, used);
    }

    private synchronized boolean isUnproven(Credential used) {
        return used != null && unproven;
    }

    private Future<Boolean> logIn(Optional<Challenge> challenge, String before, Credential refused) {
        return once(() -> login.runOnce(challenge, before, refused), true).map(true);
    }

    private Future<Boolean> stepUp(Credential used, Challenge challenge) {
        boolean asked = ScopeChoice.covers(used.requestedScope(), challenge.scope().orElse(""));
        // Asked for and not granted: to ask again would be a loop.
        return asked ? Future.succeededFuture(false) : logIn(Optional.of(challenge), used.requestedScope() == null ? "" : used.requestedScope(), used);
    }
}
