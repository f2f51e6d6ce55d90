package dev.gatehouse.client.oauth;

/**
 * This client's identity at one authorization server.
 *
 * @param issuer of the authorization server that the identifier belongs to; null for one that is good everywhere (a URL), or
 *     that the user configured without saying where
 * @param secret null for a public client
 * @param method {@code token_endpoint_auth_method}; null to choose by what the server supports
 * @param redirectUri that was registered, or null
 */
public record OAuthClient(String issuer, String id, String secret, String method, String redirectUri) {

    @Override
    public String toString() {
        return "OAuthClient[" + id + " at " + issuer + "]";
    }
}
