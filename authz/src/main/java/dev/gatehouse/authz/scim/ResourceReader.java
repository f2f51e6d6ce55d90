package dev.gatehouse.authz.scim;

import dev.gatehouse.authz.scim.Attribute.Type;
import dev.gatehouse.authz.scim.ResourceType.Schema;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Map;

/**
 * Reads the attributes of a resource from JSON: names as in the schema, values of the right type, nothing read-only. Attributes that no
 * schema has are ignored (RFC 7644 §3.3), and null or an empty list is an absent value (RFC 7643 §2.5). Pure.
 */
final class ResourceReader {

    private static final int LONGEST_TEXT = 2_000;
    private static final int MOST_VALUES = 100;
    private static final int MOST_MEMBERS = 100_000;

    private ResourceReader() {
    }

    /** @throws ScimException {@code invalidValue} if a value has the wrong type or a required attribute is missing */
    static JsonObject read(ResourceType type, JsonObject sent) {
        JsonObject resource = readAll(type.attributes(), sent, true);
        for (Schema extension : type.extensions()) {
            Object value = member(sent, extension.urn());
            if (value != null) {
                JsonObject attributes = readAll(extension.attributes(), object(extension.urn(), value), true);
                if (!attributes.isEmpty()) {
                    resource.put(extension.urn(), attributes);
                }
            }
        }
        type.attributes().stream().filter(attribute -> attribute.required() && !isText(resource.getValue(attribute.name()))).findFirst().ifPresent(missing -> {
            throw ScimException.invalidValue(missing.name() + " is missing");
        });
        return resource;
    }

    private static boolean isText(Object value) {
        return value instanceof String text && !text.isBlank();
    }

    private static JsonObject readAll(List<Attribute> attributes, JsonObject sent, boolean withoutReadOnly) {
        JsonObject read = new JsonObject();
        for (Map.Entry<String, Object> member : sent) {
            Attribute.find(attributes, member.getKey()).filter(attribute -> !(withoutReadOnly && attribute.readOnly())).ifPresent(attribute -> {
                Object value = read(attribute, member.getValue());
                if (value != null) {
                    read.put(attribute.name(), value);
                }
            });
        }
        return read;
    }

    /** Reads the value of an attribute; null for an absent value. */
    static Object read(Attribute attribute, Object value) {
        if (value == null) {
            return null;
        }
        if (!attribute.multiValued()) {
            return readOne(attribute, value instanceof JsonArray array && array.size() == 1 ? array.getValue(0) : value);
        }
        JsonArray sent = value instanceof JsonArray array ? array : new JsonArray().add(value);
        if (sent.size() > (attribute.name().equals("members") ? MOST_MEMBERS : MOST_VALUES)) {
            throw ScimException.invalidValue(attribute.name() + " has too many values");
        }
        JsonArray values = new JsonArray();
        sent.stream().map(each -> readOne(attribute, each)).filter(each -> each != null).forEach(values::add);
        if (values.stream().filter(ResourceReader::isPrimary).count() > 1) {
            throw ScimException.invalidValue(attribute.name() + " has more than one primary value");
        }
        return values.isEmpty() ? null : values;
    }

    static boolean isPrimary(Object value) {
        return value instanceof JsonObject element && Boolean.TRUE.equals(element.getValue("primary"));
    }

    private static Object readOne(Attribute attribute, Object value) {
        if (value == null) {
            return null;
        }
        if (attribute.isComplex()) {
            JsonObject parts = readAll(attribute.parts(), value instanceof String && attribute.part("value").isPresent()
                ? new JsonObject().put("value", value) : object(attribute.name(), value), false);
            return parts.isEmpty() ? null : parts;
        }
        // Microsoft Entra wraps simple values in its older mode.
        Object plain = value instanceof JsonObject wrapped && wrapped.containsKey("value") ? wrapped.getValue("value") : value;
        return plain == null ? null : attribute.type() == Type.BOOLEAN ? truth(attribute, plain) : text(attribute, plain);
    }

    /** Microsoft Entra sends truth values as texts. */
    private static Boolean truth(Attribute attribute, Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        if (value instanceof String text && (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"))) {
            return text.equalsIgnoreCase("true");
        }
        throw ScimException.invalidValue(attribute.name() + " is true or false");
    }

    private static String text(Attribute attribute, Object value) {
        if (!(value instanceof String) && !(value instanceof Number)) {
            throw ScimException.invalidValue(attribute.name() + " is a text");
        }
        String text = value.toString();
        if (text.length() > LONGEST_TEXT || text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t')) {
            throw ScimException.invalidValue(attribute.name() + " is too long, or has a control character");
        }
        return text.isEmpty() ? null : text;
    }

    private static JsonObject object(String name, Object value) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw ScimException.invalidValue(name + " is an object");
    }

    /** The member of an object by its name in any case; null if there is none. */
    static Object member(JsonObject object, String name) {
        return object.stream().filter(member -> member.getKey().equalsIgnoreCase(name)).map(Map.Entry::getValue)
            .filter(value -> value != null).findFirst().orElse(null);
    }
}
