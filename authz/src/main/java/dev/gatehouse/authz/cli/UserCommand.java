package dev.gatehouse.authz.cli;

import dev.gatehouse.authz.AuthzStore.Stores;
import dev.gatehouse.authz.mail.AccountNotices.Change;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.authz.user.RoleStore.Role;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.shared.cli.CommandGroup;
import dev.gatehouse.shared.cli.Listing;
import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** The people who may log in. Each change reaches running servers within a second. */
@Command(name = "user", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", addMethodSubcommands = false,
    description = {"Add, list, disable, enable and unlock users, change their passwords, and give them administrative roles.",
        "The command asks for a password. Without a terminal it reads the first line of standard input.",
        "A password has 8 to 128 characters. Common passwords are refused."})
final class UserCommand extends CommandGroup {

    private final Clock clock = Clock.systemUTC();

    @Command(mixinStandardHelpOptions = true, description = "Add a user.")
    void add(@Parameters(paramLabel = "USERNAME", description = "Name for the login.") String username,
             @Option(names = "--email", description = "Email address; resource servers can read it.") String email,
             @Option(names = "--name", description = "Display name; resource servers can read it.") String name,
             @Mixin StoreOptions store) {
        requireUsername(username);
        String password = SecretInput.newPassword(username);
        boolean added = store.use(stores -> stores.users().add(new User(User.newSub(), username, stores.hash(password), email, name,
            false, clock.millis(), null)));
        if (!added) {
            throw new StartupException("The user " + username + " already exists. Nothing was changed.");
        }
        done(store, "user_added", username, "User " + username + " added.");
    }

    @Command(mixinStandardHelpOptions = true, description = "List all users.")
    void list(@Mixin Listing.Format format, @Mixin StoreOptions store) {
        Listing users = new Listing("username", "subject", "state", "last_login", "email");
        store.use(stores -> stores.users().list()).forEach(user -> users.add(user.username(), user.sub(), user.disabled() ? "disabled" : "enabled",
            user.lastLoginAt() == null ? "never" : Instant.ofEpochSecond(user.lastLoginAt() / 1000), user.email()));
        users.print(out(), format);
    }

    @Command(mixinStandardHelpOptions = true, description = "Disable a user, and end all their sessions and tokens.")
    void disable(@Parameters(paramLabel = "USERNAME") String username, @Mixin StoreOptions store) {
        requireFound(username, change(store, username, Change.DISABLED, stores -> stores.users().setDisabled(username, true, clock.millis())));
        done(store, "user_disabled", username, "User " + username + " disabled; sessions and tokens have ended.");
    }

    @Command(mixinStandardHelpOptions = true, description = "Enable a disabled user.")
    void enable(@Parameters(paramLabel = "USERNAME") String username, @Mixin StoreOptions store) {
        requireFound(username, change(store, username, Change.ENABLED, stores -> stores.users().setDisabled(username, false, clock.millis())));
        done(store, "user_enabled", username, "User " + username + " enabled.");
    }

    @Command(mixinStandardHelpOptions = true, description = {"Give a user an administrative role, or take it away.",
        "The role applies to the console and the API of the administration at once."})
    void role(@Parameters(paramLabel = "USERNAME") String username,
              @Parameters(paramLabel = "ROLE", description = "owner, operator, auditor, help-desk or none.") String role, @Mixin StoreOptions store) {
        Optional<Role> chosen = Role.named(role);
        if (chosen.isEmpty() && !role.equals("none")) {
            throw new StartupException("A role is owner, operator, auditor, help-desk or none. Nothing was changed.");
        }
        requireFound(username, store.use(stores -> stores.roles().set(username, chosen, clock.millis())));
        store.audit("user_role_changed", "username", username, "role", role);
        out().println("User " + username + (chosen.isEmpty() ? " has no administrative role." : " has the role " + role + "."));
    }

    @Command(mixinStandardHelpOptions = true, description = {"End the lock of a user's logins after too many wrong passwords.",
        "A lock of an address stays until its end."})
    void unlock(@Parameters(paramLabel = "USERNAME") String username, @Mixin StoreOptions store) {
        requireFound(username, store.use(stores -> stores.users().findByUsername(username)).isPresent());
        boolean locked = change(store, username, Change.UNLOCKED, stores -> stores.loginFailures().unlock(username));
        done(store, "user_unlocked", username, locked ? "User " + username + " unlocked; the wrong passwords are forgotten."
            : "User " + username + " has no wrong passwords. Nothing was changed.");
    }

