package dev.gatehouse.authz.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.client.ClientStore;
import dev.gatehouse.authz.scope.CurrentAllowance.Granted;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.token.GrantStore.StoredGrant;
import dev.gatehouse.authz.token.TokenIndex.IndexedToken;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.sql.ChangeFeed.FeedPage;
import dev.gatehouse.shared.sql.ChangeFeed.FeedTable;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.SqliteDatabase;
import dev.gatehouse.shared.sql.Transaction;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

class TokenIndexTest {

    private final Vertx vertx = Vertx.vertx();
    private final AtomicBoolean fresh = new AtomicBoolean(true);
    private HeldReads store;
    private TokenIndex index;

    @BeforeEach
    void open(@TempDir Path directory) {
        store = new HeldReads(await(SqliteDatabase.open(vertx, directory.resolve("authz.db"), "db/authz")));
        index = new TokenIndex(vertx, new AccessTokenStore(store), new IntrospectionDocument("http://localhost:9000"), 100, fresh::get);
        await(store.write(statements -> statements.update("INSERT INTO user_account (sub, username, password_hash, created_at)"
                + " VALUES ('user', 'user', '$none', 0)")
            .compose(done -> ClientStore.insert(statements, Clients.publicClient("client")))
            .compose(done -> GrantStore.insert(statements, new StoredGrant("grant", "client", "user",
                new Granted(Scopes.of("a"), List.of("http://localhost/mcp")), 0, 1, false, false), "http://127.0.0.1/callback", null))));
    }

    @AfterEach
    void close() {
        await(store.close());
        await(vertx.close());
    }

    @Test
    void oneReadServesAllWhoAskMeanwhileAndAfterwards() {
        Future<IndexedToken> first = index.find("h");
        Future<IndexedToken> second = index.find("h");
        assertThat(store.reads).hasSize(1);
        store.answerNext("h");
        assertThat(await(first)).isSameAs(await(second)).isSameAs(await(index.find("h")));
        assertThat(store.reads).isEmpty();
    }

    @Test
    void unknownTokensAreAskedForEachTime() {
        Future<IndexedToken> first = index.find("h");
        store.answerNext(null);
        assertThat(await(first)).isNull();
        index.find("h");
        assertThat(store.reads).hasSize(1);
    }

    @Test
    void tokenRevokedWhileItIsReadIsNotRemembered() {
        Future<IndexedToken> before = index.find("h");
        index.forget(InvalidationKind.TOKEN, "h");
        Future<IndexedToken> after = index.find("h");
        assertThat(store.reads).hasSize(2);
        store.answerNext("h");
        store.answerNext(null);
        await(before);
        assertThat(await(after)).isNull();
        index.find("h");
        assertThat(store.reads).as("the store is asked again").hasSize(1);
    }

    @Test
    void tokenWhoseGrantUserOrClientEndsWhileItIsReadIsReadAgain() {
        for (InvalidationKind kind : List.of(InvalidationKind.GRANT, InvalidationKind.USER, InvalidationKind.CLIENT)) {
            String hash = "during " + kind;
            Future<IndexedToken> found = index.find(hash);
            index.forget(kind, subjectOf(kind));
            store.answerNext(hash);
            store.awaitRead();
            store.answerNext(null);
            assertThat(await(found)).as(kind.name()).isNull();
        }
    }

    @Test
    void rememberedTokenIsReadAgainAfterItsGrantUserOrClientChanged() {
        for (InvalidationKind kind : List.of(InvalidationKind.GRANT, InvalidationKind.USER, InvalidationKind.CLIENT)) {
            remember("h");
            index.forget(kind, "somebody else");
            assertThat(await(index.find("h"))).isNotNull();
            assertThat(store.reads).isEmpty();
            index.forget(kind, subjectOf(kind));
            Future<IndexedToken> again = index.find("h");
            store.answerNext(null);
            assertThat(await(again)).as(kind.name()).isNull();
        }
    }

    @Test
    void nothingIsOverlookedWhenMoreChangesThanCanBeToldApart() {
        remember("h");
        index.forget(InvalidationKind.GRANT, subjectOf(InvalidationKind.GRANT));
        for (int i = 0; i < 25_000; i++) {
            index.forget(InvalidationKind.GRANT, "grant " + i);
        }
        Future<IndexedToken> again = index.find("h");
        store.answerNext(null);
        assertThat(await(again)).isNull();
    }

