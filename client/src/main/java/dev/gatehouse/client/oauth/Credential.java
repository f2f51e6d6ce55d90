package dev.gatehouse.client.oauth;

import io.vertx.core.json.JsonObject;

import java.time.Instant;

/**
 * Tokens for one MCP server, with all that it takes to use and refresh them. Its text form shows no secret.
 *
 * @param server URL of the MCP server that the tokens may be sent to
 * @param resource value of the {@code resource} parameter at the authorization server, or null
 * @param requestedScope all scopes that were asked for, or null
 * @param dpop the key that the tokens are bound to, or null
 */
public record Credential(String server, String resource, AuthorizationServer authorizationServer, OAuthClient client, TokenSet tokens,
                         String requestedScope, DpopKey dpop) {

    /** The key of a stored credential. */
    public record Key(String issuer, String resource, String clientId) {
    }

    public Key key() {
        return new Key(authorizationServer.name(), resource == null ? server : resource, client.id());
    }

    Credential with(TokenSet renewed) {
        return new Credential(server, resource, authorizationServer, client, renewed, requestedScope, dpop);
    }

    /** The stored form: a secret. */
    public JsonObject toJson() {
        JsonObject token = new JsonObject().put("accessToken", tokens.accessToken()).put("type", tokens.type())
            .put("expiresAt", tokens.expiresAt() == null ? null : tokens.expiresAt().getEpochSecond())
            .put("refreshToken", tokens.refreshToken()).put("scope", tokens.scope());
        return new JsonObject().put("server", server).put("resource", resource).put("issuer", authorizationServer.issuer())
            .put("metadata", authorizationServer.document()).put("client", client.toJson()).put("tokens", token)
            .put("requestedScope", requestedScope).put("dpop", dpop == null ? null : dpop.secretJwk());
    }

    /** Reads what {@link #toJson} wrote. */
    public static Credential fromJson(JsonObject stored) {
        JsonObject token = stored.getJsonObject("tokens");
        Long expiresAt = token.getLong("expiresAt");
        return new Credential(stored.getString("server"), stored.getString("resource"),
            new AuthorizationServer(stored.getString("issuer"), stored.getJsonObject("metadata")),
            OAuthClient.fromJson(stored.getJsonObject("client")),
            new TokenSet(token.getString("accessToken"), token.getString("type"), expiresAt == null ? null : Instant.ofEpochSecond(expiresAt),
                token.getString("refreshToken"), token.getString("scope")),
            stored.getString("requestedScope"), stored.getJsonObject("dpop") == null ? null : DpopKey.parse(stored.getJsonObject("dpop")));
    }

    @Override
    public String toString() {
        return "Credential[" + server + " by " + authorizationServer.name() + "]";
    }
}
