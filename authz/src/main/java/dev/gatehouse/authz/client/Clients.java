package dev.gatehouse.authz.client;

import io.vertx.core.Future;

import java.util.Optional;

/** All clients. The form of an identifier decides where it is looked up, so no client can pose as one of another kind. */
public final class Clients implements ClientLookup {

    private final ClientLookup documents;
    private final boolean loopbackAllowed;
    private final ClientLookup registered;

    /** @param documents has the clients whose identifier is a URL */
    public Clients(ClientLookup documents, boolean loopbackAllowed, ClientLookup registered) {
        this.documents = documents;
        this.loopbackAllowed = loopbackAllowed;
        this.registered = registered;
    }

    @Override
    public Future<Optional<Client>> find(String clientId) {
        return (ClientUrl.isMeant(clientId, loopbackAllowed) ? documents : registered).find(clientId);
    }
}
