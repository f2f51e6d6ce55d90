package dev.gatehouse.authz.client.document;

import io.vertx.core.json.JsonObject;

/**
 * The options for fetching documents and keys of clients.
 *
 * @param loopback whether URLs of this machine are fetched, over http too; only in the demo profile
 * @param trustFile PEM file of certificate authorities to trust in addition to the platform's, relative to the data home or
 *     absolute; or null
 */
public record FetchingOptions(boolean loopback, String trustFile) {

    public static FetchingOptions of(JsonObject json, boolean demo) {
        return new FetchingOptions(json.getBoolean("loopback", demo), json.getString("trustFile"));
    }
}
