package dev.gatehouse.mcp.api;

import java.util.Map;
import java.util.Objects;

/**
 * The client's answer to an {@link InputRequest}. It has been checked against the request: an accepted form fits its schema.
 *
 * @param result as MCP defines it for the request's method
 */
public record InputResponse(Map<String, Object> result) {

    /**
     * Checks the components.
     *
     * @param result as MCP defines it for the request's method
     */
    public InputResponse {
        Objects.requireNonNull(result, "result");
    }

    /** {@return whether the user accepted an elicitation; false if they declined or cancelled} */
    public boolean isAccepted() {
        return "accept".equals(result.get("action"));
    }

    /** {@return the members that the user filled in at an elicitation; empty if there are none} JSON objects have string keys. */
    @SuppressWarnings("unchecked")
    public Map<String, Object> content() {
        return result.get("content") instanceof Map<?, ?> content ? (Map<String, Object>) content : Map.of();
    }
}
