package dev.gatehouse.authz.clientauth;

import dev.gatehouse.authz.store.ClientAuthMethod;
import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.MultiMap;

import java.util.List;

/** One way in which a client says and proves who it is. */
interface AuthenticationMethod {

    ClientAuthMethod method();

    /** Whether a request uses this method, rightly or wrongly. */
    boolean isUsed(MultiMap headers, FormParameters form);

    /**
     * Reads the credentials of a request that uses this method.
     *
     * @return the ways in which they may be meant, the likeliest first; at least one
     * @throws dev.gatehouse.shared.oauth.OAuthException {@code invalid_client} when they are malformed
     */
    List<Credentials> read(MultiMap headers, FormParameters form);
}
