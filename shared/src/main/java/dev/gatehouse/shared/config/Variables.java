package dev.gatehouse.shared.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Fills environment variables into the texts of a configuration, and converts the texts to the types of the schema. */
final class Variables {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?}");

    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();

    Variables(Map<String, String> environment) {
        this.environment = environment;
    }

    List<String> problems() {
        return problems;
    }

    /** Returns a copy of the object with every variable filled in. */
    JsonObject fill(JsonObject object, JsonObject schema) {
        return (JsonObject) fillValue(object, new SchemaNode(schema), "");
    }

    private Object fillValue(Object value, SchemaNode schema, String path) {
        if (value instanceof JsonObject object) {
            JsonObject filled = new JsonObject();
            for (String key : object.fieldNames()) {
                SchemaNode property = schema.property(key);
                filled.put(key, fillValue(object.getValue(key), property == null ? new SchemaNode(new JsonObject()) : property,
                    path.isEmpty() ? key : path + "." + key));
            }
            return filled;
        }
        if (value instanceof JsonArray array) {
            JsonArray filled = new JsonArray();
            for (int i = 0; i < array.size(); i++) {
                filled.add(fillValue(array.getValue(i), schema.items(), path + "[" + i + "]"));
            }
            return filled;
        }
        return value instanceof String text && text.contains("${") ? convert(fillText(text, path), schema) : value;
    }

    private String fillText(String text, String path) {
        Matcher reference = REFERENCE.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (reference.find()) {
            reference.appendReplacement(filled, Matcher.quoteReplacement(valueOf(reference, path)));
        }
        return reference.appendTail(filled).toString();
    }

    private String valueOf(Matcher reference, String path) {
        String value = environment.get(reference.group(1));
        if (value != null && !value.isEmpty()) {
            return value;
        }
        if (reference.group(2) == null) {
            problems.add(path + ": the environment variable " + reference.group(1) + " is not set");
            return "";
        }
        return reference.group(3);
    }

    /** Converts a text that is a number or a truth value where the schema allows that type. */
    private static Object convert(String text, SchemaNode schema) {
        if (schema.allows("integer") && text.matches("-?\\d{1,18}")) {
            return Long.parseLong(text);
        }
        if (schema.allows("boolean") && (text.equals("true") || text.equals("false"))) {
            return Boolean.valueOf(text);
        }
        return text;
    }
}
