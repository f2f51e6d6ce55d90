package dev.gatehouse.authz.scim;

import dev.gatehouse.authz.scope.ScopePolicy;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.stream.Stream;

/** The documents that describe this service provider (RFC 7644 §4). */
final class ScimDiscovery {

    private static final String CONFIGURATION = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
    private static final String LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

    private final String base;

    ScimDiscovery(String base) {
        this.base = base;
    }

    JsonObject configuration() {
        return new JsonObject().put("schemas", new JsonArray().add(CONFIGURATION))
            .put("patch", supported(true))
            .put("bulk", supported(false).put("maxOperations", 0).put("maxPayloadSize", 0))
            .put("filter", supported(true).put("maxResults", Query.MOST_RESULTS))
            .put("changePassword", supported(false))
            .put("sort", supported(false))
            .put("etag", supported(true))
            .put("authenticationSchemes", new JsonArray().add(new JsonObject().put("type", "oauthbearertoken").put("name", "OAuth Bearer Token")
                .put("description", "Access token of this authorization server with the scope " + ScopePolicy.PROVISIONING)
                .put("specUri", "https://www.rfc-editor.org/rfc/rfc6750").put("primary", true)))
            .put("meta", new JsonObject().put("resourceType", "ServiceProviderConfig").put("location", base + "/ServiceProviderConfig"));
    }

    private static JsonObject supported(boolean supported) {
        return new JsonObject().put("supported", supported);
    }

    JsonObject resourceTypes() {
        return list(Stream.of(ResourceType.values()).map(type -> type.toJson(base)).toList());
    }

    JsonObject schemas() {
        return list(ResourceType.schemas().map(schema -> schema.toJson(base)).toList());
    }

    JsonObject resourceType(String name) {
        return named(resourceTypes(), name);
    }

    JsonObject schema(String urn) {
        return named(schemas(), urn);
    }

    private static JsonObject named(JsonObject list, String id) {
        return list.getJsonArray("Resources").stream().map(JsonObject.class::cast).filter(each -> each.getString("id").equalsIgnoreCase(id))
            .findFirst().orElseThrow(ScimException::notFound);
    }

    private static JsonObject list(List<JsonObject> documents) {
        return new JsonObject().put("schemas", new JsonArray().add(LIST)).put("totalResults", documents.size()).put("startIndex", 1)
            .put("itemsPerPage", documents.size()).put("Resources", new JsonArray(documents));
    }
}
