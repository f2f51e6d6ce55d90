package dev.gatehouse.authz.token;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.token.AccessTokenStore.ActiveToken;
import dev.gatehouse.authz.token.ReleasedClaims.Place;
import dev.gatehouse.shared.cache.Caches;
import dev.gatehouse.shared.cache.LoadedEntries;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
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
    private final LoadedEntries<IndexedToken> tokens;

    /** @param fresh whether cached tokens may be used; if not, every lookup reads the store */
    public TokenIndex(Vertx vertx, AccessTokenStore store, IntrospectionDocument document, ReleasedClaims claims, int entries,
                      BooleanSupplier fresh) {
        this.fresh = fresh;
        this.store = store;
        this.document = document;
        this.claims = claims;
        this.tokens = new LoadedEntries<>(vertx, "token_index", Caches.builder().maximumSize(entries));
    }

    /** Finds a token that is not revoked by its hash; null if there is none. The caller checks its expiry. */
    public Future<IndexedToken> find(String hash) {
        return !fresh.getAsBoolean() ? read(hash) : tokens.get(hash, generations::isCurrent, this::read)
            .compose(token -> token == null || generations.isCurrent(token) ? Future.succeededFuture(token) : find(hash));
    }

    private Future<IndexedToken> read(String hash) {
        long generation = generations.latest();
        return store.find(hash).compose(found -> found.isEmpty() ? Future.succeededFuture() : indexed(found.get(), generation));
    }

    private Future<IndexedToken> indexed(ActiveToken found, long generation) {
        return claims.of(Place.INTROSPECTION, found.token())
            .map(more -> new IndexedToken(found.token(), document.of(found, more), claims.hiddenFromClients(), generation));
    }

    /** Discards all cached tokens. */
    public void forgetAll() {
        generations.advanceAll();
        tokens.forgetAll();
    }

    /** Discards the cached tokens of a subject. */
    public void forget(InvalidationKind kind, String subject) {
        if (kind == InvalidationKind.TOKEN) {
            tokens.forget(subject);
        } else if (generations.advance(kind, subject)) {
            tokens.forgetAll();
        }
    }

    /** An indexed token with its introspection response, which is encoded once. */
    public static final class IndexedToken {

        private final AccessToken token;
        private final Buffer document;
        private final Set<String> hiddenFromClient;
        private final long readIn;
        private volatile Buffer documentForClient;
        private volatile long checkedIn;

        /** @param generation the latest generation when the read of the token began */
        IndexedToken(AccessToken token, Buffer document, Set<String> hiddenFromClient, long generation) {
            this.token = token;
            this.document = document;
            this.hiddenFromClient = hiddenFromClient;
            this.readIn = generation;
            this.checkedIn = generation;
        }

        public AccessToken token() {
            return token;
        }

        public Buffer document() {
            return document;
        }

        /** The document for the token's own client. It is encoded at its first use. */
        public Buffer documentForClient() {
            Buffer known = documentForClient;
            if (known == null) {
                known = IntrospectionDocument.forClient(document, token.scopes(), hiddenFromClient);
                documentForClient = known;
            }
            return known;
        }

        long readIn() {
            return readIn;
        }

        long checkedIn() {
            return checkedIn;
        }

        void checkedIn(long generation) {
            checkedIn = generation;
        }
    }

    /**
     * Counts the changes to grants, users and clients. A token keeps the count at which its read began, which shows whether its own grant,
     * user or client has changed since. If nothing has changed since the last look, the check is one comparison.
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

        boolean isCurrent(IndexedToken indexed) {
            long now = latest;
            if (indexed.checkedIn() == now) {
                return true;
            }
            AccessToken token = indexed.token();
            // The floor last: it is raised before the changes that it stands for are dropped.
            boolean current = isCurrent(indexed, InvalidationKind.USER, token.sub())
                && isCurrent(indexed, InvalidationKind.CLIENT, token.clientId())
                && (token.grantId() == null || isCurrent(indexed, InvalidationKind.GRANT, token.grantId()))
                && indexed.readIn() >= floor;
            if (current) {
                indexed.checkedIn(now);
            }
            return current;
        }

        private boolean isCurrent(IndexedToken indexed, InvalidationKind kind, String subject) {
            Long changed = changedIn.get(kind).get(subject);
            return changed == null || changed <= indexed.readIn();
        }
    }
}
