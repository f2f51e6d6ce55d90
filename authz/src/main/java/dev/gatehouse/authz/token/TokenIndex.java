package dev.gatehouse.authz.token;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.shared.cache.Caches;
import dev.gatehouse.shared.cache.LoadedEntries;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.util.function.BooleanSupplier;

/**
 * The access tokens that were asked about, in memory, with the store behind. Bounded; one read of the store at a time for
 * each token. Safe for use from any thread.
 *
 * <p>Removal of a token also discards a read of it that is running. Changes of a grant, user or client go through
 * {@link Generations}, because finding all their tokens, and the running reads, would take too long.
 */
public final class TokenIndex {

    private final AccessTokenStore store;
    private final IntrospectionDocument document;
    private final BooleanSupplier fresh;
    private final Generations generations = new Generations();
    private final LoadedEntries<IndexedToken> tokens;

    /** @param fresh whether what is remembered may be relied on; the store is asked where not */
    public TokenIndex(Vertx vertx, AccessTokenStore store, IntrospectionDocument document, int entries, BooleanSupplier fresh) {
        this.fresh = fresh;
        this.store = store;
        this.document = document;
        this.tokens = new LoadedEntries<>(vertx, Caches.builder().maximumSize(entries));
    }

    /** A token that is not revoked, by its hash, or null. The caller checks its expiry. */
    public Future<IndexedToken> find(String hash) {
        return !fresh.getAsBoolean() ? read(hash) : tokens.get(hash, generations::isCurrent, this::read)
            .compose(token -> token == null || generations.isCurrent(token) ? Future.succeededFuture(token) : find(hash));
    }

    private Future<IndexedToken> read(String hash) {
        long generation = generations.latest();
        return store.find(hash).map(found -> found.map(token -> new IndexedToken(token.token(), document.of(token), generation)).orElse(null));
    }

    /** Answers every question from the store again. */
    public void forgetAll() {
        generations.advanceAll();
        tokens.forgetAll();
    }

    /** Answers from the store again where something was kept that this subject was part of. */
    public void forget(InvalidationKind kind, String subject) {
        if (kind == InvalidationKind.TOKEN) {
            tokens.forget(subject);
        } else if (generations.advance(kind, subject)) {
            tokens.forgetAll();
        }
    }
}
