package dev.gatehouse.resource.support;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One user's session at an MCP server over Streamable HTTP. */
public final class McpSession {

    private final String url;
    private final String token;
    private String sessionId;
    private int id;

    private McpSession(String url, String token) {
        this.url = url;
        this.token = token;
    }

    /** Opens a session as far as {@code notifications/initialized}. */
    public static McpSession open(String url, String token) {
        McpSession session = new McpSession(url, token);
        HttpResponse<String> opened = session.post(new JsonObject().put("jsonrpc", "2.0").put("id", 0).put("method", "initialize")
            .put("params", new JsonObject().put("protocolVersion", "2025-11-25").put("capabilities", new JsonObject())
                .put("clientInfo", new JsonObject().put("name", "test").put("version", "1"))));
        session.sessionId = opened.headers().firstValue("Mcp-Session-Id").orElseThrow(() -> new IllegalStateException(opened.body()));
        session.post(new JsonObject().put("jsonrpc", "2.0").put("method", "notifications/initialized"));
        return session;
    }

    /** Sends a request, and returns the HTTP answer as it came. */
    public HttpResponse<String> send(String method, JsonObject params) {
        return post(new JsonObject().put("jsonrpc", "2.0").put("id", ++id).put("method", method).put("params", params));
    }

    /** Sends a request, and returns the JSON-RPC answer, a result or an error. */
    public JsonObject request(String method, JsonObject params) {
        return new JsonObject(send(method, params).body());
    }

    /** Calls a tool, and returns its result. */
    public JsonObject call(String tool, JsonObject arguments) {
        JsonObject answer = request("tools/call", new JsonObject().put("name", tool).put("arguments", arguments));
        if (!answer.containsKey("result")) {
            throw new IllegalStateException(answer.encode());
        }
        return answer.getJsonObject("result");
    }

    /** Calls a tool, and returns its structured content. */
    public JsonObject data(String tool, JsonObject arguments) {
        JsonObject result = call(tool, arguments);
        if (result.getJsonObject("structuredContent") == null) {
            throw new IllegalStateException(result.encode());
        }
        return result.getJsonObject("structuredContent");
    }

    /** The text of a tool's result. */
    public static String text(JsonObject result) {
        return result.getJsonArray("content").getJsonObject(0).getString("text");
    }

    /** Reads a resource, and returns the JSON-RPC answer. */
    public JsonObject read(String uri) {
        return request("resources/read", new JsonObject().put("uri", uri));
    }

    /** Opens the session's stream for what the server says unasked, and returns its lines, which end when the server ends it. */
    public Stream<String> listen() {
        return Http.stream(url, headers());
    }

    private HttpResponse<String> post(JsonObject message) {
        return Http.send("POST", url, message.encode(), headers());
    }

    private String[] headers() {
        List<String> headers = new ArrayList<>(List.of("Authorization", "Bearer " + token, "Content-Type", "application/json",
            "Accept", "application/json, text/event-stream"));
        if (sessionId != null) {
            headers.addAll(List.of("Mcp-Session-Id", sessionId));
        }
        return headers.toArray(String[]::new);
    }
}
