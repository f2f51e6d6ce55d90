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
     * {@return the result}
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

    /** {@return the code of the JSON-RPC error, or 0 if there is none} */
    public int errorCode() {
        return message.getJsonObject("error", new JsonObject()).getInteger("code", 0);
    }

    /** {@return the first text of a tool's result} */
    public String text() {
        return result().getJsonArray("content").getJsonObject(0).getString("text");
    }

    /** {@return whether a tool's result is an error} */
    public boolean isError() {
        return result().getBoolean("isError", false);
    }

    /** {@return the structured content of a tool's result, or null} */
    public JsonObject structured() {
        return result().getJsonObject("structuredContent");
    }
}
