package dev.gatehouse.authz.session;

import dev.gatehouse.authz.mail.Mail;
import dev.gatehouse.authz.mail.Outbox;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.oauth.Issuer;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Sends a mail to a user who logs in with a browser for the first time. The first login of an account is no news. */
public final class LoginNotice {

    private final LoginFailureStore browsers;
    private final Outbox outbox;
    private final ClientAddress addresses;
    private final String countryHeader;
    private final Issuer issuer;
    private final Clock clock;

    /** @param countryHeader see {@link BrowserSessions.SessionOptions} */
    public LoginNotice(LoginFailureStore browsers, Outbox outbox, ClientAddress addresses, String countryHeader, Issuer issuer, Clock clock) {
        this.browsers = browsers;
        this.outbox = outbox;
        this.addresses = addresses;
        this.countryHeader = countryHeader;
        this.issuer = issuer;
        this.clock = clock;
    }

    /** Looks before the session opens, which makes the browser known. */
    Future<Void> ofLogin(RoutingContext context, User user, String browserHash) {
        return !outbox.isOn() || user.email() == null || user.lastLoginAt() == null ? Future.succeededFuture()
            : browsers.isKnownBrowser(user.sub(), browserHash).compose(known -> known ? Future.succeededFuture() : outbox.add(notice(context, user)));
    }

    private Mail notice(RoutingContext context, User user) {
        SessionSource source = SessionSource.of(context.request(), addresses, countryHeader);
        return new Mail(user.email(), "A new sign-in to your account", """
            The account %s at %s was opened in a browser in which it was not used before.

            Browser: %s
            Place: %s
            Time: %s

            If it was not you, end the session and change your password: %s
            """.formatted(user.username(), issuer.identifier(), source.browser(), source.place(),
                Instant.ofEpochMilli(clock.millis()).truncatedTo(ChronoUnit.SECONDS), issuer.url("/account")), Duration.ofDays(1));
    }
}
