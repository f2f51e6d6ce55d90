package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.AuthzOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

/**
 * What an assertion must say for a client to get tokens for it.
 *
 * @param client the only client that may bring it
 * @param user the user whose tokens they are; null for the client's own
 * @param audience the value of {@code aud}; null for this server's issuer identifier
 * @param claims never empty
 * @param singleUse whether it counts once
 * @param scopes all that it may yield; empty for no further limit
 * @param resources canonical identifiers, likewise
 */
public record WorkloadOptions(String client, String user, String audience, ClaimConditions claims, boolean singleUse,
                              List<String> scopes, List<String> resources) {

    public WorkloadOptions {
        scopes = List.copyOf(scopes);
        resources = List.copyOf(resources);
    }

    static WorkloadOptions of(JsonObject json) {
        return new WorkloadOptions(json.getString("client"), json.getString("user"), json.getString("audience"),
            ClaimConditions.of(json.getJsonObject("claims")), json.getBoolean("singleUse", true),
            AuthzOptions.texts(json.getJsonArray("scopes", new JsonArray())), AudienceOptions.resources(json));
    }
}
