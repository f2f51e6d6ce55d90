package dev.gatehouse.authz.scim;

import dev.gatehouse.authz.scim.Query.Page;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Stores the resources of one type. Each method is for one client. It has its own resources and those that no client has provisioned; to it,
 * the resources of other clients do not exist. The methods fail with {@link ScimException}, without a change.
 */
public interface ResourceStore {

    ResourceType type();

    /** @param document as {@link ResourceReader} returned it */
    Future<Written> create(String clientId, JsonObject document, long now);

    Future<Optional<JsonObject>> find(String clientId, String id);

    Future<Page> list(String clientId, Query query);

    /** @param edit returns the new attributes for the current resource; its {@link ScimException} is the result */
    Future<Written> change(String clientId, String id, UnaryOperator<JsonObject> edit, long now);

    /** @param check takes the current resource; its {@link ScimException} is the result */
    Future<Written> delete(String clientId, String id, Consumer<JsonObject> check, long now);

    /** A change. @param resource the resource now, or as it was deleted; @param users the users whose cached tokens are out of date */
    record Written(JsonObject resource, List<String> users) {
    }

    /** Completes a resource: its schemas, identifier and metadata around the attributes. @param changes a count that the entity tag includes */
    static JsonObject resource(ResourceType type, String base, String id, JsonObject attributes, long createdAt, long changedAt, long changes) {
        JsonObject resource = new JsonObject().put("schemas", schemas(type, attributes)).put("id", id).mergeIn(attributes);
        JsonObject meta = new JsonObject().put("resourceType", type.wireName()).put("created", time(createdAt)).put("lastModified", time(changedAt))
            .put("location", base + type.path() + "/" + id);
        resource.put("meta", meta);
        meta.put("version", EntityTag.of(resource, changes));
        return resource;
    }

    private static JsonArray schemas(ResourceType type, JsonObject attributes) {
        return new JsonArray(Stream.concat(Stream.of(type.core().urn()),
            type.extensions().stream().map(ResourceType.Schema::urn).filter(attributes::containsKey)).toList());
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
