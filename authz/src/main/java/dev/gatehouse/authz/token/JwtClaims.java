package dev.gatehouse.authz.token;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** Writes what an access token in JWT form says (RFC 9068 §2.2). */
public final class JwtClaims {

    private final String issuer;

    public JwtClaims(String issuer) {
        this.issuer = issuer;
    }

    /** The claims of a token that was stored; {@code jti} is the hash that it is stored by. */
    public JsonObject of(AccessToken token) {
        JsonObject claims = new JsonObject()
            .put("iss", issuer)
            .put("exp", token.expiresAt() / 1000)
            .put("aud", token.audience().size() == 1 ? token.audience().get(0) : new JsonArray(token.audience()))
            .put("sub", token.sub())
            .put("client_id", token.clientId())
            .put("iat", token.issuedAt() / 1000)
            .put("jti", token.hash())
            .put("scope", token.scopes().toString());
        if (token.confirmation() != null) {
            claims.put("cnf", new JsonObject().put(token.confirmation().method(), token.confirmation().thumbprint()));
        }
        return claims;
    }
}
