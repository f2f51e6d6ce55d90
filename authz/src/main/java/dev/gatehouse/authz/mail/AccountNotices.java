package dev.gatehouse.authz.mail;

import dev.gatehouse.authz.user.User;
import dev.gatehouse.shared.oauth.Issuer;
import io.vertx.core.Future;

import java.time.Clock;
import java.util.function.Function;

/** Informs users by mail of changes of their accounts. */
public final class AccountNotices {

    private final Function<Mail, Future<Void>> outbox;
    private final Issuer issuer;

    private AccountNotices(Function<Mail, Future<Void>> outbox, Issuer issuer) {
        this.outbox = outbox;
        this.issuer = issuer;
    }

    public AccountNotices(Outbox outbox, Issuer issuer) {
        this(outbox::add, issuer);
    }

    /** The notices of a command: a server on the same store sends them. */
    public static AccountNotices stored(OutboxStore store, Issuer issuer, Clock clock) {
        return new AccountNotices(mail -> store.add(mail, clock.millis()), issuer);
    }

    /** Sends a notice of a change by the user, if the user has an address and the server sends mail. */
    public Future<Void> send(User user, Change change) {
        return send(user, change, """
            The account %s at %s has changed: %s

            If it was not you, set a new password and tell your administrator at once.
            """);
    }

    /** The same for a change by an administrator. */
    public Future<Void> sendOfAdministrator(User user, Change change) {
        return send(user, change, """
            An administrator has changed the account %s at %s: %s

            If you did not expect this, ask your administrator.
            """);
    }

    private Future<Void> send(User user, Change change, String text) {
        return user.email() == null ? Future.succeededFuture()
            : outbox.apply(new Mail(user.email(), change.subject, text.formatted(user.username(), issuer.identifier(), change.sentence), Mail.DAY));
    }

    /** A change of an account or of the ways into it. */
    public enum Change {
        PASSWORD("Your password was changed", "its password was changed."),
        PASSWORD_BY_LINK("Your password was changed", "its password was changed by a link that this address has received."),
        APP_ADDED("An authenticator app was added", "an authenticator app was added to it."),
        APP_REMOVED("Your authenticator app was removed", "its authenticator app was removed."),
        PASSKEY_ADDED("A passkey was added", "a passkey was added to it."),
        PASSKEY_REMOVED("A passkey was removed", "a passkey was removed from it."),
        CODES_RENEWED("You have new recovery codes", "it has new recovery codes; the former ones are of no use any more."),
        CODE_USED("A recovery code was used", "a recovery code replaced its second factor at a login. It cannot be used again."),
        FACTORS_REMOVED("Your second factor was removed", "its authenticator app, its passkeys and its recovery codes were removed."),
        IDENTITY_LINKED("A sign-in service was linked to your account", "a login at another service opens it from now on."),
        IDENTITY_UNLINKED("A sign-in service was unlinked from your account", "a login at another service no longer opens it."),
        UNLOCKED("Your account was unlocked", "its lock after wrong passwords has ended."),
        DISABLED("Your account was disabled", "it was disabled, and its sessions and tokens have ended."),
        ENABLED("Your account was enabled", "it was enabled again."),
        DELETED("Your account was deleted", "it was deleted, and its sessions and tokens have ended."),
        EMAIL("Your email address was changed", "it has another email address.");

        private final String subject;
        private final String sentence;

        Change(String subject, String sentence) {
            this.subject = subject;
            this.sentence = sentence;
        }
    }
}
