package dev.gatehouse.authz.token;

import io.vertx.core.Future;

import java.util.Optional;

/** The refresh tokens and the families that they belong to. */
public interface RefreshTokenStore {

    /** Spends a refresh token for its successor, in one transaction. A refused attempt spends nothing. */
    Future<RotationOutcome> rotate(Rotation rotation);

    /**
     * Revokes the whole grant of a refresh token of this client, be the token spent or not.
     *
     * @return the grant; nothing when the token is unknown, another client's, or its grant was revoked before
     */
    Future<Optional<String>> revokeGrantOf(String tokenHash, String clientId, long at);
}
