package dev.gatehouse.shared.sql;

import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.sql.ChangeFeed.FeedPage;
import dev.gatehouse.shared.sql.ChangeFeed.FeedTable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.nio.file.Path;
import java.util.List;

/**
 * A database for SQL that both SQLite and PostgreSQL accept. Parameters are {@code $1}, {@code $2}, …; each number must first
 * appear in ascending order. Thread-safe; futures complete on the caller's context.
 */
public interface Database {

    /**
     * Opens the database of a configuration, creates it if it is a missing file, and migrates its schema.
     *
     * @param vertx the Vert.x instance
     * @param store the engine
     * @param home resolves the paths of the configuration
     * @param file the SQLite file, if that is the engine
     * @param migrations the folder of the migrations on the class path
     * @return the database; fails with {@link dev.gatehouse.shared.config.StartupException} if it cannot be used
     */
    static Future<Database> open(Vertx vertx, StoreConfiguration store, DataHome home, Path file, String migrations) {
        return store.isPostgresql() ? PostgresDatabase.open(vertx, store, home, migrations)
            : SqliteDatabase.open(vertx, file, migrations).map(opened -> opened);
    }

    /** {@return the file or the address of this database, without credentials, for messages} */
    String name();

    /**
     * Runs a transaction. The future completes after the commit is durable.
     *
     * @param <T> the type of the value
     * @param transaction the body
     * @return the result of the body; or its failure, after its changes are rolled back. To keep a change and still reject the
     *     request, the body must return an outcome instead of failing.
     */
    <T> Future<T> write(Transaction<T> transaction);

    /**
     * Runs one query on a snapshot that includes every write completed before this call.
     *
     * @param sql the query
     * @param parameters {@code String}, {@code Long}, {@code Integer}, {@code byte[]} or null
     * @return the rows
     */
    Future<List<SqlRow>> read(String sql, Object... parameters);

    /**
     * Writes to the table {@code write_probe}, to check that the database accepts changes.
     *
     * @param now the current time in epoch milliseconds
     * @return fails if the database accepts no changes
     */
    default Future<Void> probe(long now) {
        return write(statements -> statements.update("UPDATE write_probe SET at = $1 WHERE id = 1", now)).mapEmpty();
    }

    /**
     * Returns the position after the last committed row of a feed.
     *
     * @param table the table of the feed
     * @return the position; only this database can interpret it
     */
    Future<String> feedPosition(FeedTable table);

    /**
     * Reads the rows of a feed that were committed after a position. Each engine defines the order of commits in its own way.
     *
     * @param table the table of the feed
     * @param position from {@link #feedPosition} or the page before
     * @param limit the maximum number of rows
     * @return the rows
     */
    Future<FeedPage> feed(FeedTable table, String position, int limit);

    /**
     * Calls a listener when a transaction that called {@link Statements#wake} has committed. Calls may be lost.
     *
     * @param feed the name of the table
     * @param listener called on any thread; must not block
     * @return ends the calls
     */
    Runnable onWake(String feed, Runnable listener);

    /**
     * Rejects new work, completes queued work and closes the files or connections.
     *
     * @return completes when everything is closed
     */
    Future<Void> close();
}
