package dev.gatehouse.mcp.testing;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;

import java.util.List;

/**
 * The response to one request.
 *
 * @param status        the HTTP status
 * @param headers       the HTTP headers, {@code WWW-Authenticate} of a refusal among them
 * @param message       the JSON-RPC response; empty where the body has none
 * @param notifications progress and log messages before it, in order
 */
public record McpAnswer(int status, MultiMap headers, JsonObject message, List<JsonObject> notifications) {

    /**
     * The result.
     *
     * @throws IllegalStateException with all that came back, if it is none
     */
    public JsonObject result() {
        JsonObject result = message.getJsonObject("result");
        if (result == null) {
            throw new IllegalStateException("No result: HTTP " + status + " " + message.encode());
        }
        return result;
    }

    /** The code of the JSON-RPC error, or 0 if there is none. */
    public int errorCode() {
        return message.getJsonObject("error", new JsonObject()).getInteger("code", 0);
    }

    /** Of a tool's result: its first text. */
    public String text() {
        return result().getJsonArray("content").getJsonObject(0).getString("text");
    }

    /** Of a tool's result: whether the tool says that it failed. */
    public boolean isError() {
        return result().getBoolean("isError", false);
    }

    /** Of a tool's result: its structured content, or null. */
    public JsonObject structured() {
        return result().getJsonObject("structuredContent");
    }
}
