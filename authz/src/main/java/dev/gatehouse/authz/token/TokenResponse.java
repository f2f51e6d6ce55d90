package dev.gatehouse.authz.token;

import io.vertx.core.json.JsonObject;

/**
 * Tokens on their way to the client.
 *
 * @param access the text of the access token
 * @param refresh the text of the refresh token, or null
 * @param stored what was stored of the access token; null where the answer holds another kind of token
 * @param further members of the answer beyond those of RFC 6749 §5.1, as {@code id_token}
 */
public record TokenResponse(String access, String refresh, AccessToken stored, JsonObject further) {

    /** With nothing further. */
    public TokenResponse(String access, String refresh, AccessToken stored) {
        this(access, refresh, stored, new JsonObject());
    }

    /** A token that is not for a resource, with all members of its answer (RFC 8693 §2.2.1). No step changes it. */
    public static TokenResponse ofNoAccess(JsonObject members) {
        return new TokenResponse(null, null, null, members);
    }

    /** Returns true for an access token of this server. */
    public boolean isAccess() {
        return stored != null;
    }

    /** The same token in another form. */
    public TokenResponse withAccess(String text) {
        return new TokenResponse(text, refresh, stored, further);
    }

    /** With one more member. */
    public TokenResponse with(String name, Object value) {
        return new TokenResponse(access, refresh, stored, further.copy().put(name, value));
    }

    /** The answer of RFC 6749 §5.1. It always tells the scope, since clients need not ask for what they get. */
    public JsonObject toJson() {
        if (!isAccess()) {
            return further;
        }
        JsonObject json = new JsonObject()
            .put("access_token", access)
            .put("token_type", stored.isBoundToKey() ? "DPoP" : "Bearer")
            .put("expires_in", (stored.expiresAt() - stored.issuedAt()) / 1000);
        if (refresh != null) {
            json.put("refresh_token", refresh);
        }
        return json.put("scope", stored.scopes().toString()).mergeIn(further);
    }

    @Override
    public String toString() {
        return "TokenResponse[…]";
    }
}
