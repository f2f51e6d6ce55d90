package dev.gatehouse.authz.user;

import io.vertx.core.json.JsonObject;

/**
 * The cost of Argon2id (RFC 9106).
 *
 * @param concurrency how many are computed at once
 */
public record PasswordHashOptions(int memoryKibibytes, int iterations, int parallelism, int concurrency) {

    /** The defaults, as a configuration without the section has them. */
    public static final PasswordHashOptions DEFAULT = of(new JsonObject());

    public static PasswordHashOptions of(JsonObject json) {
        return new PasswordHashOptions(json.getInteger("memoryKibibytes", 19_456), json.getInteger("iterations", 2),
            json.getInteger("parallelism", 1), json.getInteger("concurrency", 2));
    }
}
