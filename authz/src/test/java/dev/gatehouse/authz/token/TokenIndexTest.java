package dev.gatehouse.authz.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

class TokenIndexTest {

    private final Vertx vertx = Vertx.vertx();
    private final SlowStore store = new SlowStore();
    private final AtomicBoolean fresh = new AtomicBoolean(true);
    private final TokenIndex index = new TokenIndex(vertx, store, new IntrospectionDocument("http://localhost:9000"), 100, fresh::get);

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void oneReadServesAllWhoAskMeanwhileAndAfterwards() {
        Future<IndexedToken> first = index.find("h");
        Future<IndexedToken> second = index.find("h");
        assertThat(store.reads).hasSize(1);
        store.answerNext(token("h"));
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
        store.answerNext(token("h"));
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
            store.answerNext(token(hash));
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
        store.answerNext(token("other"));
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
        store.reads.remove().fail(new IllegalStateException("for the test"));
        assertThat(failing.failed() || outcome(failing).failed()).isTrue();
        remember("h");
    }

    private void remember(String hash) {
        Future<IndexedToken> found = index.find(hash);
        if (!store.reads.isEmpty()) {
            store.answerNext(token(hash));
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

    private static ActiveToken token(String hash) {
        return new ActiveToken(new AccessToken(hash, "grant", "client", "user", Scopes.of("a"), List.of("http://localhost/mcp"), 0, 1, null), null, List.of());
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

    /** A store whose answers a test gives, one by one and when it likes. */
    private static final class SlowStore implements AccessTokenStore {

        private final Queue<Promise<Optional<ActiveToken>>> reads = new ArrayDeque<>();

        @Override
        public synchronized Future<Optional<ActiveToken>> find(String hash) {
            Promise<Optional<ActiveToken>> read = Promise.promise();
            reads.add(read);
            notifyAll();
            return read.future();
        }

        void answerNext(ActiveToken token) {
            Promise<Optional<ActiveToken>> read;
            synchronized (this) {
                read = reads.remove();
            }
            read.complete(Optional.ofNullable(token));
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
        public Future<Boolean> issue(AccessToken token) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Boolean> revoke(String hash, String clientId, long at) {
            throw new UnsupportedOperationException();
        }
    }
}
