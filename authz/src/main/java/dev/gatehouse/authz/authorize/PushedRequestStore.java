package dev.gatehouse.authz.authorize;

import io.vertx.core.Future;

import java.util.Optional;

/** The authorization requests that were pushed and that nobody has answered (RFC 9126). */
public interface PushedRequestStore {

    /**
     * Stores a request.
     *
     * @param parameters form-encoded, without the client's credentials
     * @param expiresAt epoch milliseconds, after which no browser may bring it
     */
    Future<Void> push(String requestHash, String clientId, String parameters, long expiresAt);

    /** The parameters of a request of this client that is neither answered nor expired. */
    Future<Optional<String>> find(String requestHash, String clientId, long now);
}
