package dev.gatehouse.authz.client;

import io.vertx.core.Future;

import java.util.List;

/** The registered clients. */
public interface ClientStore extends ClientLookup {

    /** Adds a client with its secrets. Returns false, changing nothing, when the identifier is taken. */
    Future<Boolean> add(Client client);

    /** Changes all of a client but its secrets. Returns false when there is none. @param at epoch milliseconds */
    Future<Boolean> update(Client client, long at);

    /** All clients by identifier. */
    Future<List<Client>> list();

    /** Removes a client with all that was granted to it. Returns false when there is none. */
    Future<Boolean> delete(String clientId, long at);

    /**
     * Gives a client a new secret; those before it end at the given time (epoch milliseconds).
     * Returns false when there is no such client.
     */
    Future<Boolean> rotateSecret(String clientId, Client.Secret secret, long othersEndAt);
}
