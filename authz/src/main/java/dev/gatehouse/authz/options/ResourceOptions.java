package dev.gatehouse.authz.options;

import dev.gatehouse.shared.oauth.ResourceId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

/**
 * A protected resource that tokens may be asked for.
 *
 * @param scopes those that mean something there; empty for all
 */
public record ResourceOptions(ResourceId resource, List<String> scopes) {

    public ResourceOptions {
        scopes = List.copyOf(scopes);
    }

    static List<ResourceOptions> of(JsonArray json) {
        return json.stream().map(JsonObject.class::cast)
            .map(entry -> new ResourceOptions(ResourceId.parse(entry.getString("resource")),
                AuthzOptions.texts(entry.getJsonArray("scopes", new JsonArray()))))
            .toList();
    }
}
