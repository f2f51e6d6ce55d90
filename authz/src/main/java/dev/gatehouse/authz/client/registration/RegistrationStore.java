package dev.gatehouse.authz.client.registration;

import dev.gatehouse.authz.client.Client;
import io.vertx.core.Future;

import java.util.Optional;

/** The clients that registered themselves, and who may. */
public interface RegistrationStore {

    /**
     * Adds a client, in one transaction.
     *
     * @return what became of it; nothing is changed unless it was added
     */
    Future<Outcome> register(Registration registration);

    /** What became of a registration. */
    enum Outcome {
        ADDED,
        /** As many clients as may register themselves have done so, and all of them are in use. */
        FULL,
        /** The initial access token is unknown, expired or used up. */
        UNAUTHORIZED
    }

    /** The client that a registration access token is for (RFC 7592 §2). */
    Future<Optional<Client>> findByToken(String tokenHash);

    /** Replaces what a client said of itself, while the token is the client's. Returns false when it is not, or no more. */
    Future<Boolean> update(Client client, String tokenHash, long at);

    /** Notes that a client which registered itself is in use. @param at epoch milliseconds */
    Future<Void> noteUse(String clientId, long at);

    /** Allows a number of registrations. @param expiresAt epoch milliseconds */
    Future<Void> allow(String initialTokenHash, int registrations, long createdAt, long expiresAt);
}
