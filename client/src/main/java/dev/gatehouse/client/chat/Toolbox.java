package dev.gatehouse.client.chat;

import dev.gatehouse.client.session.McpConnection;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The tools of the connected servers, under names that model APIs take. */
final class Toolbox {

    private static final int LONGEST_NAME = 64;
    private final Map<String, Tool> tools = new LinkedHashMap<>();

    /** A tool of one server. */
    record Tool(String server, McpConnection connection, JsonObject definition) {

        String name() {
            return definition.getString("name");
        }

        /** Returns true when the server says that the tool changes nothing. The client asks before any other. */
        boolean isReadOnly() {
            return definition.getValue("annotations") instanceof JsonObject annotations && Boolean.TRUE.equals(annotations.getValue("readOnlyHint"));
        }
    }

    void add(String server, McpConnection connection, JsonObject definition) {
        String plain = limited(definition.getString("name"));
        tools.put(tools.containsKey(plain) ? limited(server + "_" + plain) : plain, new Tool(server, connection, definition));
    }

    private static String limited(String name) {
        String allowed = name.replaceAll("[^A-Za-z0-9_-]", "_");
        return allowed.substring(0, Math.min(LONGEST_NAME, allowed.length()));
    }

    Optional<Tool> tool(String name) {
        return Optional.ofNullable(tools.get(name));
    }

    /** The member {@code tools} of a chat completion request; empty when there are none. */
    JsonArray functions() {
        JsonArray functions = new JsonArray();
        tools.forEach((name, tool) -> functions.add(new JsonObject().put("type", "function").put("function", new JsonObject().put("name", name)
            .put("description", tool.definition().getString("description", ""))
            .put("parameters", tool.definition().getJsonObject("inputSchema", new JsonObject().put("type", "object"))))));
        return functions;
    }
}
