package dev.gatehouse.authz.options;

import io.vertx.core.json.JsonObject;

/**
 * Assertions of others that are taken for tokens (RFC 7523, ID-JAG).
 *
 * @param enabled whether any are taken
 */
public record AssertionOptions(boolean enabled) {

    static AssertionOptions of(JsonObject json, boolean demo) {
        return new AssertionOptions(json.getBoolean("enabled", demo));
    }
}
