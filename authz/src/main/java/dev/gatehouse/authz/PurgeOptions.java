package dev.gatehouse.authz;

import io.vertx.core.json.JsonObject;

/** How often expired rows are removed, and how many of a table in one transaction. */
public record PurgeOptions(long intervalSeconds, int rowsPerStep) {

    static PurgeOptions of(JsonObject json) {
        return new PurgeOptions(json.getLong("intervalSeconds", 60L), json.getInteger("rowsPerStep", 500));
    }
}
