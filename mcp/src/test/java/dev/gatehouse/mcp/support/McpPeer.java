package dev.gatehouse.mcp.support;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;

/** A bare client of Streamable HTTP for one user, that can also do it wrong. */
public final class McpPeer {

    public static final JsonObject INITIALIZE = new JsonObject().put("protocolVersion", "2025-11-25")
        .put("capabilities", new JsonObject()).put("clientInfo", new JsonObject().put("name", "peer").put("version", "1"));

    private final WebClient client;
    private final int port;
    private final String token;
    private final String prefix;
    public String sessionId;
    private int id;

    public McpPeer(Vertx vertx, int port, String token) {
        this(vertx, port, token, "");
    }

    public McpPeer(Vertx vertx, int port, String token, String prefix) {
        this.prefix = prefix;
        this.client = WebClient.create(vertx);
        this.port = port;
        this.token = token;
    }

    public McpPeer withSession(String session) {
        sessionId = session;
        return this;
    }

    public HttpRequest<Buffer> request(HttpMethod method, String path) {
        HttpRequest<Buffer> request = client.request(method, port, "127.0.0.1", prefix + path)
            .putHeader("Accept", "application/json, text/event-stream")
            .putHeader("Content-Type", "application/json");
        if (token != null) {
            request.bearerTokenAuthentication(token);
        }
        return sessionId == null ? request : request.putHeader("Mcp-Session-Id", sessionId);
    }

    public Future<HttpResponse<Buffer>> post(String body) {
        return request(HttpMethod.POST, "/mcp").sendBuffer(Buffer.buffer(body));
    }

    public Future<HttpResponse<Buffer>> send(String method, JsonObject params) {
        return post(message(method, params).encode());
    }

    public JsonObject message(String method, JsonObject params) {
        return new JsonObject().put("jsonrpc", "2.0").put("id", ++id).put("method", method).put("params", params);
    }

    public Future<HttpResponse<Buffer>> call(String tool, JsonObject arguments) {
        return send("tools/call", new JsonObject().put("name", tool).put("arguments", arguments));
    }

    public Future<McpPeer> initialize() {
        return send("initialize", INITIALIZE).map(response -> withSession(response.getHeader("Mcp-Session-Id")));
    }
}
