package dev.gatehouse.authz.session;

import dev.gatehouse.authz.factor.Passkeys;
import dev.gatehouse.authz.page.Durations;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.scope.LoginLevel;
import dev.gatehouse.authz.session.BrowserSessions.LiveSession;
import dev.gatehouse.authz.session.LoginChoices.Choice;
import dev.gatehouse.authz.session.PasswordLogin.LoginOutcome;
import dev.gatehouse.authz.session.PendingLoginStore.Proof;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.authz.user.ExternalIdentityStore;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserStore;
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

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** The common part of all login forms: checks a password and opens the session, or starts a login at an identity provider. */
public final class SignIn {

    private static final String WRONG = "The username or the password is wrong. Check both and try again.";
    private static final String INCOMPLETE = "Enter your username and your password.";
    private static final String PASSWORDS_OFF = "This server accepts no passwords. Use one of the sign-in services below.";
    private static final String NO_PROVIDER = "No sign-in service serves this address. Check the address, or choose another way to sign in.";
    private static final String WRONG_CURRENT = "Your current password is wrong. Nothing was changed.";
    private static final String NO_CURRENT = "Enter your current password. Nothing was changed.";
    private static final String OLD_LOGIN = "Log out and sign in again, then repeat this within ten minutes. Nothing was changed.";
    private static final String BUSY = "The server is busy. Wait a few seconds and try again.";
    private static final String PROVIDER = "provider";
    private static final String EMAIL = "email";
    private static final String PASSKEY = "passkey";
    /** The value of the button on the login page; the passkey page sends the credential. */
    private static final String START = "start";
    private static final String PASSKEY_REFUSED = "This passkey is not known here, or it did not check who you are. Sign in another way.";
    private static final long DEADLINE_SECONDS = 20;
    private static final String RETRY_SECONDS = "5";
    /** Slows down a client that waits for each response; a user hardly notices. */
    private static final long LOCKED_REFUSAL_MILLIS = 500;
    /** RFC 9110 §15.5.21; 401 would need a challenge that no browser form answers. */
    private static final int UNPROCESSABLE = 422;
    private static final int UNAVAILABLE = 503;
    private static final int TOO_MANY = 429;
    private static final long RECENT_MILLIS = 600_000;

    private final PasswordLogin login;
    private final LoginCompletion completion;
    private final Passkeys passkeys;
    private final UserStore users;
    private final ExternalIdentityStore identities;
    private final Pages pages;
    private final ClientAddress addresses;
    private final LoginChoices choices;
    private final UpstreamStart upstream;
    private final Clock clock;

    /** Starts a login at an identity provider. */
    @FunctionalInterface
    public interface UpstreamStart {

        /**
         * @param provider the name of the provider in the configuration
         * @param loginHint the email address that the user has entered, or null
         * @param level the level that the login must have, or null
         * @return the URL to which the browser goes
         */
        Future<String> start(String provider, String loginHint, LoginPlace place, LoginLevel level);
    }

    /** Shows the form again. */
    @FunctionalInterface
    public interface Again {
        Future<Void> show(int status, String username, String problem);
    }

    public SignIn(PasswordLogin login, LoginCompletion completion, Passkeys passkeys, UserStore users, ExternalIdentityStore identities, Pages pages, ClientAddress addresses,
                  LoginChoices choices, UpstreamStart upstream, Clock clock) {
        this.login = login;
        this.completion = completion;
        this.passkeys = passkeys;
        this.users = users;
        this.identities = identities;
        this.pages = pages;
        this.addresses = addresses;
        this.choices = choices;
        this.upstream = upstream;
        this.clock = clock;
    }

    /** The choices that login pages show. */
    public LoginChoices choices() {
        return choices;
    }

    /** Returns whether a form comes from a login page. */
    public static boolean isLogin(FormParameters form) {
        return form.has("username") || form.has(PROVIDER) || form.has(EMAIL) || form.has(PASSKEY);
    }

