package dev.gatehouse.authz.session;

import io.vertx.core.json.JsonObject;

/**
 * How long a browser stays logged in.
 *
 * @param transactionSeconds how long one authorization request may take through login and consent
 */
public record SessionOptions(long idleSeconds, long absoluteSeconds, long transactionSeconds) {

    public static SessionOptions of(JsonObject json) {
        return new SessionOptions(json.getLong("idleSeconds", 1_800L), json.getLong("absoluteSeconds", 43_200L),
            json.getLong("transactionSeconds", 600L));
    }
}
