package dev.gatehouse.authz.client.auth;

import io.vertx.core.json.JsonObject;

/**
 * Clients that show a certificate (RFC 8705).
 *
 * @param enabled whether clients are asked for one
 * @param trustFile PEM file of the authorities that may issue one, relative to the data home or absolute; null for clients
 *     that register their own certificates only
 * @param proxyHeader whether the trusted proxies tell of it in the header {@code Client-Cert} (RFC 9440)
 */
public record MutualTlsOptions(boolean enabled, String trustFile, boolean proxyHeader) {

    public static MutualTlsOptions of(JsonObject json) {
        return new MutualTlsOptions(json.getBoolean("enabled", false), json.getString("trustFile"),
            json.getBoolean("proxyHeader", false));
    }
}
