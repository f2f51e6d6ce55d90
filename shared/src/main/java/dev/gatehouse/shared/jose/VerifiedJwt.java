package dev.gatehouse.shared.jose;

import io.vertx.core.json.JsonObject;

/**
 * A JWT whose signature and header have been checked. Its claims are what the holder of the key wrote; whether they are
 * meant for us, and still, is for {@link ClaimCheck}s.
 *
 * @param header the JOSE header
 * @param claims the JWT claims set
 * @param key the key that verified it
 */
public record VerifiedJwt(JsonObject header, JsonObject claims, VerificationKey key) {

    /**
     * Holds the claims against a check.
     *
     * @return this
     * @throws JwtException when a check refuses them
     */
    public VerifiedJwt require(ClaimCheck check) {
        check.check(claims);
        return this;
    }

    @Override
    public String toString() {
        return "VerifiedJwt[…]";
    }
}
