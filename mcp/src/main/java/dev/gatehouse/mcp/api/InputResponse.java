package dev.gatehouse.mcp.api;

import java.util.Map;
import java.util.Objects;

/**
 * The client's answer to an {@link InputRequest}. It has been checked against the request: an accepted form fits its schema.
 *
 * @param result as MCP defines it for the request's method
 */
public record InputResponse(Map<String, Object> result) {

    public InputResponse {
        Objects.requireNonNull(result, "result");
    }

    /** Of an elicitation: whether the user accepted; not if they declined or cancelled. */
    public boolean isAccepted() {
        return "accept".equals(result.get("action"));
    }

    /** Of an elicitation: what the user filled in; empty if there is none. JSON objects have string keys. */
    @SuppressWarnings("unchecked")
    public Map<String, Object> content() {
        return result.get("content") instanceof Map<?, ?> content ? (Map<String, Object>) content : Map.of();
    }
}