    @Command(name = "remove-factor", mixinStandardHelpOptions = true, description = {"Remove the authenticator app, the passkeys and the recovery codes of a user who has lost them.",
        "Where a second factor is required, the user adds a new one at the next login."})
    void removeFactor(@Parameters(paramLabel = "USERNAME") String username, @Mixin StoreOptions store) {
        Optional<User> user = store.use(stores -> stores.users().findByUsername(username));
        requireFound(username, user.isPresent());
        boolean removed = change(store, username, Change.FACTORS_REMOVED, stores -> stores.factors().removeAll(user.orElseThrow().sub()));
        done(store, "second_factor_removed", username, removed ? "Second factor of " + username + " removed."
            : "User " + username + " has no second factor. Nothing was changed.");
    }

    @Command(mixinStandardHelpOptions = true, description = "Change a user's password, and end all sessions and tokens.")
    void password(@Parameters(paramLabel = "USERNAME") String username, @Mixin StoreOptions store) {
        String password = SecretInput.newPassword(username);
        requireFound(username, change(store, username, Change.PASSWORD,
            stores -> stores.users().changePassword(username, stores.hash(password), clock.millis())));
        done(store, "user_password_changed", username, "Password of " + username + " changed; sessions and tokens have ended.");
    }

    @Command(mixinStandardHelpOptions = true, description = {"Link a user to an identity at a trusted issuer.",
        "A login with that identity opens this account, and the issuer's assertions for it give tokens of this user."})
    void link(@Parameters(paramLabel = "USERNAME") String username, @Mixin IdentityOptions identity, @Mixin StoreOptions store) {
        requireFound(username, store.use(stores -> stores.users().findByUsername(username)).isPresent());
        if (!change(store, username, Change.IDENTITY_LINKED, stores -> stores.identities().link(identity.identity(), username, clock.millis()))) {
            throw new StartupException("The identity is already linked to a user, or " + username
                + " is linked to another identity of that issuer and tenant. Nothing was changed.");
        }
        done(store, "user_linked", username, "User " + username + " linked to " + identity.identity().subject() + " of "
            + identity.identity().issuer() + ".");
    }

    @Command(mixinStandardHelpOptions = true, description = "Remove the link of an identity at a trusted issuer. Issued tokens stay valid.")
    void unlink(@Mixin IdentityOptions identity, @Mixin StoreOptions store) {
        Optional<String> unlinked = store.use(stores -> stores.identities().unlink(identity.identity()).compose(sub -> sub.isEmpty() ? Future.succeededFuture(sub)
            : stores.users().findBySub(sub.get()).compose(user -> stores.notice(user, Change.IDENTITY_UNLINKED, clock)).map(sub)));
        if (unlinked.isEmpty()) {
            throw new StartupException("No user is linked to that identity. 'gatehouse user links USERNAME' lists the identities of a user.");
        }
        done(store, "user_unlinked", identity.identity().subject(), "Identity " + identity.identity().subject() + " unlinked.");
    }

    @Command(mixinStandardHelpOptions = true, description = "List the identities that are linked to a user.")
    void links(@Parameters(paramLabel = "USERNAME") String username, @Mixin Listing.Format format, @Mixin StoreOptions store) {
        requireFound(username, store.use(stores -> stores.users().findByUsername(username)).isPresent());
        Listing identities = new Listing("issuer", "tenant", "subject");
        store.use(stores -> stores.identities().of(username)).forEach(identity ->
            identities.add(identity.issuer(), identity.tenant(), identity.subject()));
        identities.print(out(), format);
    }

    /** Makes a change, and stores the notice to the user. Returns false if the work has changed nothing. */
    private boolean change(StoreOptions store, String username, Change change, Function<Stores, Future<Boolean>> work) {
        return store.use(stores -> work.apply(stores).compose(done -> !done ? Future.succeededFuture(false)
            : stores.users().findByUsername(username).compose(user -> stores.notice(user, change, clock)).map(true)));
    }

    private static void requireUsername(String username) {
        if (!User.isUsername(username)) {
            throw new StartupException("A username must have 1 to 100 characters and no blanks. Nothing was changed.");
        }
    }

    private static void requireFound(String username, boolean found) {
        if (!found) {
            throw new StartupException("There is no user " + username + ". 'gatehouse user list' lists them.");
        }
    }

    private void done(StoreOptions store, String event, String username, String message) {
        store.audit(event, "username", username);
        out().println(message);
    }

    /** The options that select an identity of another issuer. */
    static final class IdentityOptions {

        @Option(names = "--issuer", required = true, paramLabel = "URL", description = "Issuer, exactly as in its assertions.")
        private String issuer;

        @Option(names = "--subject", required = true, paramLabel = "SUB", description = "Subject identifier of the person at the issuer.")
        private String subject;

        @Option(names = "--tenant", paramLabel = "TENANT", description = "Tenant, for an issuer with several tenants.")
        private String tenant = "";

        ExternalIdentity identity() {
            return new ExternalIdentity(issuer, tenant, subject);
        }
    }
}
