package dev.gatehouse.resource;

import dev.gatehouse.mcp.feature.Changes;
import dev.gatehouse.resource.note.NoteChanges;
import dev.gatehouse.resource.note.NoteSearch;
import dev.gatehouse.resource.note.NoteStore;
import dev.gatehouse.resource.usage.UsageMeter;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.Sealer;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.KeyCheckStore;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.SqliteDatabase;
import dev.gatehouse.shared.sql.Transaction;
import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/** What the server keeps: notes and usage, in one database, and the key that seals the notes, in a file beside it. */
final class ResourceData {

    private final DeferredDatabase database;
    private final Deferred<SqliteDatabase> file;
    private final Deferred<MasterKey> key;
    private final Deferred<Sealer> sealer;
    private volatile Sealer requestStates;
    private final NoteChanges noteChanges;
    private final NoteStore notes;
    private final NoteSearch noteSearch;
    private final UsageMeter usage;

    private ResourceData(Vertx vertx, ResourceServerOptions options, DataHome home, Clock clock) {
        Path path = home.file(options.notes().file());
        Path keyPath = home.file(options.notes().keyFile());
        noteChanges = new NoteChanges(vertx);
        file = new Deferred<>(vertx, () -> vertx.executeBlocking(home::prepare)
            .compose(prepared -> SqliteDatabase.open(vertx, path, "db/notes"))
            .compose(opened -> noteChanges.begin(opened).map(opened)));
        key = new Deferred<>(vertx, () -> file.get().compose(opened -> KeyCheckStore.key(vertx, opened, path, keyPath, NoteStore.SEALED_CONTENTS)));
        sealer = new Deferred<>(vertx, () -> key.get().map(NoteStore::sealer));
        database = new DeferredDatabase(file);
        notes = new NoteStore(database, sealer, noteChanges, clock);
        noteSearch = new NoteSearch(vertx, notes, sealer);
        usage = new UsageMeter(vertx, database, options.usage(), clock);
    }

    /** The data, of which each part is opened when it is first used. */
    static ResourceData deferred(Vertx vertx, ResourceServerOptions options, DataHome home, Clock clock) {
        return new ResourceData(vertx, options, home, clock);
    }

    /** Opens all of it now, so that what is wrong with it is known at the start. */
    Future<ResourceData> open() {
        return file.get().compose(opened -> key.get()).map(loaded -> {
            requestStates = loaded.sealer("request states");
            return this;
        });
    }

    /** Seals what clients carry between the rounds of a call; the same for all servers over these data. They must have been opened. */
    Sealer requestStates() {
        return requestStates;
    }

    /** Whether the database keeps changes. */
    Future<Void> probe(long now) {
        return database.probe(now);
    }

    NoteStore notes() {
        return notes;
    }

    NoteSearch noteSearch() {
        return noteSearch;
    }

    /** Tells of what changes in the data, whoever changes it. */
    void tell(Changes changes) {
        noteChanges.follow(changes);
    }

    UsageMeter usage() {
        return usage;
    }

    /** Stores what has been counted, and closes the database. */
    Future<Void> close() {
        noteChanges.close();
        return usage.store().transform(stored -> database.close());
    }

    /** A database that is opened when it is first used: a stdio server answers its first question sooner without it. */
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
        public Future<Void> close() {
            return database.isMade() ? database.get().compose(Database::close) : Future.succeededFuture();
        }
    }

    /** Something made when it is first asked for, and once; after a failure the next who asks tries anew. Any thread may ask. */
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
            // What is there is given as it is: a future of the context that made it would take every caller to that context.
            return made.succeeded() ? Future.succeededFuture(made.result()) : CallerContext.bring(vertx, made);
        }

        synchronized boolean isMade() {
            return made != null && made.succeeded();
        }
    }
}