    /** Handles a submitted login form: checks the password, or sends the browser to the chosen identity provider. */
    public Future<Void> attempt(RoutingContext context, FormParameters form, LoginPlace place, Again again) {
        if (form.has(PROVIDER) || form.has(EMAIL)) {
            return startUpstream(context, form, place, again);
        }
        if (form.has(PASSKEY) && choices.passkeys()) {
            return START.equals(form.single(PASSKEY)) ? askPasskey(context, form, place) : checkPasskey(context, form, place, again);
        }
        return choices.passwords() ? checkPassword(context, form, place, again) : again.show(UNPROCESSABLE, "", PASSWORDS_OFF);
    }

    private Future<Void> startUpstream(RoutingContext context, FormParameters form, LoginPlace place, Again again) {
        String email = form.single(EMAIL);
        Optional<Choice> chosen = email == null ? choices.named(form.single(PROVIDER)) : choices.ofEmail(email);
        return chosen.isEmpty() ? again.show(UNPROCESSABLE, "", NO_PROVIDER)
            : upstream.start(chosen.get().name(), email, place, null).compose(url -> Pages.redirect(context, url));
    }

    /** Sends the browser to the identity provider of the user whose logins can satisfy one of the context classes of the request. Returns false if there is none. */
    public Future<Boolean> stepUp(RoutingContext context, User user, LoginPlace place) {
        return identities.of(user.username()).compose(linked -> {
            Optional<Choice> provider = choices.reaching(place.acrValues(), linked.stream().map(ExternalIdentity::issuer).collect(Collectors.toSet()));
            return provider.isEmpty() ? Future.succeededFuture(false)
                : upstream.start(provider.get().name(), null, place, LoginLevel.required(place.acrValues())).compose(url -> Pages.redirect(context, url)).map(true);
        });
    }

    /** The page has a script, which the login page does not need. */
    private Future<Void> askPasskey(RoutingContext context, FormParameters form, LoginPlace place) {
        String action = place.again().replaceFirst("\\?.*", "");
        return pages.sendLeaving(context, 200, new PasskeyPage(action, form.has("interaction") ? form.single("interaction") : "", form.required("csrf"),
            passkeys.request(List.of(), place.browserHash()), place.again()));
    }

    private Future<Void> checkPasskey(RoutingContext context, FormParameters form, LoginPlace place, Again again) {
        return passkeys.check(null, form.single(PASSKEY), place.browserHash())
            .compose(sub -> sub.isEmpty() ? Future.succeededFuture(Optional.<User>empty()) : users.findBySub(sub.get()))
            .map(found -> found.filter(user -> !user.disabled()))
            .compose(user -> {
                if (user.isEmpty()) {
                    RequestId.origin(context, addresses).record("login_failed", "reason", "passkey", "client_id", place.clientId());
                    return again.show(UNPROCESSABLE, "", PASSKEY_REFUSED);
                }
                return completion.complete(context, user.get(), place, new Proof(clock.millis(), List.of("pop", LoginCompletion.MULTIPLE), null));
            });
    }

    private Future<Void> checkPassword(RoutingContext context, FormParameters form, LoginPlace place, Again again) {
        String username = form.single("username");
        String password = form.single("password");
        if (username == null || password == null) {
            return again.show(UNPROCESSABLE, username == null ? "" : username, INCOMPLETE);
        }
        RequestOrigin origin = RequestId.origin(context, addresses);
        // A hash, because users sometimes type the password into the wrong field.
        String account = SecretToken.hash(username);
        HttpServerResponse response = context.response();
        return outcome(context, username, password, place.browserHash()).compose(outcome -> switch (outcome.status()) {
                case ACCEPTED -> completion.complete(context, outcome.user(), place, new Proof(clock.millis(), List.of("pwd"), null));
                case BUSY -> {
                    response.putHeader("Retry-After", RETRY_SECONDS);
                    yield again.show(UNAVAILABLE, username, BUSY);
                }
                case REFUSED -> {
                    origin.record("login_failed", "account", account, "client_id", place.clientId());
                    yield again.show(UNPROCESSABLE, username, WRONG);
                }
                case LOCKED -> {
                    long wait = outcome.retryAfterSeconds();
                    origin.record("login_locked", "account", account, "client_id", place.clientId(), "seconds", wait);
                    response.putHeader("Retry-After", Long.toString(wait));
                    yield context.vertx().timer(LOCKED_REFUSAL_MILLIS).compose(passed ->
                        again.show(TOO_MANY, username, tooMany(wait)));
                }
            });
    }

