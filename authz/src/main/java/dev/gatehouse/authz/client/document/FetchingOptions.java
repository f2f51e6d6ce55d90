package dev.gatehouse.authz.client.document;

import io.vertx.core.json.JsonObject;

/**
 * How documents and keys of clients are fetched.
 *
 * @param loopback whether addresses on this machine are fetched from, over plain http too; in the demo profile only
 * @param trustFile PEM file of certificate authorities to trust beside the platform's, relative to the data home or
 *     absolute; or null
 */
public record FetchingOptions(boolean loopback, String trustFile) {

    public static FetchingOptions of(JsonObject json, boolean demo) {
        return new FetchingOptions(json.getBoolean("loopback", demo), json.getString("trustFile"));
    }
}
