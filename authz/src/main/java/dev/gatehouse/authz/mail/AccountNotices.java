package dev.gatehouse.authz.mail;

import dev.gatehouse.authz.user.User;
import dev.gatehouse.shared.oauth.Issuer;
import io.vertx.core.Future;

/** Tells users by mail of changes of the ways into their account. */
public final class AccountNotices {

    private final Outbox outbox;
    private final Issuer issuer;

    public AccountNotices(Outbox outbox, Issuer issuer) {
        this.outbox = outbox;
        this.issuer = issuer;
    }

    /** Sends a notice, if the user has an address and the server sends mail. */
    public Future<Void> send(User user, Change change) {
        return user.email() == null ? Future.succeededFuture() : outbox.add(new Mail(user.email(), change.subject, """
            The account %s at %s has changed: %s

            If it was not you, set a new password and tell your administrator at once.
            """.formatted(user.username(), issuer.identifier(), change.sentence), Mail.DAY));
    }

    /** A change of the ways into an account. */
    public enum Change {
        PASSWORD("Your password was changed", "its password was changed."),
        PASSWORD_BY_LINK("Your password was changed", "its password was changed by a link that this address has received."),
        APP_ADDED("An authenticator app was added", "an authenticator app was added to it."),
        APP_REMOVED("Your authenticator app was removed", "its authenticator app was removed."),
        PASSKEY_ADDED("A passkey was added", "a passkey was added to it."),
        PASSKEY_REMOVED("A passkey was removed", "a passkey was removed from it."),
        CODES_RENEWED("You have new recovery codes", "it has new recovery codes; the former ones are of no use any more."),
        CODE_USED("A recovery code was used", "a recovery code replaced its second factor at a login. It cannot be used again."),
        EMAIL("Your email address was changed", "it has another email address.");

        private final String subject;
        private final String sentence;

        Change(String subject, String sentence) {
            this.subject = subject;
            this.sentence = sentence;
        }
    }
}