    private Future<LoginOutcome> outcome(RoutingContext context, String username, String password, String browserHash) {
        HttpServerResponse response = context.response();
        return login.attempt(new PasswordLogin.Attempt(username, password, browserHash, addresses.sourceOf(context.request()),
                () -> response.ended() || response.closed()))
            .timeout(DEADLINE_SECONDS, TimeUnit.SECONDS).recover(SignIn::busyOrFailed);
    }

    /**
     * Checks the password of a logged-in user before a sensitive change, with the limits of a login. A user without a password must have
     * logged in within the last minutes.
     *
     * @return the refusal, or empty if the user is confirmed
     */
    public Future<Optional<Refusal>> confirm(RoutingContext context, LiveSession live, FormParameters form, String browserHash) {
        if (!live.user().hasPassword()) {
            boolean recent = clock.millis() - live.session().authenticatedAt() < RECENT_MILLIS;
            return Future.succeededFuture(recent ? Optional.empty() : Optional.of(new Refusal(UNPROCESSABLE, OLD_LOGIN, 0)));
        }
        String password = form.single("current");
        return password == null || password.isEmpty() ? Future.succeededFuture(Optional.of(new Refusal(UNPROCESSABLE, NO_CURRENT, 0)))
            : outcome(context, live.user().username(), password, browserHash).map(outcome -> refusal(context, live, outcome));
    }

    private Optional<Refusal> refusal(RoutingContext context, LiveSession live, LoginOutcome outcome) {
        if (outcome.status() != LoginOutcome.Status.ACCEPTED) {
            RequestId.origin(context, addresses).record("confirmation_failed", "sub", live.user().sub(), "reason", outcome.status());
        }
        return switch (outcome.status()) {
            case ACCEPTED -> Optional.empty();
            case REFUSED -> Optional.of(new Refusal(UNPROCESSABLE, WRONG_CURRENT, 0));
            case BUSY -> Optional.of(new Refusal(UNAVAILABLE, BUSY, Long.parseLong(RETRY_SECONDS)));
            case LOCKED -> Optional.of(new Refusal(TOO_MANY, tooMany(outcome.retryAfterSeconds()), outcome.retryAfterSeconds()));
        };
    }

    private static String tooMany(long seconds) {
        return "Too many attempts. Try again in " + Durations.inWords(seconds) + ".";
    }

    /**
     * The page on which a script asks the browser for a passkey.
     *
     * @param interaction the hidden field of the login page
     * @param options the options for the script, as JSON
     * @param again the path of the login page
     */
    record PasskeyPage(String action, String interaction, String csrf, String options, String again) {

        public String title() {
            return "Sign in with a passkey";
        }
    }

    /**
     * The reason why a user is not confirmed.
     *
     * @param status the HTTP status
     * @param retryAfterSeconds the seconds to wait, or 0
     */
    public record Refusal(int status, String problem, long retryAfterSeconds) {
    }

    /** A full queue and a timeout are shown to the user in the same way. */
    private static Future<LoginOutcome> busyOrFailed(Throwable failure) {
        boolean busy = failure instanceof TimeoutException
            || failure instanceof OAuthException refusal && refusal.code() == OAuthErrorCode.TEMPORARILY_UNAVAILABLE;
        return busy ? Future.succeededFuture(LoginOutcome.busy()) : Future.failedFuture(failure);
    }
}
