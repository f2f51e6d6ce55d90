package dev.gatehouse.authz;

import io.vertx.core.json.JsonObject;

/** Requests that one source may make in a minute. The demo's defaults bound nothing that one machine can send. */
public record RateLimitOptions(int tokenPerMinute, int authorizePerMinute, int introspectPerMinute, int revokePerMinute,
                               int registerPerMinute) {

    private static final int DEMO = 100_000_000;
    private static final int PEOPLE = 600;
    private static final int REGISTRATIONS = 30;
    /** Resource servers ask for all their users from one address. */
    private static final int SERVERS = 120_000;

    static RateLimitOptions of(JsonObject json, boolean demo) {
        int people = demo ? DEMO : PEOPLE;
        return new RateLimitOptions(json.getInteger("tokenPerMinute", people), json.getInteger("authorizePerMinute", people),
            json.getInteger("introspectPerMinute", demo ? DEMO : SERVERS), json.getInteger("revokePerMinute", people),
            json.getInteger("registerPerMinute", demo ? DEMO : REGISTRATIONS));
    }
}
