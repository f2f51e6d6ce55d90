package dev.gatehouse.client.credential;

import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.client.oauth.LoginRequest;
import dev.gatehouse.client.oauth.Credential;
import dev.gatehouse.client.oauth.Login;
import dev.gatehouse.client.oauth.OAuthFailure;
import dev.gatehouse.client.oauth.OAuthOptions;
import dev.gatehouse.client.oauth.UserInteraction;
import dev.gatehouse.shared.config.DataHome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;

import java.net.URI;
import java.time.Clock;
import java.util.Optional;

/**
 * The stored login for one resource at one authorization server, for a process without a terminal. Safe for use from any thread.
 */
public final class StoredLogin {

    private final CredentialFiles files;
    private final Login.Surroundings surroundings;
    private final String issuer;
    private final URI resource;
    private final String scope;
    private Future<SignIn> begun;

    /** A sign-in that has begun. @param done completes when it has ended, in success or failure */
    public record SignIn(URI page, Future<Credential> done) {
    }

    /**
     * Does not access files or the network.
     *
     * @param trust certificate authorities to trust, or null for the platform's
     * @param scope that a new login asks for
     */
    public StoredLogin(Vertx vertx, DataHome home, TrustOptions trust, Clock clock, String issuer, String resource, String scope) {
        this.files = new CredentialFiles(vertx, home);
        this.surroundings = new Login.Surroundings(vertx, new HttpCaller(vertx, trust), clock, files, UserInteraction.NONE, lookup -> { });
        this.issuer = issuer;
        this.resource = URI.create(resource);
        this.scope = scope;
    }

    /** The stored credential, refreshed where it has to be; empty when there is none, or when it has ended and a person has to sign in. */
    public Future<Optional<Credential>> credential() {
        return files.find(issuer, resource.toString())
            .compose(stored -> stored.isEmpty() ? Future.succeededFuture(stored) : usable(login(UserInteraction.NONE).fresh(stored.get())));
    }

    /** Another credential instead of one that the resource has refused; empty when a person has to sign in. */
    public Future<Optional<Credential>> instead(Credential refused) {
        return refused.tokens().refreshToken() == null ? Future.succeededFuture(Optional.empty())
            : usable(login(UserInteraction.NONE).refresh(refused));
    }

    private static Future<Optional<Credential>> usable(Future<Credential> fresh) {
        return fresh.map(Optional::of).recover(failure -> failure instanceof OAuthFailure refusal && refusal.endsCredential()
            ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(failure));
    }

    private Login login(UserInteraction interaction) {
        Login.Surroundings own = new Login.Surroundings(surroundings.vertx(), surroundings.http(), surroundings.clock(), files, interaction,
            surroundings.observer());
        return new Login(own, resource, OAuthOptions.DISCOVERED.with(scope, null, null, null));
    }

    /** The credential that a sign-in under way leads to; empty when none is under way. */
    public synchronized Optional<Future<Credential>> underWay() {
        return Optional.ofNullable(begun).map(started -> started.compose(SignIn::done));
    }

    /** Begins a sign-in, or returns the one under way. The page is the authorization server's; its answer comes to this process. */
    public synchronized Future<SignIn> signIn() {
        if (begun != null) {
            return begun;
        }
        Promise<URI> page = Promise.promise();
        Future<Credential> done = Future.succeededFuture(issuer).compose(login(new PageOnly(page))::runAt);
        Future<SignIn> started = page.future().map(url -> new SignIn(url, done));
        begun = started;
        done.onComplete(ended -> end(ended.cause(), page));
        return started;
    }

    private synchronized void end(Throwable failure, Promise<URI> page) {
        begun = null;
        page.tryFail(failure);
    }

    /** Hands the page over instead of opening it. */
    private record PageOnly(Promise<URI> page) implements UserInteraction {

        @Override
        public Future<Void> open(LoginRequest request) {
            page.complete(request.url());
            return Future.succeededFuture();
        }
    }
}
