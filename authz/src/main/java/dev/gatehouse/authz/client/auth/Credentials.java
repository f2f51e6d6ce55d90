package dev.gatehouse.authz.client.auth;

/**
 * Who a request says it comes from, and the proof.
 *
 * @param proof a secret or an assertion, as the method has it; null for a method whose proof is not in the request itself
 */
record Credentials(String clientId, String proof) {

    @Override
    public String toString() {
        return "Credentials[…]";
    }
}
