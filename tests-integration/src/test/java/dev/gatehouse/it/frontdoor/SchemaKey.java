package dev.gatehouse.it.frontdoor;

import dev.gatehouse.shared.config.ConfigFile;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.List;

/** A key that a schema allows, as {@code tokens.accessTokenSeconds} or {@code scopes[].name}. */
record SchemaKey(String path, JsonObject schema) {

    static List<SchemaKey> all(String resource) {
        List<SchemaKey> keys = new ArrayList<>();
        collect(ConfigFile.schema(resource), "", keys);
        return keys;
    }

    private static void collect(JsonObject schema, String path, List<SchemaKey> keys) {
        schema.getJsonObject("properties", new JsonObject()).forEach(entry -> {
            SchemaKey key = new SchemaKey(path.isEmpty() ? entry.getKey() : path + "."
                + entry.getKey(), (JsonObject) entry.getValue());
            keys.add(key);
            collect(key.schema, key.path, keys);
            collect(key.schema.getJsonObject("items", new JsonObject()), key.path + "[]", keys);
        });
    }

    /** False for a section, which has no value of its own. An object whose members anybody may name is a value. */
    boolean isSetting() {
        return !"object".equals(schema.getString("type")) || !schema.containsKey("properties");
    }

    /** Its row in the reference of the configuration. */
    String row() {
        String written = schema.containsKey("default") ? "`" + Json.encode(schema.getValue("default")) + "`" : "";
        return "| `" + path + "` | " + written + " | " + schema.getString("description") + " |";
    }
}
