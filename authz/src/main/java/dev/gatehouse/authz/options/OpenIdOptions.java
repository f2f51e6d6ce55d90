package dev.gatehouse.authz.options;

import io.vertx.core.json.JsonObject;

/**
 * OpenID Connect.
 *
 * @param enabled whether this server is an OpenID provider
 */
public record OpenIdOptions(boolean enabled) {

    static OpenIdOptions of(JsonObject json, boolean demo) {
        return new OpenIdOptions(json.getBoolean("enabled", true));
    }
}
