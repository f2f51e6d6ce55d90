package dev.gatehouse.authz.scim;

import dev.gatehouse.authz.scim.ResourceType.Schema;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The place of an attribute in a resource (RFC 7644 §3.10).
 *
 * @param extension the URN of the extension that has the attribute; null for the core schema
 * @param attribute null for the whole extension
 * @param part a sub-attribute, or null
 */
record AttributePath(String extension, Attribute attribute, Attribute part) {

    private static final String NAME = "\\$?[A-Za-z][A-Za-z0-9_-]*";

    /** Finds the path of a text such as {@code name.givenName}, with or without the URN of its schema; empty if there is no such attribute. */
    static Optional<AttributePath> find(ResourceType type, String text) {
        Optional<Schema> extension = type.extensions().stream().filter(schema -> isOf(schema, text)).findFirst();
        if (extension.isPresent()) {
            String urn = extension.get().urn();
            return text.length() == urn.length() ? Optional.of(new AttributePath(urn, null, null))
                : find(urn, extension.get().attributes(), text.substring(urn.length() + 1));
        }
        String name = isOf(type.core(), text) && text.length() > type.core().urn().length() ? text.substring(type.core().urn().length() + 1) : text;
        return find(null, type.attributes(), name);
    }

    private static boolean isOf(Schema schema, String text) {
        int length = schema.urn().length();
        return text.regionMatches(true, 0, schema.urn(), 0, length) && (text.length() == length || text.charAt(length) == ':');
    }

    private static Optional<AttributePath> find(String extension, List<Attribute> attributes, String name) {
        if (!name.matches(NAME + "(\\." + NAME + ")?")) {
            return Optional.empty();
        }
        int dot = name.indexOf('.');
        Optional<Attribute> found = Attribute.find(attributes, dot < 0 ? name : name.substring(0, dot));
        return dot < 0 ? found.map(attribute -> new AttributePath(extension, attribute, null))
            : found.flatMap(attribute -> attribute.part(name.substring(dot + 1)).map(part -> new AttributePath(extension, attribute, part)));
    }

    /** The attribute whose value counts: the sub-attribute if the path has one, or the {@code value} of a complex attribute. */
    Attribute leaf() {
        return part != null ? part : attribute.isComplex() ? attribute.part("value").orElse(attribute) : attribute;
    }

    /** The object that has the attribute; null if the resource has nothing of the extension. */
    JsonObject holder(JsonObject resource) {
        return extension == null ? resource : resource.getJsonObject(extension);
    }

    /** The values of the attribute in a resource, without those of sub-attributes. */
    Stream<Object> values(JsonObject resource) {
        JsonObject holder = holder(resource);
        Object value = holder == null ? null : holder.getValue(attribute.name());
        return value == null ? Stream.empty() : value instanceof JsonArray array ? array.stream() : Stream.of(value);
    }

    /** The values of the {@link #leaf}. */
    Stream<Object> leaves(JsonObject resource) {
        return values(resource).map(value -> value instanceof JsonObject object ? object.getValue(leaf().name()) : value)
            .filter(value -> value != null);
    }
}
