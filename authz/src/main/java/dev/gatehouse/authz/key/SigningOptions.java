package dev.gatehouse.authz.key;

import io.vertx.core.json.JsonObject;

/**
 * The keys that tokens are signed with.
 *
 * @param algorithm ES256, EdDSA or RS256
 * @param rotationDays how long a key signs before the next takes over
 * @param publishAheadSeconds how long a key is published before it signs
 */
public record SigningOptions(String algorithm, int rotationDays, long publishAheadSeconds) {

    public static SigningOptions of(JsonObject json, boolean demo) {
        return new SigningOptions(json.getString("algorithm", "ES256"), json.getInteger("rotationDays", 90),
            json.getLong("publishAheadSeconds", 900L));
    }
}
