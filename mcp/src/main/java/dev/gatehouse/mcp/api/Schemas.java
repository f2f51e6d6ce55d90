package dev.gatehouse.mcp.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** JSON Schemas of tools, written as JSON. */
public final class Schemas {

    /** The input of a tool that takes no arguments. */
    public static final Map<String, Object> NO_ARGUMENTS = of("""
        {"type": "object", "properties": {}, "additionalProperties": false}""");

    private Schemas() {
    }

    /**
     * {@return a JSON object as a schema}
     *
     * @param json the text of a JSON object
     */
    public static Map<String, Object> of(String json) {
        return of(new JsonObject(json));
    }

    /**
     * {@return a JSON object as a schema}
     *
     * @param json the object
     */
    public static Map<String, Object> of(JsonObject json) {
        return plain(json.getMap());
    }

    /** The same object with maps and lists in place of Vert.x's own objects and arrays, however deep they are. */
    static Map<String, Object> plain(Map<?, ?> object) {
        Map<String, Object> plain = new LinkedHashMap<>();
        object.forEach((name, value) -> plain.put(String.valueOf(name), plainValue(value)));
        return plain;
    }

    private static Object plainValue(Object value) {
        if (value instanceof JsonObject json) {
            return plain(json.getMap());
        }
        if (value instanceof JsonArray json) {
            return plainValue(json.getList());
        }
        if (value instanceof Map<?, ?> map) {
            return plain(map);
        }
        return value instanceof List<?> list ? list.stream().map(Schemas::plainValue).collect(Collectors.toList()) : value;
    }
}
