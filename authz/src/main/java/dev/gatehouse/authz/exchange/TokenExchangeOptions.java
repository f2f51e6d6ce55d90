package dev.gatehouse.authz.exchange;

import io.vertx.core.json.JsonObject;

/**
 * Tokens for tokens (RFC 8693).
 *
 * @param enabled whether they are exchanged
 */
public record TokenExchangeOptions(boolean enabled) {

    public static TokenExchangeOptions of(JsonObject json, boolean demo) {
        return new TokenExchangeOptions(json.getBoolean("enabled", true));
    }
}
