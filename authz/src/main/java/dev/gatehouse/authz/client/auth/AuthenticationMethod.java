package dev.gatehouse.authz.client.auth;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.List;

/** A client authentication method. */
public interface AuthenticationMethod {

    ClientAuthMethod method();

    /** Returns whether a request uses this method, correctly or not. */
    boolean isUsed(ClientCall call);

    /**
     * Returns whether a request with this method looks like a request of a public client. The registration of the client
     * then decides which method it is.
     */
    default boolean isLeftToRegistration() {
        return false;
    }

    /**
     * Reads the credentials of a request that uses this method.
     *
     * @return the possible readings, the most likely first; at least one
     * @throws dev.gatehouse.shared.oauth.OAuthException {@code invalid_client} when they are malformed
     */
    List<Credentials> read(ClientCall call);

    /** Verifies the credentials of a client that is registered for this method. */
    Future<Boolean> verify(Client client, Credentials credentials, ClientCall call);

    /** Takes as long as the verification of a wrong credential, for a client that does not exist or may not use this method. Returns false. */
    default Future<Boolean> verifyAbsent(Credentials credentials, ClientCall call) {
        return Future.succeededFuture(false);
    }

    /** Adds metadata beyond the method's name. @param prefix the prefix of the endpoint's members, such as {@code token_endpoint} */
    default void describe(String prefix, JsonObject metadata) {
    }

    /**
     * The client identifier and the credential of a request.
     *
     * @param proof a secret or an assertion, by the method; null for a method whose credential is not in the request
     */
    record Credentials(String clientId, String proof) {

        @Override
        public String toString() {
            return "Credentials[…]";
        }
    }
}
