package dev.gatehouse.shared.sql;

import dev.gatehouse.shared.config.DataHome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The place of the data of a server, and the schema that they must have.
 *
 * @param store the engine
 * @param home resolves the paths of the configuration
 * @param file the SQLite file, if that is the engine
 * @param migrations the folder of the migrations on the class path
 */
public record StoreLocation(StoreConfiguration store, DataHome home, Path file, String migrations) {

    /**
     * The state of a store.
     *
     * @param name the file or the address, without credentials
     * @param engine SQLite or PostgreSQL
     * @param version the version of the schema; 0 if the store does not exist
     * @param pending the migrations that the store does not have
     * @param rows the number of rows of each table
     */
    public record Status(String name, String engine, long version, List<String> pending, Map<String, Long> rows) {
    }

    /** A SQLite file. */
    static StoreLocation sqlite(Path file, StoreLocation like) {
        return new StoreLocation(null, like.home(), file, like.migrations());
    }

    boolean isPostgresql() {
        return store != null && store.isPostgresql();
    }

    /**
     * Reads the state and changes nothing.
     *
     * @param vertx the Vert.x instance
     * @return the state; fails with {@link dev.gatehouse.shared.config.StartupException} if the store cannot be opened
     */
    public Future<Status> status(Vertx vertx) {
        return isPostgresql() || Files.exists(file) ? within(vertx, this::status)
            : pending(vertx, List.of()).map(pending -> new Status(file.toString(), "SQLite", 0, pending, Map.of()));
    }

    private Future<Status> status(Vertx vertx, StoreSession session) {
        return session.begin(StoreSession.Use.READ).compose(begun -> session.versions()).compose(versions -> pending(vertx, versions)
            .compose(pending -> session.tables().compose(tables -> counts(session, tables))
                .compose(rows -> name(vertx).map(name -> new Status(name, isPostgresql() ? "PostgreSQL" : "SQLite",
                    versions.stream().mapToLong(Long::longValue).max().orElse(0), pending, rows)))));
    }

    private Future<String> name(Vertx vertx) {
        return isPostgresql() ? connections(vertx).map(PostgresConnections::name) : Future.succeededFuture(file.toString());
    }

    private Future<List<String>> pending(Vertx vertx, List<Long> versions) {
        return vertx.executeBlocking(() -> SchemaScripts.all(migrations).stream().filter(script -> !versions.contains(script.version()))
            .map(SchemaScripts.Script::name).toList());
    }

    private static Future<Map<String, Long>> counts(StoreSession session, List<StoreTable> tables) {
        Map<String, Long> rows = new LinkedHashMap<>();
        Future<Void> counted = Future.succeededFuture();
        for (String table : new TreeSet<>(tables.stream().map(StoreTable::name).toList())) {
            counted = counted.compose(before -> session.query("SELECT COUNT(*) AS n FROM " + table)).map(result -> {
                rows.put(table, result.get(0).number("n"));
                return null;
            });
        }
        return counted.map(rows);
    }

    /**
     * Creates the store if it is missing, and runs the pending migrations.
     *
     * @param vertx the Vert.x instance
     * @return fails with {@link dev.gatehouse.shared.config.StartupException} if the store cannot be used
     */
    public Future<Void> migrate(Vertx vertx) {
        return isPostgresql() ? connections(vertx).compose(connections -> PostgresSchema.migrate(vertx, connections, migrations))
            : vertx.executeBlocking(() -> {
                SqliteSchema.prepare(options());
                return null;
            });
    }

    Future<StoreSession> open(Vertx vertx) {
        return isPostgresql() ? connections(vertx).compose(connections -> PostgresSession.open(vertx, connections)) : SqliteSession.open(vertx, options());
    }

    /** Work with a session. */
    interface Work<T> {

        Future<T> run(Vertx vertx, StoreSession session);
    }

    /** Opens a session, does some work, and closes the session. */
    <T> Future<T> within(Vertx vertx, Work<T> work) {
        return open(vertx).compose(session -> work.run(vertx, session).eventually(session::close));
    }

    private Future<PostgresConnections> connections(Vertx vertx) {
        return vertx.executeBlocking(() -> new PostgresConnections(store, home));
    }

    private SqliteOptions options() {
        return SqliteOptions.of(file, migrations);
    }
}
