package dev.gatehouse.client.terminal;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Reads typed text as a value of a schema's type. Pure. */
final class FieldValue {

    private FieldValue() {
    }

    /** The value; null when the text does not fit the type. @param choices the only texts allowed, or none for any */
    static Object parse(JsonObject schema, String text, List<String> choices) {
        String line = text.strip();
        return switch (type(schema)) {
            case "integer" -> line.matches("-?\\d{1,18}") ? (Object) Long.valueOf(line) : null;
            case "number" -> line.matches("-?\\d{1,30}(\\.\\d{1,30})?([eE][+-]?\\d{1,3})?") ? (Object) Double.valueOf(line) : null;
            case "boolean" -> bool(line);
            case "array" -> list(line, choices);
            case "object" -> json(line);
            default -> choices.isEmpty() || choices.contains(line) ? text : null;
        };
    }

    private static String type(JsonObject schema) {
        return schema.getValue("type") instanceof String type ? type : "string";
    }

    private static Object bool(String line) {
        return switch (line.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "y" -> true;
            case "false", "no", "n" -> false;
            default -> null;
        };
    }

    private static Object list(String line, List<String> choices) {
        if (line.startsWith("[")) {
            return json(line);
        }
        List<String> items = Stream.of(line.split(",")).map(String::strip).filter(item -> !item.isEmpty()).toList();
        return choices.isEmpty() || choices.containsAll(items) ? new JsonArray(items) : null;
    }

    private static Object json(String line) {
        try {
            return Json.decodeValue(line);
        } catch (DecodeException e) {
            return null;
        }
    }

    static String expected(JsonObject schema, List<String> choices) {
        return choices.isEmpty() ? switch (type(schema)) {
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "boolean" -> "yes or no";
            case "array" -> "values with commas between them";
            case "object" -> "a JSON object";
            default -> "a text";
        } : "one of " + String.join(", ", choices);
    }
}
