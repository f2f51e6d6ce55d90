package dev.gatehouse.client.oauth;

import io.vertx.core.json.JsonObject;

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

    /** The stored form: a secret. */
    public JsonObject toJson() {
        return new JsonObject().put("issuer", issuer).put("id", id).put("secret", secret).put("method", method).put("redirectUri", redirectUri);
    }

    /** Reads what {@link #toJson} wrote. */
    public static OAuthClient fromJson(JsonObject stored) {
        return new OAuthClient(stored.getString("issuer"), stored.getString("id"), stored.getString("secret"), stored.getString("method"),
            stored.getString("redirectUri"));
    }

    @Override
    public String toString() {
        return "OAuthClient[" + id + " at " + issuer + "]";
    }
}
