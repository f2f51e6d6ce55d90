package dev.gatehouse.it.support;

import io.vertx.core.json.JsonObject;

/** A token response; refresh is null where none was issued. */
public record Tokens(String access, String refresh, String scope, JsonObject json) {

    public static Tokens of(JsonObject json) {
        return new Tokens(json.getString("access_token"), json.getString("refresh_token"), json.getString("scope"),
            json);
    }

    public static Tokens of(String body) {
        return of(new JsonObject(body));
    }
}
