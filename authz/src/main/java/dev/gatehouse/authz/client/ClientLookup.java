package dev.gatehouse.authz.client;

import io.vertx.core.Future;

import java.util.Optional;

/** Finds clients, however this server came to know them. */
public interface ClientLookup {

    /**
     * The client of an identifier.
     *
     * @return nothing when there is none; or an {@link dev.gatehouse.shared.oauth.OAuthException} that says what is wrong
     *     with a client that describes itself
     */
    Future<Optional<Client>> find(String clientId);
}
