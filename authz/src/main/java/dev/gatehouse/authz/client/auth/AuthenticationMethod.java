package dev.gatehouse.authz.client.auth;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.List;

/** One way in which a client says and proves who it is. */
public interface AuthenticationMethod {

    ClientAuthMethod method();

    /** Whether a request uses this method, rightly or wrongly. */
    boolean isUsed(ClientCall call);

    /**
     * Whether a request that uses it looks like one that proves nothing, so that only the client's registration tells which
     * method is meant.
     */
    default boolean isLeftToRegistration() {
        return false;
    }

    /**
     * Reads the credentials of a request that uses this method.
     *
     * @return the ways in which they may be meant, the likeliest first; at least one
     * @throws dev.gatehouse.shared.oauth.OAuthException {@code invalid_client} when they are malformed
     */
    List<Credentials> read(ClientCall call);

    /** Whether the credentials are right for a client that is registered for this method. */
    Future<Boolean> verify(Client client, Credentials credentials, ClientCall call);

    /** Takes the time of a wrong proof, for a client that does not exist or may not use this method. Returns false. */
    default Future<Boolean> verifyAbsent(Credentials credentials, ClientCall call) {
        return Future.succeededFuture(false);
    }

    /** Adds what metadata says beyond the method's name. @param prefix of the endpoint's members, as {@code token_endpoint} */
    default void describe(String prefix, JsonObject metadata) {
    }
}
