package dev.gatehouse.authz.clientauth;

import dev.gatehouse.authz.store.ClientAuthMethod;

/**
 * Who a request says it comes from, and the proof.
 *
 * @param secret null for a client that proves nothing
 */
record Credentials(ClientAuthMethod method, String clientId, String secret) {

    @Override
    public String toString() {
        return "Credentials[" + method + "]";
    }
}
