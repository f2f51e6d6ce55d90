package dev.gatehouse.authz.http;

import io.vertx.core.json.JsonObject;

/** An endpoint for clients. */
public interface Endpoint {

    void mount(Routes routes);

    /** Adds the metadata of this endpoint (RFC 8414 §2): exactly what it supports. */
    default void describe(JsonObject metadata) {
    }
}
