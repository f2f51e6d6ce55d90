package dev.gatehouse.authz.cli;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.authz.AuthzStore;
import dev.gatehouse.authz.AuthzStore.Stores;
import dev.gatehouse.shared.audit.AuditLog;
import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/** The options that select the store of a server. Blocking: for command-line threads. */
final class StoreOptions {

    @Option(names = {"-conf", "--conf"}, paramLabel = "FILE",
        description = "Configuration file of the server (default: the server of the data home).")
    private Path configuration;

    /**
     * Opens the store, does one thing with it, and closes it. A server that runs meanwhile hears of the change.
     *
     * @throws StartupException when the configuration is wrong or the store cannot be opened
     */
    <T> T use(Function<Stores, Future<T>> work) {
        return use(checked(), work);
    }

    private JsonObject checked() {
        JsonObject json = configuration == null ? new JsonObject() : ConfigFile.read(configuration);
        return ConfigFile.check(json, AuthzOptions.SCHEMA, System.getenv());
    }

    /**
     * The same for a configuration at hand.
     *
     * @param checked a configuration that has passed the schema
     * @throws StartupException when the store cannot be opened
     */
    static <T> T use(JsonObject checked, Function<Stores, Future<T>> work) {
        AuthzOptions options = AuthzOptions.of(checked);
        DataHome home = DataHome.of(System.getenv());
        Path file = home.file(options.database().file());
        if (file.startsWith(home.directory())) {
            home.prepare();
        }
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            return await(AuthzStore.use(vertx, options, home, work));
        } finally {
            await(vertx.close());
        }
    }

    /** Records what a command has done: here, in the audit trail, and in the audit log of the server that runs on the store or is the next to. */
    void audit(String event, Object... details) {
        audit(checked(), event, details);
    }

    /** The same for a configuration at hand. @param checked a configuration that has passed the schema */
    static void audit(JsonObject checked, String event, Object... details) {
        JsonObject record = AuditLog.describe(event, details).put("source", Stores.COMMAND_LINE).put("operator", System.getProperty("user.name"));
        Clock clock = Clock.systemUTC();
        long now = clock.millis();
        use(checked, stores -> stores.administration().add(record.copy().put("at", Instant.ofEpochMilli(now).toString()), now)
            .compose(added -> stores.appendRecord(clock)));
        AuditLog.write(record);
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("Interrupted. The change may or may not have been made", e);
        }
    }
}
