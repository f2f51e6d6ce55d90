package dev.gatehouse.authz.options;

import io.vertx.core.json.JsonObject;

/**
 * Clients that describe themselves in a document at their identifier.
 *
 * @param enabled whether they are served at all
 */
public record DocumentOptions(boolean enabled) {

    static DocumentOptions of(JsonObject json, boolean demo) {
        return new DocumentOptions(json.getBoolean("enabled", true));
    }
}
