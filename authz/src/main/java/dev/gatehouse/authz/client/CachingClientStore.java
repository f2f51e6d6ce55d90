package dev.gatehouse.authz.client;

import com.github.benmanes.caffeine.cache.AsyncCache;
import dev.gatehouse.shared.cache.Caches;
import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * A client store that remembers the clients it was asked for, since every request names one. A client that is forgotten
 * while it is being read is not remembered from that read.
 */
public final class CachingClientStore implements ClientStore {

    private static final int MOST_CLIENTS = 10_000;
    /** Idle clients are removed without a word to each process. */
    private static final Duration REMEMBERED_FOR = Duration.ofMinutes(1);

    private final Vertx vertx;
    private final ClientStore store;
    private final BooleanSupplier fresh;
    private final AsyncCache<String, Client> clients = Caches.builder().maximumSize(MOST_CLIENTS)
        .expireAfterWrite(REMEMBERED_FOR).buildAsync();

    /** @param fresh whether what is remembered may be relied on; the store is asked where not */
    public CachingClientStore(Vertx vertx, ClientStore store, BooleanSupplier fresh) {
        this.fresh = fresh;
        this.vertx = vertx;
        this.store = store;
    }

    /** Asks the store anew when this client is next looked for. */
    public void forget(String clientId) {
        clients.asMap().remove(clientId);
    }

    /** Asks the store anew for every client. */
    public void forgetAll() {
        clients.synchronous().invalidateAll();
    }

    @Override
    public Future<Optional<Client>> find(String clientId) {
        if (!fresh.getAsBoolean()) {
            return store.find(clientId);
        }
        CompletableFuture<Client> client = clients.get(clientId, (id, executor) -> load(id));
        Future<Client> found = client.isDone() && !client.isCompletedExceptionally()
            ? Future.succeededFuture(client.getNow(null)) : CallerContext.bring(vertx, Future.fromCompletionStage(client));
        return found.map(Optional::ofNullable);
    }

    /** Null, which the cache does not keep, for a name that nobody has, or a stranger could fill the cache with them. */
    private CompletableFuture<Client> load(String clientId) {
        return store.find(clientId).map(found -> found.orElse(null)).toCompletionStage().toCompletableFuture();
    }

    @Override
    public Future<Boolean> add(Client client) {
        return store.add(client).onSuccess(done -> forget(client.id()));
    }

    @Override
    public Future<Boolean> update(Client client, long at) {
        return store.update(client, at).onSuccess(done -> forget(client.id()));
    }

    @Override
    public Future<List<Client>> list() {
        return store.list();
    }

    @Override
    public Future<Boolean> delete(String clientId, long at) {
        return store.delete(clientId, at).onSuccess(done -> forget(clientId));
    }

    @Override
    public Future<Boolean> rotateSecret(String clientId, Client.Secret secret, long othersEndAt) {
        return store.rotateSecret(clientId, secret, othersEndAt).onSuccess(done -> forget(clientId));
    }
}
