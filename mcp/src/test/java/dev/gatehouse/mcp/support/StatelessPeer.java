package dev.gatehouse.mcp.support;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;

import java.util.LinkedHashMap;
import java.util.Map;

/** A client of revision 2026-07-28 that can also do it wrong. */
public final class StatelessPeer {

    private final WebClient client;
    private final int port;
    private final String token;
    private int id;

    public StatelessPeer(Vertx vertx, int port, String token) {
        this.client = WebClient.create(vertx);
        this.port = port;
        this.token = token;
    }

    public static JsonObject meta() {
        return new JsonObject().put("io.modelcontextprotocol/protocolVersion", "2026-07-28")
            .put("io.modelcontextprotocol/clientCapabilities", new JsonObject().put("elicitation", new JsonObject()))
            .put("io.modelcontextprotocol/clientInfo", new JsonObject().put("name", "peer").put("version", "1"));
    }

    public JsonObject message(String method, JsonObject params) {
        return new JsonObject().put("jsonrpc", "2.0").put("id", ++id).put("method", method)
            .put("params", new JsonObject().put("_meta", meta()).mergeIn(params));
    }

    public static Map<String, String> headers(JsonObject message) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("MCP-Protocol-Version", "2026-07-28");
        headers.put("Mcp-Method", message.getString("method"));
        JsonObject params = message.getJsonObject("params");
        String name = params.getString("name", params.getString("uri", params.getString("taskId")));
        if (name != null) {
            headers.put("Mcp-Name", name);
        }
        return headers;
    }

    public Future<HttpResponse<Buffer>> send(String method, JsonObject params) {
        JsonObject message = message(method, params);
        return send(message, headers(message));
    }

    public Future<HttpResponse<Buffer>> send(JsonObject message, Map<String, String> headers) {
        HttpRequest<Buffer> request = client.post(port, "127.0.0.1", "/mcp").bearerTokenAuthentication(token)
            .putHeader("Accept", "application/json, text/event-stream").putHeader("Content-Type", "application/json");
        headers.forEach(request::putHeader);
        return request.sendBuffer(message.toBuffer());
    }

    public Future<HttpResponse<Buffer>> call(String tool, JsonObject arguments) {
        return send("tools/call", call(tool, arguments, new JsonObject()));
    }

    public static JsonObject call(String tool, JsonObject arguments, JsonObject more) {
        return new JsonObject().put("name", tool).put("arguments", arguments).mergeIn(more);
    }
}
