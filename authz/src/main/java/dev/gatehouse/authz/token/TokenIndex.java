package dev.gatehouse.authz.token;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.token.AccessTokenStore.ActiveToken;
import dev.gatehouse.authz.token.ReleasedClaims.Place;
import dev.gatehouse.authz.token.SharedClaims.RecentValues;
import dev.gatehouse.shared.cache.RunningLoads;
import dev.gatehouse.shared.metric.CacheMeters;
import dev.gatehouse.shared.metric.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * A bounded cache of active access tokens in front of the store. Only one read per token runs at a time. Thread-safe.
 *
 * <p>Removal of a token also discards a read of it that is running. Changes of a grant, user or client go through
 * {@link Generations}, because finding all their tokens, and the running reads, would take too long.
 */
public final class TokenIndex {

    private final AccessTokenStore store;
    private final IntrospectionDocument document;
    private final ReleasedClaims claims;
    private final BooleanSupplier fresh;
    private final Generations generations = new Generations();
    private final RecentValues recent = new RecentValues();
    private final TokenTable tokens;
    private final RunningLoads<TokenKey, IndexedToken> reads;
    private final CacheMeters meters;

    /** @param fresh whether cached tokens may be used; if not, every lookup reads the store */
    public TokenIndex(Vertx vertx, AccessTokenStore store, IntrospectionDocument document, ReleasedClaims claims, int entries,
                      BooleanSupplier fresh) {
        this.fresh = fresh;
        this.store = store;
        this.document = document;
        this.claims = claims;
        this.tokens = new TokenTable(entries);
        this.reads = new RunningLoads<>(vertx, tokens::put);
        this.meters = CacheMeters.of(Meters.of(vertx), "token_index", tokens::size);
    }

    /** Finds a token that is not revoked by its hash; null if there is none. The caller checks its expiry. */
    public Future<IndexedToken> find(String hash) {
        return find(TokenKey.ofHash(hash));
    }

    Future<IndexedToken> find(TokenKey key) {
        if (!fresh.getAsBoolean()) {
            return read(key);
        }
        IndexedToken known = tokens.get(key);
        if (known != null) {
            if (isCurrent(known)) {
                meters.hit().increment();
                return Future.succeededFuture(known);
            }
            tokens.remove(key);
        }
        meters.miss().increment();
        return reads.load(key, this::read)
            .compose(token -> token == null || isCurrent(token) ? Future.succeededFuture(token) : find(key));
    }

    private boolean isCurrent(IndexedToken token) {
        long latest = generations.latest();
        if (token.generation() == latest) {
            return true;
        }
        boolean current = generations.isCurrent(token);
        if (current) {
            tokens.confirm(token, latest);
        }
        return current;
    }

    private Future<IndexedToken> read(TokenKey key) {
        long generation = generations.latest();
        return store.find(key.hash()).compose(found -> found.isEmpty() ? Future.succeededFuture() : indexed(key, found.get(), generation));
    }

    private Future<IndexedToken> indexed(TokenKey key, ActiveToken found, long generation) {
        return claims.of(Place.INTROSPECTION, found.token()).map(more -> new IndexedToken(key,
            SharedClaims.of(found.token(), document.withoutTimes(found, more), claims.hiddenFromClients(), recent),
            found.token().issuedAt(), found.token().expiresAt(), generation));
    }

    /** Discards all cached tokens. */
    public void forgetAll() {
        generations.advanceAll();
        reads.discardAll();
        tokens.clear();
    }

    /** Discards the cached tokens of a subject. */
    public void forget(InvalidationKind kind, String subject) {
        if (kind == InvalidationKind.TOKEN) {
            TokenKey key = TokenKey.ofHash(subject);
            reads.discard(key);
            tokens.remove(key);
        } else if (generations.advance(kind, subject)) {
            reads.discardAll();
            tokens.clear();
        }
    }

    /**
     * Counts the changes to grants, users and clients. A token has the count at which it was last known to be current: at first that at which its
     * read began. This shows whether its own grant, user or client has changed since.
     */
    private static final class Generations {

        private static final int MOST_SUBJECTS = 10_000;

        private final Map<InvalidationKind, Map<String, Long>> changedIn = new EnumMap<>(InvalidationKind.class);
        private volatile long latest;
        /** Tokens that were read before this are out of date, because the changes until then are no longer kept one by one. */
        private volatile long floor;

        Generations() {
            for (InvalidationKind kind : InvalidationKind.values()) {
                changedIn.put(kind, new ConcurrentHashMap<>());
            }
        }

        long latest() {
            return latest;
        }

        /** Notes a change. Returns whether so many were noted that every token now counts as out of date. */
        synchronized boolean advance(InvalidationKind kind, String subject) {
            long next = latest + 1;
            changedIn.get(kind).put(subject, next);
            boolean full = changedIn.get(kind).size() > MOST_SUBJECTS;
            if (full) {
                floor = next;
                changedIn.values().forEach(Map::clear);
            }
            latest = next;
            return full;
        }

        /** Notes that anything may have changed. */
        synchronized void advanceAll() {
            floor = latest + 1;
            changedIn.values().forEach(Map::clear);
            latest++;
        }

        boolean isCurrent(IndexedToken token) {
            SharedClaims claims = token.claims();
            // The floor last: it is raised before the changes that it stands for are dropped.
            return !changed(InvalidationKind.USER, claims.sub(), token)
                && !changed(InvalidationKind.CLIENT, claims.clientId(), token)
                && (claims.grantId() == null || !changed(InvalidationKind.GRANT, claims.grantId(), token))
                && token.generation() >= floor;
        }

        private boolean changed(InvalidationKind kind, String subject, IndexedToken token) {
            Long changed = changedIn.get(kind).get(subject);
            return changed != null && changed > token.generation();
        }
    }
}
