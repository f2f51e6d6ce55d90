package dev.gatehouse.authz.interaction;

import io.vertx.core.Future;

import java.util.Optional;

/** What people have approved and not ended. */
public interface ApprovalStore {

    /** The newest approval of a client by a person that includes a scope. */
    Future<Optional<Approval>> find(String sub, String clientId, String scope, long at);

    /** The approval that a refresh token of a client stands for, where the token could be used now. It is not spent. */
    Future<Optional<Approval>> findByRefreshToken(String tokenHash, String clientId, long at);
}
