package dev.gatehouse.authz.client.auth;

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
