package dev.gatehouse.authz.scope;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.authz.client.TokenFormat;
import dev.gatehouse.shared.oauth.ResourceId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

/**
 * A protected resource that tokens may be asked for.
 *
 * @param name for people; null for what the resource calls itself
 * @param scopes those that mean something there; empty for all
 * @param tokenFormat of the access tokens for it; null for the server's own
 */
public record ResourceOptions(ResourceId resource, String name, List<String> scopes, TokenFormat tokenFormat) {

    public ResourceOptions {
        scopes = List.copyOf(scopes);
    }

    public static List<ResourceOptions> of(JsonArray json) {
        return json.stream().map(JsonObject.class::cast)
            .map(entry -> new ResourceOptions(ResourceId.parse(entry.getString("resource")), entry.getString("name"),
                AuthzOptions.texts(entry.getJsonArray("scopes", new JsonArray())), TokenFormat.of(entry.getString("tokenFormat"))))
            .toList();
    }
}
