package dev.gatehouse.shared.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts environment variables into the texts of a configuration, and turns them into the type the schema wants. */
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

    /** A copy of the object with every variable put in. */
    JsonObject fill(JsonObject object, JsonObject schema) {
        return (JsonObject) fillValue(object, schema, "");
    }

    private Object fillValue(Object value, JsonObject schema, String path) {
        if (value instanceof JsonObject object) {
            JsonObject properties = schema.getJsonObject("properties", new JsonObject());
            JsonObject filled = new JsonObject();
            for (String key : object.fieldNames()) {
                filled.put(key, fillValue(object.getValue(key), properties.getJsonObject(key, new JsonObject()),
                    path.isEmpty() ? key : path + "." + key));
            }
            return filled;
        }
        if (value instanceof JsonArray array) {
            JsonArray filled = new JsonArray();
            JsonObject items = schema.getJsonObject("items", new JsonObject());
            for (int i = 0; i < array.size(); i++) {
                filled.add(fillValue(array.getValue(i), items, path + "[" + i + "]"));
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

    /** A text that is wholly a number or a truth value becomes one where the schema asks for it. */
    private static Object convert(String text, JsonObject schema) {
        String type = schema.getString("type", "string");
        if (type.equals("integer") && text.matches("-?\\d{1,18}")) {
            return Long.parseLong(text);
        }
        if (type.equals("boolean") && (text.equals("true") || text.equals("false"))) {
            return Boolean.valueOf(text);
        }
        return text;
    }
}
