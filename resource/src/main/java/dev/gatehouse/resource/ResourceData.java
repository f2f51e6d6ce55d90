package dev.gatehouse.resource;

import dev.gatehouse.mcp.feature.Changes;
import dev.gatehouse.resource.note.NoteChangeStore;
import dev.gatehouse.resource.note.NoteSearch;
import dev.gatehouse.resource.note.NoteStore;
import dev.gatehouse.resource.usage.UsageMeter;
import dev.gatehouse.resource.usage.UsageStore;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.Sealer;
import dev.gatehouse.shared.sql.ChangeFeed.FeedPage;
import dev.gatehouse.shared.sql.ChangeFeed.FeedTable;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.KeyCheckStore;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Transaction;
import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/** The data of the server: notes and usage in one database, and the key of the notes in a separate file. */
final class ResourceData {

    private final DeferredDatabase database;
    private final Deferred<Database> file;
    private final Deferred<MasterKey> key;
    private final Deferred<Sealer> sealer;
    private volatile Sealer requestStates;
    private final NoteChangeStore noteChanges;
    private final NoteStore notes;
    private final NoteSearch noteSearch;
    private final UsageMeter usage;

    private ResourceData(Vertx vertx, ResourceServerOptions options, DataHome home, Clock clock) {
        Path path = home.file(options.notes().file());
        Path keyPath = home.file(options.notes().keyFile());
        noteChanges = new NoteChangeStore(vertx);
        file = new Deferred<>(vertx, () -> vertx.executeBlocking(home::prepare)
            .compose(prepared -> Database.open(vertx, options.store(), home, path, "db/notes"))
            .compose(opened -> noteChanges.begin(opened).map(opened)));
        key = new Deferred<>(vertx, () -> file.get().compose(opened -> KeyCheckStore.key(vertx, opened, keyPath, NoteStore.SEALED_CONTENTS)));
        sealer = new Deferred<>(vertx, () -> key.get().map(NoteStore::sealer));
        database = new DeferredDatabase(file);
        notes = new NoteStore(database, sealer, clock);
        noteSearch = new NoteSearch(vertx, notes, sealer);
        usage = new UsageMeter(vertx, new UsageStore(database), options.usage(), clock);
    }

    /** Returns data whose parts are opened at their first use. */
    static ResourceData deferred(Vertx vertx, ResourceServerOptions options, DataHome home, Clock clock) {
        return new ResourceData(vertx, options, home, clock);
    }

    /** Opens everything now, so that errors appear at the start. */
    Future<ResourceData> open() {
        return file.get().compose(opened -> key.get()).map(loaded -> {
            requestStates = loaded.sealer("request states");
            return this;
        });
    }

    /** Encrypts the state that clients carry between the rounds of a call; the same for all servers with these data. Call {@link #open} first. */
    Sealer requestStates() {
        return requestStates;
    }

    /** Succeeds if the database accepts changes. */
    Future<Void> probe(long now) {
        return database.probe(now);
    }

    NoteStore notes() {
        return notes;
    }

    NoteSearch noteSearch() {
        return noteSearch;
    }

    /** Publishes changes of the data, including those of other processes. */
    void tell(Changes changes) {
        noteChanges.follow(changes);
    }

    UsageMeter usage() {
        return usage;
    }

    /** Stores the usage counters and closes the database. */
    Future<Void> close() {
        noteChanges.close();
        return usage.store().transform(stored -> database.close());
    }

    /** A database that is opened at its first use: a stdio server answers its first request sooner without it. */
    record DeferredDatabase(Deferred<? extends Database> database) implements Database {

        @Override
        public <T> Future<T> write(Transaction<T> transaction) {
            return database.get().compose(open -> open.write(transaction));
        }

        @Override
        public Future<List<SqlRow>> read(String sql, Object... parameters) {
            return database.get().compose(open -> open.read(sql, parameters));
        }

        @Override
        public String name() {
            return "deferred";
        }

        @Override
        public Future<String> feedPosition(FeedTable table) {
            return database.get().compose(open -> open.feedPosition(table));
        }

        @Override
        public Future<FeedPage> feed(FeedTable table, String position, int limit) {
            return database.get().compose(open -> open.feed(table, position, limit));
        }

        @Override
        public Runnable onWake(String feed, Runnable listener) {
            throw new UnsupportedOperationException("The feed of changes uses the open database");
        }

        @Override
        public Future<Void> close() {
            return database.isMade() ? database.get().compose(Database::close) : Future.succeededFuture();
        }
    }

    /** Creates an object once, at its first use; after a failure the next use tries again. Thread-safe. */
    static final class Deferred<T> implements Supplier<Future<T>> {

        private final Vertx vertx;
        private final Supplier<Future<T>> maker;
        private Future<T> made;

        Deferred(Vertx vertx, Supplier<Future<T>> maker) {
            this.vertx = vertx;
            this.maker = maker;
        }

        @Override
        public synchronized Future<T> get() {
            if (made == null || made.failed()) {
                made = maker.get();
            }
            // A completed result needs no context: a future of the creating context would move every caller to that context.
            return made.succeeded() ? Future.succeededFuture(made.result()) : CallerContext.bring(vertx, made);
        }

        synchronized boolean isMade() {
            return made != null && made.succeeded();
        }
    }
}
