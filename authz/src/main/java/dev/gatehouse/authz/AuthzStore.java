package dev.gatehouse.authz;

import dev.gatehouse.authz.audit.AuditChain;
import dev.gatehouse.authz.audit.AuditStore;
import dev.gatehouse.authz.change.AdministrationStore;
import dev.gatehouse.authz.change.RestoreStore;
import dev.gatehouse.authz.client.ClientStore;
import dev.gatehouse.authz.client.document.DocumentStore;
import dev.gatehouse.authz.client.registration.RegistrationStore;
import dev.gatehouse.authz.factor.FactorStore;
import dev.gatehouse.authz.key.MasterKeyStore;
import dev.gatehouse.authz.key.SigningKeyStore;
import dev.gatehouse.authz.key.SigningKeys;
import dev.gatehouse.authz.mail.AccountNotices;
import dev.gatehouse.authz.mail.AccountNotices.Change;
import dev.gatehouse.authz.mail.OutboxStore;
import dev.gatehouse.authz.session.LoginFailureStore;
import dev.gatehouse.authz.user.Argon2id;
import dev.gatehouse.authz.user.ExternalIdentityStore;
import dev.gatehouse.authz.user.GroupStore;
import dev.gatehouse.authz.user.RoleStore;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.audit.AuditLog;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.ServerStore;
import dev.gatehouse.shared.sql.Statements;
import dev.gatehouse.shared.sql.StoreLocation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The store of the authorization server, for the commands that maintain it. */
public final class AuthzStore implements ServerStore {

    /** The open stores that commands change. The key is read on demand. */
    public record Stores(Vertx vertx, AuthzOptions options, DataHome home, UserStore users, ClientStore clients, SigningKeyStore keys,
                         RegistrationStore registrations, ExternalIdentityStore identities, GroupStore groups, RoleStore roles, DocumentStore documents,
                         AdministrationStore administration, LoginFailureStore loginFailures, FactorStore factors, Function<MasterKey, AuditStore> trail, Function<MasterKey, OutboxStore> outbox, Supplier<Future<MasterKey>> key) {

        /** The source and the node of what commands do. */
        public static final String COMMAND_LINE = "command line";

        private static Stores of(Vertx vertx, AuthzOptions options, DataHome home, Database database) {
            return new Stores(vertx, options, home, new UserStore(database), new ClientStore(database), new SigningKeyStore(database),
                new RegistrationStore(database), new ExternalIdentityStore(database), new GroupStore(database), new RoleStore(database), new DocumentStore(database),
                new AdministrationStore(database), new LoginFailureStore(database), new FactorStore(database), key -> new AuditStore(database, new AuditChain(key)),
                key -> new OutboxStore(database, key), () -> MasterKeyStore.key(vertx, database, home.file(options.keyFile())));
        }

        public Future<SigningKeys> signingKeys(Clock clock) {
            return key.get().compose(master -> SigningKeys.open(vertx, keys, master, options.signing(), options.tokens().accessTokenSeconds(), clock));
        }

        /** The audit trail, with the records of all commands. */
        public Future<AuditStore> audit(Clock clock) {
            return key.get().map(trail).compose(audit -> appendCommands(audit, clock).map(audit));
        }

        private static Future<Void> appendCommands(AuditStore audit, Clock clock) {
            return audit.appendCommands(COMMAND_LINE, clock.millis())
                .compose(appended -> appended == 0 ? Future.succeededFuture() : appendCommands(audit, clock));
        }

        /** Appends the record of a command to the trail. Without a key file, which the first start of a server makes, the server appends it. */
        public Future<Void> appendRecord(Clock clock) {
            return !options.audit().store().enabled() || !Files.exists(home.file(options.keyFile())) ? Future.succeededFuture()
                : audit(clock).<Void>mapEmpty().otherwiseEmpty();
        }

        /** Stores a notice for a user, if the server sends mail. Without a key file, which the first start of a server makes, there is none. */
        public Future<Void> notice(Optional<User> user, Change change, Clock clock) {
            return user.isEmpty() || !options.mail().isOn() || !Files.exists(home.file(options.keyFile())) ? Future.succeededFuture()
                : key.get().map(outbox).compose(store -> AccountNotices.stored(store, options.issuer(), clock).sendOfAdministrator(user.get(), change));
        }

        /** Hashes a password or a chosen secret with the configured cost. */
        public String hash(String password) {
            return new Argon2id(options.passwordHash()).hash(password);
        }
    }

    /** Opens the stores, runs the work and closes them. */
    public static <T> Future<T> use(Vertx vertx, AuthzOptions options, DataHome home, Function<Stores, Future<T>> work) {
        return Database.open(vertx, options.store(), home, home.file(options.database().file()), "db/authz")
            .compose(database -> work.apply(Stores.of(vertx, options, home, database)).eventually(database::close));
    }

    @Override
    public String name() {
        return "authz";
    }

    @Override
    public String configurationSchema() {
        return AuthzOptions.SCHEMA;
    }

    @Override
    public String fileKey() {
        return "database.file";
    }

    @Override
    public StoreLocation location(JsonObject checked, DataHome home) {
        AuthzOptions options = AuthzOptions.of(checked);
        return new StoreLocation(options.store(), home, home.file(options.database().file()), "db/authz");
    }

    @Override
    public Future<Map<String, Long>> end(Statements statements, long now) {
        return RestoreStore.end(statements, now).compose(ended -> {
            JsonObject record = AuditLog.describe("store_restored", "ended", new JsonObject(Map.copyOf(ended))).put("source", Stores.COMMAND_LINE)
                .put("operator", System.getProperty("user.name")).put("at", Instant.ofEpochMilli(now).toString());
            return AdministrationStore.add(statements, record, now).map(ended);
        });
    }
}
