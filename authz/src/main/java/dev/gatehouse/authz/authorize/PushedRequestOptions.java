package dev.gatehouse.authz.authorize;

import io.vertx.core.json.JsonObject;

/**
 * Authorization requests that are pushed first (RFC 9126).
 *
 * @param required whether there is no other way in
 * @param lifetimeSeconds how long one may wait for its browser
 */
public record PushedRequestOptions(boolean required, long lifetimeSeconds) {

    public static PushedRequestOptions of(JsonObject json, boolean demo) {
        return new PushedRequestOptions(json.getBoolean("required", false), json.getLong("lifetimeSeconds", 60L));
    }
}
