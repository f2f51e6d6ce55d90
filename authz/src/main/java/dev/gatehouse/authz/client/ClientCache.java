package dev.gatehouse.authz.client;

import dev.gatehouse.shared.cache.Caches;
import dev.gatehouse.shared.cache.LoadedEntries;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Keeps the registered clients in memory, because every request names one. */
public final class ClientCache implements ClientLookup {

    private static final int MOST_CLIENTS = 10_000;
    /** The removal of idle clients is not announced to other processes. */
    private static final Duration KEPT_FOR = Duration.ofMinutes(1);

    private final ClientStore store;
    private final BooleanSupplier fresh;
    private final LoadedEntries<Client> clients;

    /** @param fresh whether invalidations arrive; without them every client is read from the store */
    public ClientCache(Vertx vertx, ClientStore store, BooleanSupplier fresh) {
        this.store = store;
        this.fresh = fresh;
        this.clients = new LoadedEntries<>(vertx, "clients", Caches.builder().maximumSize(MOST_CLIENTS).expireAfterWrite(KEPT_FOR));
    }

    /** Unknown identifiers are not kept, so requests cannot fill the cache with them. */
    @Override
    public Future<Optional<Client>> find(String clientId) {
        return !fresh.getAsBoolean() ? store.find(clientId)
            : clients.get(clientId, kept -> true, id -> store.find(id).map(found -> found.orElse(null))).map(Optional::ofNullable);
    }

    /** Reads this client from the store when it is next asked for. */
    public void forget(String clientId) {
        clients.forget(clientId);
    }

    /** Reads every client from the store when it is next asked for. */
    public void forgetAll() {
        clients.forgetAll();
    }
}
