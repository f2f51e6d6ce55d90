package dev.gatehouse.authz.introspect;

import io.vertx.core.json.JsonObject;

/**
 * How tokens are introspected.
 *
 * @param openOnLoopback whether callers on this machine need no client credentials
 * @param indexEntries tokens that are kept in memory; the store answers for the rest
 */
public record IntrospectionOptions(boolean openOnLoopback, int indexEntries) {

    public static IntrospectionOptions of(JsonObject json, boolean demo) {
        return new IntrospectionOptions(json.getBoolean("openOnLoopback", demo), json.getInteger("indexEntries", 250_000));
    }
}
