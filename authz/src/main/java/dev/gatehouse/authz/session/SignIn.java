package dev.gatehouse.authz.session;

import dev.gatehouse.authz.page.Durations;
import dev.gatehouse.authz.session.PasswordLogin.LoginOutcome;
import dev.gatehouse.shared.audit.AuditLog.RequestOrigin;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.RequestId;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** The common part of all login forms: reads the form, checks the password, opens the session, and shows errors. */
public final class SignIn {

    private static final String WRONG = "The username or the password is wrong. Check both and try again.";
    private static final String INCOMPLETE = "Enter your username and your password.";
    private static final String BUSY = "The server is busy. Wait a few seconds and try again.";
    private static final long DEADLINE_SECONDS = 20;
    private static final String RETRY_SECONDS = "5";
    /** Slows down a client that waits for each response; a user hardly notices. */
    private static final long LOCKED_REFUSAL_MILLIS = 500;
    /** RFC 9110 §15.5.21; 401 would need a challenge that no browser form answers. */
    private static final int UNPROCESSABLE = 422;
    private static final int UNAVAILABLE = 503;

    private final PasswordLogin login;
    private final BrowserSessions sessions;
    private final ClientAddress addresses;

    /** Shows the form again. */
    @FunctionalInterface
    public interface Again {
        Future<Void> show(int status, String username, String problem);
    }

    public SignIn(PasswordLogin login, BrowserSessions sessions, ClientAddress addresses) {
        this.login = login;
        this.sessions = sessions;
        this.addresses = addresses;
    }

    /**
     * Handles a submitted login form.
     *
     * @param interactionHash the interaction of the login, or null
     * @param clientId the client of the interaction for the audit log, or null
     */
    public Future<Void> attempt(RoutingContext context, FormParameters form, String browserHash, String interactionHash,
                         String clientId, Again again, Supplier<Future<Void>> onward) {
        String username = form.single("username");
        String password = form.single("password");
        if (username == null || password == null) {
            return again.show(UNPROCESSABLE, username == null ? "" : username, INCOMPLETE);
        }
        RequestOrigin origin = RequestId.origin(context, addresses);
        // A hash, because users sometimes type the password into the wrong field.
        String account = SecretToken.hash(username);
        HttpServerResponse response = context.response();
        return login.attempt(new PasswordLogin.Attempt(username, password, browserHash, addresses.sourceOf(context.request()),
                () -> response.ended() || response.closed()))
            .timeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
            .recover(SignIn::busyOrFailed)
            .compose(outcome -> switch (outcome.status()) {
                case ACCEPTED -> {
                    origin.record("login_succeeded", "sub", outcome.user().sub(), "client_id", clientId);
                    yield sessions.open(context, outcome.user(), browserHash, interactionHash).compose(opened -> onward.get());
                }
                case BUSY -> {
                    response.putHeader("Retry-After", RETRY_SECONDS);
                    yield again.show(UNAVAILABLE, username, BUSY);
                }
                case REFUSED -> {
                    origin.record("login_failed", "account", account, "client_id", clientId);
                    yield again.show(UNPROCESSABLE, username, WRONG);
                }
                case LOCKED -> {
                    long wait = outcome.retryAfterSeconds();
                    origin.record("login_locked", "account", account, "client_id", clientId, "seconds", wait);
                    response.putHeader("Retry-After", Long.toString(wait));
                    yield context.vertx().timer(LOCKED_REFUSAL_MILLIS).compose(passed ->
                        again.show(429, username, "Too many attempts. Try again in " + Durations.inWords(wait) + "."));
                }
            });
    }

    /** A full queue and a timeout are shown to the user in the same way. */
    private static Future<LoginOutcome> busyOrFailed(Throwable failure) {
        boolean busy = failure instanceof TimeoutException
            || failure instanceof OAuthException refusal && refusal.code() == OAuthErrorCode.TEMPORARILY_UNAVAILABLE;
        return busy ? Future.succeededFuture(LoginOutcome.busy()) : Future.failedFuture(failure);
    }
}
