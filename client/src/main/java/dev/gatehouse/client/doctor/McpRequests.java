package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.shared.http.MediaTypes;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.Optional;

/** The requests of MCP that a walk sends. */
final class McpRequests {

    static final String FIRST = "2024-11-05";
    static final String STATEFUL = "2025-11-25";
    static final String EARLIER = "2025-03-26";
    static final String STATELESS = "2026-07-28";
    private static final String META = "io.modelcontextprotocol/";
    private static final JsonObject CLIENT = new JsonObject().put("name", "gatehouse-doctor").put("version", "1");

    private McpRequests() {
    }

    static HttpCall initialize(URI server, String revision) {
        return post(server, new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", "initialize").put("params",
            new JsonObject().put("protocolVersion", revision).put("capabilities", new JsonObject()).put("clientInfo", CLIENT)));
    }

    static HttpCall initialized(URI server, Optional<String> session) {
        return inSession(post(server, new JsonObject().put("jsonrpc", "2.0").put("method", "notifications/initialized")), session);
    }

    static HttpCall tools(URI server, Optional<String> session) {
        return inSession(post(server, new JsonObject().put("jsonrpc", "2.0").put("id", 2).put("method", "tools/list").put("params", new JsonObject())), session);
    }

    static HttpCall end(URI server, Optional<String> session) {
        return inSession(new HttpCall(HttpMethod.DELETE, server, Recorder.headers(), null), session);
    }

    static HttpCall stream(URI server, Optional<String> session) {
        return inSession(HttpCall.get(server, MediaTypes.EVENT_STREAM), session);
    }

    static HttpCall discover(URI server) {
        return stateless(server, "server/discover", new JsonObject());
    }

    static HttpCall listen(URI server) {
        return stateless(server, "subscriptions/listen", new JsonObject().put("notifications", new JsonObject().put("toolsListChanged", true)));
    }

    private static HttpCall stateless(URI server, String method, JsonObject params) {
        JsonObject meta = new JsonObject().put(META + "protocolVersion", STATELESS).put(META + "clientInfo", CLIENT)
            .put(META + "clientCapabilities", new JsonObject());
        return post(server, new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", method)
            .put("params", params.put("_meta", meta))).with("MCP-Protocol-Version", STATELESS).with("Mcp-Method", method);
    }

    private static HttpCall post(URI server, JsonObject message) {
        return HttpCall.postJson(server, message).with("Accept", "application/json, text/event-stream");
    }

    private static HttpCall inSession(HttpCall call, Optional<String> session) {
        HttpCall versioned = call.with("MCP-Protocol-Version", STATEFUL);
        return session.map(id -> versioned.with("Mcp-Session-Id", id)).orElse(versioned);
    }
}
