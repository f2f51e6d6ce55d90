package dev.gatehouse.authz.token;

import io.vertx.core.Future;

import java.util.Optional;

/** The access tokens that were handed out. */
public interface AccessTokenStore {

    /** Stores a client's own token. Returns false, storing nothing, when the client is gone. */
    Future<Boolean> issue(AccessToken token);

    /** A token by its hash, unless it, its grant, its user or its client has ended. */
    Future<Optional<ActiveToken>> find(String hash);

    /** Revokes a token of this client. Returns false, changing nothing, when there is no live one. */
    Future<Boolean> revoke(String hash, String clientId, long at);
}
