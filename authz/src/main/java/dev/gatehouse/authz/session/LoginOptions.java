package dev.gatehouse.authz.session;

import io.vertx.core.json.JsonObject;

/**
 * How wrong passwords are slowed down.
 *
 * @param failuresPerAccount within the window, before the account's logins wait
 * @param failuresPerSource within the window, before logins from one address wait
 * @param lockSeconds how long they wait
 */
public record LoginOptions(int failuresPerAccount, int failuresPerSource, long windowSeconds, long lockSeconds) {

    public static LoginOptions of(JsonObject json) {
        return new LoginOptions(json.getInteger("failuresPerAccount", 8), json.getInteger("failuresPerSource", 30),
            json.getLong("windowSeconds", 900L), json.getLong("lockSeconds", 60L));
    }
}
