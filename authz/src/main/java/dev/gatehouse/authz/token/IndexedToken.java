package dev.gatehouse.authz.token;

import io.vertx.core.buffer.Buffer;

import java.util.List;

/**
 * A token as the index has it.
 *
 * @param issuedAt epoch milliseconds
 * @param expiresAt epoch milliseconds
 * @param generation the latest generation in which the token was known to be current
 */
public record IndexedToken(TokenKey key, SharedClaims claims, long issuedAt, long expiresAt, long generation) {

    public String clientId() {
        return claims.clientId();
    }

    public List<String> audience() {
        return claims.audience();
    }

    /** The introspection response. */
    public Buffer document() {
        return IntrospectionDocument.of(claims.document(), issuedAt, expiresAt);
    }

    /** The introspection response for the token's own client. */
    public Buffer documentForClient() {
        return IntrospectionDocument.of(claims.documentForClient(), issuedAt, expiresAt);
    }

    public AccessToken token() {
        return claims.token(key, issuedAt, expiresAt);
    }
}
