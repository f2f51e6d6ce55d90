package dev.gatehouse.authz.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.client.ClientStore;
import dev.gatehouse.authz.scope.CurrentAllowance.Granted;
import dev.gatehouse.authz.scope.LoginClaims;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.token.GrantStore.StoredGrant;
import dev.gatehouse.authz.user.UserGroupStore;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.fixtures.Intercepted;
import dev.gatehouse.fixtures.Intercepted.Call;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqliteDatabase;
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

    private static final String HASH = SecretToken.hash("token");
    private static final String OTHER = SecretToken.hash("other token");

    private final Vertx vertx = Vertx.vertx();
    private final AtomicBoolean fresh = new AtomicBoolean(true);
    private Database database;
    private HeldReads store;
    private TokenIndex index;

    @BeforeEach
    void open(@TempDir Path directory) {
        database = Waiting.on(SqliteDatabase.open(vertx, directory.resolve("authz.db"), "db/authz"));
        store = new HeldReads(database);
        index = new TokenIndex(vertx, new AccessTokenStore(store.intercepted()), new IntrospectionDocument("http://localhost:9000"),
            new ReleasedClaims(List.of(), new UserStore(store.intercepted()), new UserGroupStore(store.intercepted())), 100, fresh::get);
        Waiting.on(database.write(statements -> statements.update("INSERT INTO user_account (sub, username, password_hash, created_at)"
                + " VALUES ('user', 'user', '$none', 0)")
            .compose(done -> ClientStore.insert(statements, Clients.publicClient("client")))
            .compose(done -> GrantStore.insert(statements, new StoredGrant("grant", "client", "user",
                new Granted(Scopes.of("a"), List.of("http://localhost/mcp")), 0, 1, false, false), "http://127.0.0.1/callback", LoginClaims.NONE))));
    }

    @AfterEach
    void close() {
        Waiting.on(database.close());
        Waiting.on(vertx.close());
    }

    @Test
    void oneReadServesAllWhoAskMeanwhileAndAfterwards() {
        Future<IndexedToken> first = index.find(HASH);
        Future<IndexedToken> second = index.find(HASH);
        assertThat(store.reads).hasSize(1);
        store.answerNext(HASH);
        assertThat(Waiting.on(first)).isSameAs(Waiting.on(second)).isEqualTo(Waiting.on(index.find(HASH)));
        assertThat(store.reads).isEmpty();
    }

    @Test
    void unknownTokensAreAskedForEachTime() {
        Future<IndexedToken> first = index.find(HASH);
        store.answerNext(null);
        assertThat(Waiting.on(first)).isNull();
        index.find(HASH);
        assertThat(store.reads).hasSize(1);
    }

    @Test
    void tokenRevokedWhileItIsReadIsNotRemembered() {
        Future<IndexedToken> before = index.find(HASH);
        index.forget(InvalidationKind.TOKEN, HASH);
        Future<IndexedToken> after = index.find(HASH);
        assertThat(store.reads).hasSize(2);
        store.answerNext(HASH);
        store.answerNext(null);
        Waiting.on(before);
        assertThat(Waiting.on(after)).isNull();
        index.find(HASH);
        assertThat(store.reads).as("the store is asked again").hasSize(1);
    }

    @Test
    void tokenWhoseGrantUserOrClientEndsWhileItIsReadIsReadAgain() {
        for (InvalidationKind kind : List.of(InvalidationKind.GRANT, InvalidationKind.USER, InvalidationKind.CLIENT)) {
            String hash = SecretToken.hash("during " + kind);
            Future<IndexedToken> found = index.find(hash);
            index.forget(kind, subjectOf(kind));
            store.answerNext(hash);
            store.awaitRead();
            store.answerNext(null);
            assertThat(Waiting.on(found)).as(kind.name()).isNull();
        }
    }

    @Test
    void rememberedTokenIsReadAgainAfterItsGrantUserOrClientChanged() {
        for (InvalidationKind kind : List.of(InvalidationKind.GRANT, InvalidationKind.USER, InvalidationKind.CLIENT)) {
            remember(HASH);
            index.forget(kind, "somebody else");
            assertThat(Waiting.on(index.find(HASH))).isNotNull();
            assertThat(store.reads).isEmpty();
            index.forget(kind, subjectOf(kind));
            Future<IndexedToken> again = index.find(HASH);
            store.answerNext(null);
            assertThat(Waiting.on(again)).as(kind.name()).isNull();
        }
    }

    @Test
    void nothingIsOverlookedWhenMoreChangesThanCanBeToldApart() {
        remember(HASH);
        index.forget(InvalidationKind.GRANT, subjectOf(InvalidationKind.GRANT));
        for (int i = 0; i < 25_000; i++) {
            index.forget(InvalidationKind.GRANT, "grant " + i);
        }
        Future<IndexedToken> again = index.find(HASH);
        store.answerNext(null);
        assertThat(Waiting.on(again)).isNull();
    }

    @Test
    void nothingRememberedCountsWhileInvalidationsAreNotHeard() {
        remember(HASH);
        fresh.set(false);
        Future<IndexedToken> asked = index.find(HASH);
        store.answerNext(null);
        assertThat(Waiting.on(asked)).as("revoked meanwhile").isNull();
        fresh.set(true);
        assertThat(index.find(HASH).succeeded()).as("remembered still, where nothing was heard of it").isTrue();
    }

    @Test
    void everythingIsReadAgainWhenInvalidationsWereMissed() {
        remember(HASH);
        Future<IndexedToken> during = index.find(OTHER);
        index.forgetAll();
        store.answerNext(OTHER);
        store.awaitRead();
        store.answerNext(null);
        assertThat(Waiting.on(during)).as("read before the end of it was missed").isNull();
        Future<IndexedToken> again = index.find(HASH);
        store.answerNext(null);
        assertThat(Waiting.on(again)).isNull();
    }

    @Test
    void failedReadIsNotRemembered() {
        Future<IndexedToken> failing = index.find(HASH);
        store.failNext();
        assertThat(failing.failed() || outcome(failing).failed()).isTrue();
        remember(HASH);
    }

    private void remember(String hash) {
        Future<IndexedToken> found = index.find(hash);
        if (!store.reads.isEmpty()) {
            store.answerNext(hash);
        }
        assertThat(Waiting.on(found)).isNotNull();
    }

    private static String subjectOf(InvalidationKind kind) {
        return switch (kind) {
            case GRANT -> "grant";
            case USER -> "user";
            case CLIENT -> "client";
            case TOKEN -> HASH;
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

    /** A real database whose reads wait until the test continues them. */
    private static final class HeldReads {

        private record Read(Call call, Promise<Object> caller) {
        }

        private final Queue<Read> reads = new ArrayDeque<>();
        private final Database database;

        HeldReads(Database database) {
            this.database = database;
        }

        Database intercepted() {
            return Intercepted.of(Database.class, database, call -> call.name().equals("read") ? hold(call) : call.proceed());
        }

        private synchronized Future<Object> hold(Call call) {
            Promise<Object> caller = Promise.promise();
            reads.add(new Read(call, caller));
            notifyAll();
            return caller.future();
        }

        /** Continues the oldest read, while the store has a live token of this hash and no other; or none for null. */
        void answerNext(String hash) {
            Waiting.on(database.write(statements -> statements.update("DELETE FROM access_token")));
            if (hash != null) {
                Waiting.on(new AccessTokenStore(database).issue(new AccessToken(hash, "grant", "client", "user", Scopes.of("a"),
                    List.of("http://localhost/mcp"), 0, 1, null)));
            }
            Read read = next();
            read.caller().complete(Waiting.on((Future<?>) read.call().proceed()));
        }

        /** Continues the oldest read while its table is missing. */
        void failNext() {
            Waiting.on(database.write(statements -> statements.update("ALTER TABLE access_token RENAME TO elsewhere")));
            Read read = next();
            Future<?> failed = (Future<?>) read.call().proceed();
            outcome(failed);
            Waiting.on(database.write(statements -> statements.update("ALTER TABLE elsewhere RENAME TO access_token")));
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
    }
}
