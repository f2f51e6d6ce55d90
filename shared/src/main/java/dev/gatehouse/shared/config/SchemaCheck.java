package dev.gatehouse.shared.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Holds a configuration against its schema and says what is wrong in a sentence an operator can act on. Unknown keys
 * are looked for here, so that the nearest known one can be named; the rest is the validator's.
 */
final class SchemaCheck {

    private static final Set<String> CONTAINERS = Set.of("properties", "items", "additionalProperties");

    private SchemaCheck() {
    }

    static List<String> problems(JsonObject configuration, JsonObject schema) {
        Set<String> problems = new LinkedHashSet<>();
        unknownKeys(configuration, schema, "", problems);
        // The validator writes into the schema that it is given.
        OutputUnit result = Validator.create(JsonSchema.of(schema.copy()), new JsonSchemaOptions()
            .setBaseUri("app://gatehouse/").setDraft(Draft.DRAFT202012).setOutputFormat(OutputFormat.Basic))
            .validate(configuration);
        if (!Boolean.TRUE.equals(result.getValid()) && result.getErrors() != null) {
            result.getErrors().forEach(unit -> describe(unit).ifPresent(problems::add));
        }
        return List.copyOf(problems);
    }

    private static void unknownKeys(Object value, JsonObject schema, String path, Set<String> problems) {
        if (value instanceof JsonObject object && schema.containsKey("properties")) {
            JsonObject known = schema.getJsonObject("properties");
            for (String key : object.fieldNames()) {
                String keyPath = path.isEmpty() ? key : path + "." + key;
                if (known.containsKey(key)) {
                    unknownKeys(object.getValue(key), known.getJsonObject(key), keyPath, problems);
                } else if (Boolean.FALSE.equals(schema.getValue("additionalProperties"))) {
                    problems.add(keyPath + ": there is no such key" + nearest(key, known.fieldNames()));
                }
            }
        }
        if (value instanceof JsonArray array && schema.getValue("items") instanceof JsonObject items) {
            for (int i = 0; i < array.size(); i++) {
                unknownKeys(array.getValue(i), items, path + "[" + i + "]", problems);
            }
        }
    }

    private static Optional<String> describe(OutputUnit unit) {
        String keyword = last(unit.getKeywordLocation());
        boolean onlyPointsFurther = CONTAINERS.contains(keyword)
            || unit.getKeywordLocation().contains("additionalProperties")
            || String.valueOf(unit.getError()).startsWith("Items did not match");
        return onlyPointsFurther ? Optional.empty()
            : Optional.of(path(unit.getInstanceLocation()) + ": " + sentence(unit.getError()));
    }

    private static String sentence(String error) {
        return error.substring(0, 1).toLowerCase(Locale.ROOT) + error.substring(1);
    }

    /** {@code #/tokens/accessTokenSeconds} as {@code tokens.accessTokenSeconds}. */
    private static String path(String pointer) {
        String trimmed = pointer.replaceFirst("^#/?", "");
        return trimmed.isEmpty() ? "the whole file" : trimmed.replaceAll("/(\\d+)(?=/|$)", "[$1]").replace('/', '.');
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

    /** Levenshtein's distance, letters compared without case. */
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
