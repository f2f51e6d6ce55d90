package dev.gatehouse.authz.client;

import io.vertx.core.Future;

/** Remembers clients from the moment on at which somebody allows them something, and not before. */
@FunctionalInterface
public interface ConsentedClients {

    /** Sees to it that the store knows this client, as grants hang on it. Does nothing for one that it knows from its registration. */
    Future<Void> keep(Client client);
}
