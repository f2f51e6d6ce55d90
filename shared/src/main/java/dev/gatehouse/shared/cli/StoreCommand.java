package dev.gatehouse.shared.cli;

import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.sql.ServerStore;
import dev.gatehouse.shared.sql.StoreBackup;
import dev.gatehouse.shared.sql.StoreCopy;
import dev.gatehouse.shared.sql.StoreLocation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/** Maintains the databases of the servers. */
@Command(name = "store", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", addMethodSubcommands = false,
    description = {"Inspect, migrate, back up, restore and copy the database of a server, in SQLite or PostgreSQL.",
        "STORE is authz (the authorization server) or notes (the MCP server)."})
final class StoreCommand extends CommandGroup {

    private static final String POSTGRESQL = "postgresql://";

    /** The parameter and the option that select a store. */
    static final class Selection {

        @Parameters(index = "0", paramLabel = "STORE", description = "authz or notes.")
        private String name;

        @Option(names = {"-conf", "--conf"}, paramLabel = "FILE",
            description = "Configuration file of the server (default: the server of the data home).")
        private Path configuration;

        private JsonObject json() {
            return configuration == null ? new JsonObject() : ConfigFile.read(configuration);
        }
    }

    @Command(mixinStandardHelpOptions = true, description = "Show engine, address, schema version, pending migrations and the rows of each table. Changes nothing.")
    void status(@Mixin Selection selection, @Mixin Listing.Format format) {
        StoreLocation.Status status = await(vertx -> location(selection).status(vertx));
        Listing rows = new Listing("table", "rows");
        status.rows().forEach(rows::add);
        if (!format.isJson()) {
            Listing.field(out(), "store", status.name());
            Listing.field(out(), "engine", status.engine());
            Listing.field(out(), "schema", String.valueOf(status.version()));
            Listing.field(out(), "pending", status.pending().isEmpty() ? "none" : String.join(" ", status.pending()));
            out().println();
        }
        rows.print(out(), format);
    }

    @Command(mixinStandardHelpOptions = true, description = {"Create the database if it is missing, and run its pending migrations.",
        "A server does the same when it starts."})
    void migrate(@Mixin Selection selection) {
        StoreLocation location = location(selection);
        StoreLocation.Status status = await(vertx -> location.status(vertx).compose(before -> location.migrate(vertx).map(before)));
        out().println(status.pending().isEmpty() ? "The schema of " + status.name() + " is current."
            : "Migrated " + status.name() + ": " + String.join(", ", status.pending()) + ".");
    }

    @Command(mixinStandardHelpOptions = true, description = {"Write a consistent copy to a new file, while servers may run.",
        "The file is a SQLite database that only its owner can read. Back up the key file too, and keep it in another place."})
    void backup(@Mixin Selection selection, @Parameters(index = "1", paramLabel = "FILE", description = "A file that does not exist.") Path file) {
        await(vertx -> new StoreBackup(vertx, location(selection)).write(file));
        out().println("Backup written to " + file + ".");
    }

    @Command(mixinStandardHelpOptions = true, description = {"Replace the content of the database by that of a backup.",
        "Stop the servers of this store first. Everything issued before is ended, because the backup does not know what was revoked after it:",
        "grants, tokens, codes, sessions, device authorizations, pushed requests and signing keys. Users, clients and consents stay."})
    void restore(@Mixin Selection selection, @Parameters(index = "1", paramLabel = "FILE", description = "A backup.") Path file,
                 @Option(names = "--replace", description = "Replace the rows that the database has. They are lost.") boolean replace) {
        StoreBackup.Restored<Map<String, Long>> restored = await(vertx -> new StoreBackup(vertx, location(selection))
            .restore(file, replace, statements -> server(selection.name).end(statements, Clock.systemUTC().millis())));
        print(restored.tables());
        if (!restored.ended().isEmpty()) {
            out().println();
            out().println("Everything issued before this restore is ended:");
            restored.ended().forEach((table, count) -> Listing.field(out(), table, String.valueOf(count)));
        }
    }

    @Command(mixinStandardHelpOptions = true, description = {"Copy all tables into an empty database, of the same or the other engine, and verify each by its rows and a checksum.",
        "Stop the servers first, or their later changes are missing in the copy. The source stays as it is."})
    void copy(@Mixin Selection selection, @Option(names = "--to", required = true, paramLabel = "TARGET", description = {
        "A configuration file (.json) of the server with the new store,", "or postgresql://user@host/database, or a SQLite file."}) String target) {
        StoreLocation from = location(selection);
        StoreLocation to = target(selection, target);
        print(await(vertx -> StoreCopy.copy(vertx, from, to)));
    }

    private StoreLocation target(Selection selection, String target) {
        if (target.endsWith(".json")) {
            return location(selection.name, ConfigFile.read(Path.of(target)));
        }
        JsonObject json = selection.json();
        if (!target.startsWith(POSTGRESQL)) {
            json.remove("store");
            String[] key = server(selection.name).fileKey().split("\\.");
            JsonObject section = json.getJsonObject(key[0], new JsonObject());
            json.put(key[0], section.put(key[1], Path.of(target).toAbsolutePath().toString()));
        } else if (target.replaceFirst("/[^/]*$", "").matches(POSTGRESQL + "[^@]*:[^@]*@.*")) {
            throw new ParameterException(spec.commandLine(), "Other users of this machine can read a password on the command line."
                + " Name a configuration file, or set store.postgresql.passwordFile in the configuration.");
        } else {
            json.put("store", json.getJsonObject("store", new JsonObject()).put("url", target));
        }
        return location(selection.name, json);
    }

    private void print(List<StoreCopy.Copied> tables) {
        Listing listing = new Listing("table", "rows", "checksum");
        tables.forEach(table -> listing.add(table.table(), table.rows(), table.checksum()));
        listing.print(out(), new Listing.Format());
    }

    private StoreLocation location(Selection selection) {
        return location(selection.name, selection.json());
    }

    private StoreLocation location(String name, JsonObject json) {
        ServerStore server = server(name);
        DataHome home = DataHome.of(System.getenv());
        StoreLocation location = server.location(ConfigFile.check(json, server.configurationSchema(), System.getenv()), home);
        if (location.file().startsWith(home.directory())) {
            home.prepare();
        }
        return location;
    }

    private ServerStore server(String name) {
        return ServiceLoader.load(ServerStore.class).stream().map(ServiceLoader.Provider::get).filter(store -> store.name().equals(name)).findFirst()
            .orElseThrow(() -> new ParameterException(spec.commandLine(), "There is no store " + name + ". Choose authz or notes."));
    }

    private static <T> T await(Function<Vertx, Future<T>> work) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        try {
            return result(work.apply(vertx));
        } finally {
            result(vertx.close());
        }
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new StartupException("The store command failed: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("Interrupted. The change may or may not have been made", e);
        }
    }
}
