package dev.gatehouse.authz.device;

import io.vertx.core.json.JsonObject;

/**
 * Devices without a browser (RFC 8628).
 *
 * @param enabled whether they are served
 * @param lifetimeSeconds how long a user code waits
 * @param intervalSeconds between two polls
 * @param selfRegisteredClients whether also clients that registered or describe themselves may use it
 */
public record DeviceOptions(boolean enabled, long lifetimeSeconds, long intervalSeconds, boolean selfRegisteredClients) {

    public static DeviceOptions of(JsonObject json, boolean demo) {
        return new DeviceOptions(json.getBoolean("enabled", true), json.getLong("lifetimeSeconds", 600L), json.getLong("intervalSeconds", 5L),
            json.getBoolean("selfRegisteredClients", false));
    }
}
