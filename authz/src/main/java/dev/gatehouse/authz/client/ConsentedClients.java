package dev.gatehouse.authz.client;

import io.vertx.core.Future;

/** Stores clients from metadata documents when a user first grants them access, and not before. */
@FunctionalInterface
public interface ConsentedClients {

    /** Stores this client, because grants refer to it. Does nothing for a registered client. */
    Future<Void> keep(Client client);
}
