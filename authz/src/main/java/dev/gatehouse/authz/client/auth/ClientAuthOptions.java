package dev.gatehouse.authz.client.auth;

import dev.gatehouse.authz.AuthzOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

/**
 * How clients may prove who they are.
 *
 * @param methods wire names; empty for every method there is
 */
public record ClientAuthOptions(List<String> methods) {

    public ClientAuthOptions {
        methods = List.copyOf(methods);
    }

    public static ClientAuthOptions of(JsonObject json) {
        return new ClientAuthOptions(AuthzOptions.texts(json.getJsonArray("methods", new JsonArray())));
    }

    /** Whether clients may use a method. @param wireName as {@code client_secret_basic} */
    public boolean allows(String wireName) {
        return methods.isEmpty() || methods.contains(wireName);
    }
}
