package dev.gatehouse.authz.client;

import io.vertx.core.Future;

import java.util.List;
import java.util.Optional;

/** All clients. The form of an identifier says where to look, so that no client can pose as one of another kind. */
public final class Clients implements ClientLookup {

    private final List<ClientSource> sources;
    private final ClientLookup registered;

    /** @param registered where every identifier is looked for that no source owns */
    public Clients(List<ClientSource> sources, ClientLookup registered) {
        this.sources = List.copyOf(sources);
        this.registered = registered;
    }

    @Override
    public Future<Optional<Client>> find(String clientId) {
        for (ClientSource source : sources) {
            if (source.owns(clientId)) {
                return source.find(clientId);
            }
        }
        return registered.find(clientId);
    }
}
