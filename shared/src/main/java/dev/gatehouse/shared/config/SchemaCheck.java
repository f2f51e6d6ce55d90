package dev.gatehouse.shared.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.shareddata.Shareable;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks a configuration against its schema. Each problem names the key's path, the expected value and the found one. The
 * validator finds the problems; only unknown keys are found here, because their message names the nearest known key.
 */
final class SchemaCheck {

    /** Keywords whose errors repeat those of their parts. */
    private static final Set<String> CONTAINERS = Set.of("properties", "items", "additionalProperties");

    private SchemaCheck() {
    }

    static List<String> problems(JsonObject configuration, JsonObject schema) {
        Set<String> problems = new LinkedHashSet<>();
        unknownKeys(configuration, new SchemaNode(schema), "", problems);
        // The validator writes into the schema that it is given.
        OutputUnit result = Validator.create(JsonSchema.of(narrowed(schema, configuration)), new JsonSchemaOptions()
            .setBaseUri("app://gatehouse/").setDraft(Draft.DRAFT202012).setOutputFormat(OutputFormat.Basic))
            .validate(configuration);
        if (!Boolean.TRUE.equals(result.getValid()) && result.getErrors() != null) {
            result.getErrors().stream().filter(unit -> !CONTAINERS.contains(last(unit.getKeywordLocation())))
                .forEach(unit -> problems.addAll(describe(unit, configuration, schema)));
        }
        return List.copyOf(problems);
    }

    /**
     * Copies a schema without the descriptions of keys that the configuration does not have: they allow or refuse nothing in it, and
     * the validator takes time for each.
     */
    private static JsonObject narrowed(JsonObject schema, JsonObject configuration) {
        JsonObject narrowed = new JsonObject();
        for (String keyword : schema.fieldNames()) {
            if (!keyword.equals("properties")) {
                narrowed.put(keyword, copy(schema.getValue(keyword)));
            }
        }
        JsonObject properties = schema.getJsonObject("properties");
        if (properties != null) {
            JsonObject present = new JsonObject();
            properties.fieldNames().stream().filter(configuration::containsKey).forEach(key -> present.put(key,
                properties.getValue(key) instanceof JsonObject property && configuration.getValue(key) instanceof JsonObject section
                    ? narrowed(property, section) : copy(properties.getValue(key))));
            narrowed.put("properties", present);
        }
        return narrowed;
    }

    private static Object copy(Object value) {
        return value instanceof Shareable shareable ? shareable.copy() : value;
    }

    private static void unknownKeys(Object value, SchemaNode schema, String path, Set<String> problems) {
        if (value instanceof JsonObject object && schema.isSection()) {
            for (String key : object.fieldNames()) {
                String keyPath = path.isEmpty() ? key : path + "." + key;
                if (schema.property(key) != null) {
                    unknownKeys(object.getValue(key), schema.property(key), keyPath, problems);
                } else if (schema.isClosed()) {
                    problems.add(keyPath + ": there is no such key" + nearest(key, schema.properties().keySet()));
                }
            }
        }
        if (value instanceof JsonArray array) {
            for (int i = 0; i < array.size(); i++) {
                unknownKeys(array.getValue(i), schema.items(), path + "[" + i + "]", problems);
            }
        }
    }

    /** Follows the error's place into the configuration and the schema. */
    private static List<String> describe(OutputUnit unit, JsonObject configuration, JsonObject schema) {
        Object value = configuration;
        SchemaNode node = new SchemaNode(schema);
        StringBuilder path = new StringBuilder();
        for (String step : unit.getInstanceLocation().replaceFirst("^#/?", "").split("/")) {
            if (value instanceof JsonArray array) {
                value = array.getValue(Integer.parseInt(step));
                node = node.items();
                path.append('[').append(step).append(']');
            } else if (value instanceof JsonObject object && !step.isEmpty()) {
                String key = URLDecoder.decode(step.replace("+", "%2B"), StandardCharsets.UTF_8).replace("~1", "/").replace("~0", "~");
                value = object.getValue(key);
                node = node == null ? null : node.property(key);
                path.append(path.isEmpty() ? "" : ".").append(key);
            }
        }
        String place = path.isEmpty() ? "the whole file" : path.toString();
        if (node == null) {
            return List.of();
        }
        if (last(unit.getKeywordLocation()).equals("required") && value instanceof JsonObject object) {
            return node.json().getJsonArray("required").stream().filter(key -> !object.containsKey((String) key))
                .map(key -> place + ": the key " + key + " is required").toList();
        }
        return List.of(node.problem(place, value));
    }

    private static String last(String pointer) {
        return pointer.substring(pointer.lastIndexOf('/') + 1);
    }

    private static String nearest(String key, Set<String> known) {
        List<String> byDistance = new ArrayList<>(known);
        byDistance.sort(Comparator.comparingInt(name -> distance(key, name)));
        return byDistance.isEmpty() || distance(key, byDistance.get(0)) > Math.max(2, key.length() / 3)
            ? ". The keys here are " + String.join(", ", known)
            : ". Did you mean " + byDistance.get(0) + "?";
    }

    /** The Levenshtein distance of two names, without regard to case. */
    private static int distance(String first, String second) {
        int[] row = new int[second.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= first.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                boolean same = Character.toLowerCase(first.charAt(i - 1)) == Character.toLowerCase(second.charAt(j - 1));
                int next = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + (same ? 0 : 1));
                diagonal = row[j];
                row[j] = next;
            }
        }
        return row[second.length()];
    }
}
