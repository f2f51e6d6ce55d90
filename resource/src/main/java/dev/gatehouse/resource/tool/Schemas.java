package dev.gatehouse.resource.tool;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/** JSON Schemas of tools, written as JSON. */
public final class Schemas {

    /** The input of a tool that takes no arguments. */
    public static final Map<String, Object> NO_ARGUMENTS = of("""
        {"type": "object", "properties": {}, "additionalProperties": false}""");

    private Schemas() {
    }

    /** @param json an object */
    public static Map<String, Object> of(String json) {
        return new JsonObject(json).getMap();
    }
}
