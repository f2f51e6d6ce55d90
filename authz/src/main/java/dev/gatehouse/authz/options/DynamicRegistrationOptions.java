package dev.gatehouse.authz.options;

import io.vertx.core.json.JsonObject;

/**
 * How clients register themselves (RFC 7591).
 *
 * @param enabled whether they may at all
 */
public record DynamicRegistrationOptions(boolean enabled) {

    static DynamicRegistrationOptions of(JsonObject json, boolean demo) {
        return new DynamicRegistrationOptions(json.getBoolean("enabled", demo));
    }
}
