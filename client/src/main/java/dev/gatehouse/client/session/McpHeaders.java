package dev.gatehouse.client.session;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The headers of MCP that an HTTP request has beside its message. Safe for use from any thread. */
public final class McpHeaders {

    private static final List<String> NAMED = List.of("tools/call", "resources/read", "prompts/get");

    private final Map<String, JsonObject> inputSchemas = new ConcurrentHashMap<>();

    /** The revision, from the one on that has a header for it; empty before. @param version or null when it is not known yet */
    public static Map<String, String> ofVersion(String version) {
        return version != null && ProtocolVersion.hasHeader(version) ? Map.of("MCP-Protocol-Version", version) : Map.of();
    }

    boolean knows(String tool) {
        return inputSchemas.containsKey(tool);
    }

    void learn(String tool, JsonObject inputSchema) {
        inputSchemas.put(tool, inputSchema);
    }

    /** Takes the input schemas of a {@code tools/list} result: they say which arguments are repeated in headers. */
    public void learn(JsonObject result) {
        if (result.getValue("tools") instanceof JsonArray tools) {
            tools.stream().filter(JsonObject.class::isInstance).map(JsonObject.class::cast)
                .filter(tool -> tool.getValue("name") instanceof String && tool.getValue("inputSchema") instanceof JsonObject schema
                    && HeaderMirror.problem(schema).isEmpty())
                .forEach(tool -> learn(tool.getString("name"), tool.getJsonObject("inputSchema")));
        }
    }

    /** All headers of a request of the newest revision (2026-07-28, Streamable HTTP). */
    public Map<String, String> of(String method, JsonObject params) {
        Map<String, String> headers = new LinkedHashMap<>(ofVersion(ProtocolVersion.STATELESS));
        headers.put("Mcp-Method", method);
        Object name = params.getValue("name") instanceof String ? params.getValue("name") : params.getValue("uri");
        if (name instanceof String text && NAMED.contains(method)) {
            headers.put("Mcp-Name", HeaderMirror.encode(text));
        }
        if (method.equals("tools/call") && params.getValue("arguments") instanceof JsonObject arguments
            && params.getValue("name") instanceof String tool) {
            headers.putAll(HeaderMirror.headers(inputSchemas.getOrDefault(tool, new JsonObject()), arguments));
        }
        return headers;
    }
}
