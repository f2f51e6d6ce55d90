package dev.gatehouse.authz.scim;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The part of a resource that a client asks for (RFC 7644 §3.9). Pure.
 *
 * @param only null for all attributes
 * @param without attributes to leave out
 */
record Projection(ResourceType type, List<AttributePath> only, List<AttributePath> without) {

    /** @param attributes comma-separated, or null @param excluded comma-separated, or null */
    static Projection of(ResourceType type, String attributes, String excluded) {
        if (attributes != null && excluded != null) {
            throw ScimException.invalidValue("attributes and excludedAttributes exclude each other");
        }
        return new Projection(type, attributes == null ? null : paths(type, attributes), excluded == null ? List.of() : paths(type, excluded));
    }

    private static List<AttributePath> paths(ResourceType type, String list) {
        return Stream.of(list.split(",")).map(String::strip).filter(name -> !name.isEmpty())
            .map(name -> AttributePath.find(type, name)).flatMap(Optional::stream).toList();
    }

    /** Returns whether an attribute may appear in the response, so that it must be read. */
    boolean includes(String attribute) {
        return (only == null || only.stream().anyMatch(path -> path.extension() == null && path.attribute().name().equals(attribute)))
            && without.stream().noneMatch(path -> path.extension() == null && path.attribute().name().equals(attribute) && path.part() == null);
    }

    /** The identifier and the schemas are always returned. */
    JsonObject of(JsonObject resource) {
        JsonObject shown = only == null ? resource.copy() : chosen(resource);
        without.stream().filter(path -> path.attribute() == null || !path.attribute().name().equals("id")).forEach(path -> remove(shown, path));
        return shown;
    }

    private JsonObject chosen(JsonObject resource) {
        JsonObject chosen = new JsonObject().put("schemas", resource.getJsonArray("schemas")).put("id", resource.getString("id"));
        for (AttributePath path : only) {
            JsonObject from = path.holder(resource);
            if (path.attribute() == null) {
                put(chosen, path.extension(), from);
            } else if (from != null && from.containsKey(path.attribute().name())) {
                JsonObject to = path.extension() == null ? chosen : chosen.getJsonObject(path.extension(), new JsonObject());
                put(chosen, path.extension(), to);
                merge(to, path, from.getValue(path.attribute().name()));
            }
        }
        return chosen;
    }

    private static void put(JsonObject chosen, String extension, JsonObject value) {
        if (extension != null && value != null) {
            chosen.put(extension, value);
        }
    }

    private static void merge(JsonObject to, AttributePath path, Object value) {
        String name = path.attribute().name();
        if (path.part() == null) {
            to.put(name, value);
        } else if (value instanceof JsonArray array) {
            JsonArray before = to.getJsonArray(name, new JsonArray());
            JsonArray parts = new JsonArray();
            for (int i = 0; i < array.size(); i++) {
                parts.add(part(i < before.size() ? before.getJsonObject(i) : new JsonObject(), path, array.getJsonObject(i)));
            }
            to.put(name, parts);
        } else {
            to.put(name, part(to.getJsonObject(name, new JsonObject()), path, (JsonObject) value));
        }
    }

    private static JsonObject part(JsonObject to, AttributePath path, JsonObject from) {
        Object value = from.getValue(path.part().name());
        return value == null ? to : to.put(path.part().name(), value);
    }

    private static void remove(JsonObject shown, AttributePath path) {
        JsonObject holder = path.holder(shown);
        if (path.attribute() == null) {
            shown.remove(path.extension());
        } else if (holder != null && path.part() == null) {
            holder.remove(path.attribute().name());
        } else if (holder != null) {
            path.values(shown).filter(JsonObject.class::isInstance).map(JsonObject.class::cast).collect(Collectors.toList())
                .forEach(each -> each.remove(path.part().name()));
        }
    }
}
