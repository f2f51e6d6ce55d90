package dev.gatehouse.authz.dpop;

import io.vertx.core.json.JsonObject;

/**
 * Tokens bound to a key of the client (RFC 9449).
 *
 * @param nonceRequired whether each proof has to hold a nonce of this server
 * @param proofSeconds how old a proof may be
 */
public record DpopOptions(boolean nonceRequired, long proofSeconds) {

    public static DpopOptions of(JsonObject json, boolean demo) {
        return new DpopOptions(json.getBoolean("nonceRequired", false), json.getLong("proofSeconds", 60L));
    }
}