    @Test
    void nothingRememberedCountsWhileInvalidationsAreNotHeard() {
        remember("h");
        fresh.set(false);
        Future<IndexedToken> asked = index.find("h");
        store.answerNext(null);
        assertThat(await(asked)).as("revoked meanwhile").isNull();
        fresh.set(true);
        assertThat(index.find("h").succeeded()).as("remembered still, where nothing was heard of it").isTrue();
    }

    @Test
    void everythingIsReadAgainWhenInvalidationsWereMissed() {
        remember("h");
        Future<IndexedToken> during = index.find("other");
        index.forgetAll();
        store.answerNext("other");
        store.awaitRead();
        store.answerNext(null);
        assertThat(await(during)).as("read before the end of it was missed").isNull();
        Future<IndexedToken> again = index.find("h");
        store.answerNext(null);
        assertThat(await(again)).isNull();
    }

    @Test
    void failedReadIsNotRemembered() {
        Future<IndexedToken> failing = index.find("h");
        store.failNext();
        assertThat(failing.failed() || outcome(failing).failed()).isTrue();
        remember("h");
    }

    private void remember(String hash) {
        Future<IndexedToken> found = index.find(hash);
        if (!store.reads.isEmpty()) {
            store.answerNext(hash);
        }
        assertThat(await(found)).isNotNull();
    }

    private static String subjectOf(InvalidationKind kind) {
        return switch (kind) {
            case GRANT -> "grant";
            case USER -> "user";
            case CLIENT -> "client";
            case TOKEN -> "h";
            case KEY -> throw new IllegalArgumentException("A key is no part of a token");
        };
    }

    private static Future<?> outcome(Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            return future;
        }
        return future;
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A real database whose reads wait until the test lets them go. */
    private static final class HeldReads implements Database {

        private record Read(String sql, Object[] parameters, Promise<List<SqlRow>> caller) {
        }

        private final Queue<Read> reads = new ArrayDeque<>();
        private final Database database;

        HeldReads(Database database) {
            this.database = database;
        }

        @Override
        public <T> Future<T> write(Transaction<T> transaction) {
            return database.write(transaction);
        }

        @Override
        public synchronized Future<List<SqlRow>> read(String sql, Object... parameters) {
            Promise<List<SqlRow>> caller = Promise.promise();
            reads.add(new Read(sql, parameters, caller));
            notifyAll();
            return caller.future();
        }

        /** Lets the oldest read go on, while the store has a live token of this hash and no other; or none for null. */
        void answerNext(String hash) {
            await(database.write(statements -> statements.update("DELETE FROM access_token")));
            if (hash != null) {
                await(new AccessTokenStore(database).issue(new AccessToken(hash, "grant", "client", "user", Scopes.of("a"),
                    List.of("http://localhost/mcp"), 0, 1, null)));
            }
            Read read = next();
            read.caller().complete(await(database.read(read.sql(), read.parameters())));
        }

        /** Lets the oldest read go on while its table is gone. */
        void failNext() {
            await(database.write(statements -> statements.update("ALTER TABLE access_token RENAME TO elsewhere")));
            Read read = next();
            Future<List<SqlRow>> failed = database.read(read.sql(), read.parameters());
            outcome(failed);
            await(database.write(statements -> statements.update("ALTER TABLE elsewhere RENAME TO access_token")));
            read.caller().fail(failed.cause());
        }

        private synchronized Read next() {
            return reads.remove();
        }

        synchronized void awaitRead() {
            try {
                while (reads.isEmpty()) {
                    wait(10_000);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String name() {
            return database.name();
        }

        @Override
        public Future<String> feedPosition(FeedTable table) {
            return database.feedPosition(table);
        }

        @Override
        public Future<FeedPage> feed(FeedTable table, String position, int limit) {
            return database.feed(table, position, limit);
        }

        @Override
        public Runnable onWake(String feed, Runnable listener) {
            return database.onWake(feed, listener);
        }

        @Override
        public Future<Void> close() {
            return database.close();
        }
    }
}
