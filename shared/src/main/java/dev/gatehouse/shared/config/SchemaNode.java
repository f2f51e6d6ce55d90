package dev.gatehouse.shared.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The part of a JSON schema that describes one key. Beside the keywords of JSON Schema it reads {@code defaultInDemo}, the
 * default of the demo profile, and {@code expected}, which says in words what a pattern demands.
 *
 * @param json the schema of this key
 */
public record SchemaNode(JsonObject json) {

    private static final int LONGEST_FOUND = 80;

    /** {@return the keys of this section or of this list's entries, in the order of the schema} */
    public Map<String, SchemaNode> properties() {
        Map<String, SchemaNode> properties = new LinkedHashMap<>();
        json.getJsonObject("properties", new JsonObject())
            .forEach(entry -> properties.put(entry.getKey(), new SchemaNode((JsonObject) entry.getValue())));
        return properties;
    }

    /** Returns null when the schema has no such key. */
    SchemaNode property(String key) {
        JsonObject property = json.getJsonObject("properties", new JsonObject()).getJsonObject(key);
        if (property != null) {
            return new SchemaNode(property);
        }
        return json.getValue("additionalProperties") instanceof JsonObject any ? new SchemaNode(any) : null;
    }

    /** {@return the entries of a list; without any rule when the schema has none} */
    public SchemaNode items() {
        return new SchemaNode(json.getJsonObject("items", new JsonObject()));
    }

    /** {@return whether this is a section, which has keys and no value of its own} */
    public boolean isSection() {
        return json.containsKey("properties");
    }

    /** Returns whether a section may be absent as a whole, because one of its keys has no default. */
    boolean isOptionalSection() {
        return isSection() && json.containsKey("required");
    }

    /** Returns whether keys that the schema does not name are errors. */
    boolean isClosed() {
        return Boolean.FALSE.equals(json.getValue("additionalProperties"));
    }

    boolean allows(String type) {
        return alternatives().anyMatch(node -> type.equals(node.json.getString("type")));
    }

    /**
     * {@return the default in a profile; null when there is none}
     *
     * @param profile the profile
     */
    public Object defaultIn(Profile profile) {
        return profile == Profile.DEMO && json.containsKey("defaultInDemo") ? json.getValue("defaultInDemo") : json.getValue("default");
    }

    /** {@return the description of the key} */
    public String description() {
        return json.getString("description");
    }

    /** {@return the accepted values in words, such as "an integer from 1 to 600"} */
    public String expected() {
        if (json.containsKey("expected")) {
            return json.getString("expected");
        }
        if (json.containsKey("anyOf")) {
            return alternatives().map(SchemaNode::expected).collect(Collectors.joining(" or "));
        }
        if (json.containsKey("const")) {
            return new JsonArray().add(json.getValue("const")).encode().replaceAll("^\\[|]$", "");
        }
        if (json.containsKey("enum")) {
            return choice(json.getJsonArray("enum"));
        }
        return switch (json.getString("type", "")) {
            case "integer" -> "an integer" + range();
            case "boolean" -> "true or false";
            case "string" -> text();
            case "array" -> (json.containsKey("minItems") ? "a non-empty list" : "a list") + entries();
            case "object" -> json.containsKey("minProperties") ? "an object that is not empty" : "an object";
            default -> "another value";
        };
    }

    private Stream<SchemaNode> alternatives() {
        JsonArray alternatives = json.getJsonArray("anyOf");
        return alternatives == null ? Stream.of(this) : alternatives.stream().map(each -> new SchemaNode((JsonObject) each));
    }

    private static String choice(JsonArray values) {
        List<String> quoted = values.stream().map(value -> "\"" + value + "\"").toList();
        int last = quoted.size() - 1;
        return last == 0 ? quoted.get(0) : String.join(", ", quoted.subList(0, last)) + " or " + quoted.get(last);
    }

    private String range() {
        Long minimum = json.getLong("minimum");
        Long maximum = json.getLong("maximum");
        if (minimum == null) {
            return maximum == null ? "" : " of at most " + maximum;
        }
        return maximum == null ? " of at least " + minimum : " from " + minimum + " to " + maximum;
    }

    private String text() {
        Integer longest = json.getInteger("maxLength");
        return (json.containsKey("minLength") ? "a non-empty text" : "a text") + (longest == null ? "" : " of at most " + longest + " characters");
    }

    private String entries() {
        return items().isSection() || items().json.isEmpty() ? "" : ", each entry " + items().expected();
    }

    /** A value as error messages show it: short, and without a secret. */
    String found(Object value) {
        if (value instanceof JsonObject) {
            return "an object";
        }
        if (value instanceof JsonArray array) {
            return array.isEmpty() ? "an empty list" : "a list";
        }
        if (Boolean.TRUE.equals(json.getBoolean("writeOnly"))) {
            return "a value that is not shown";
        }
        String text = new JsonArray().add(value).encode();
        String shown = text.substring(1, text.length() - 1);
        return shown.length() <= LONGEST_FOUND ? shown : shown.substring(0, LONGEST_FOUND) + " …";
    }

    /** The message about a wrong value. @param path the key with its sections, such as {@code tokens.format} */
    String problem(String path, Object value) {
        return path + ": expected " + expected() + ", found " + found(value);
    }
}
