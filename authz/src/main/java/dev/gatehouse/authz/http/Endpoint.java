package dev.gatehouse.authz.http;

import io.vertx.core.json.JsonObject;

/** One URL that clients call. */
public interface Endpoint {

    void mount(Routes routes);

    /** Adds what metadata tells of this endpoint (RFC 8414 §2): all that it accepts, and nothing else. */
    default void describe(JsonObject metadata) {
    }
}
