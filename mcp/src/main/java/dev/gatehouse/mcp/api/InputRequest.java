package dev.gatehouse.mcp.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * A question to the client, and through it to its user or model.
 *
 * @param method     {@code elicitation/create}, {@code sampling/createMessage} or {@code roots/list}
 * @param params     as MCP defines them for the method
 * @param capability what the client must have declared: {@code elicitation}, {@code elicitation.url}, {@code sampling},
 *                   {@code sampling.tools} or {@code roots}
 */
public record InputRequest(String method, Map<String, Object> params, String capability) {

    private static final String ELICITATION_ID = "elicitationId";

    /**
     * Checks the components.
     *
     * @param method {@code elicitation/create}, {@code sampling/createMessage} or {@code roots/list}
     * @param params as MCP defines them for the method
     * @param capability what the client must have declared: {@code elicitation}, {@code elicitation.url}, {@code sampling}, {@code sampling.tools}
     * or {@code roots}
     */
    public InputRequest {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(params, "params");
        Objects.requireNonNull(capability, "capability");
        params = Schemas.plain(params);
    }

    /**
     * A form for the user.
     *
     * @param message         says what is asked and why
     * @param requestedSchema an object schema with flat members (MCP, elicitation)
     * @return the question
     */
    public static InputRequest elicitation(String message, Map<String, Object> requestedSchema) {
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("mode", "form");
        params.put("message", message);
        params.put("requestedSchema", requestedSchema);
        return new InputRequest("elicitation/create", params, "elicitation");
    }

    /**
     * Asks the user to visit a page. What the user types there does not pass the client. An answer that accepts says that the user goes there, not
     * that they are done: see {@link Inputs#askAgain}.
     *
     * @param message the reason
     * @param url the URL
     * @return the question
     */
    public static InputRequest elicitationUrl(String message, String url) {
        return elicitationUrl(message, url, UUID.randomUUID().toString());
    }

    /**
     * As {@link #elicitationUrl(String, String)}.
     *
     * @param message the reason
     * @param url the URL
     * @param elicitationId for {@link Notifier#elicitationComplete}; revision 2025-11-25 alone has it
     * @return the question
     */
    public static InputRequest elicitationUrl(String message, String url, String elicitationId) {
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("mode", "url");
        params.put("message", message);
        params.put("url", url);
        params.put(ELICITATION_ID, elicitationId);
        return new InputRequest("elicitation/create", params, "elicitation.url");
    }

    /**
     * Asks the client's model for a completion. With tools it is only for clients that declare {@code sampling.tools} (2025-11-25, sampling).
     *
     * @param params the members of MCP's {@code CreateMessageRequest}
     * @return the question
     */
    public static InputRequest sampling(Map<String, Object> params) {
        boolean withTools = params.get("tools") != null || params.get("toolChoice") != null;
        return new InputRequest("sampling/createMessage", params, withTools ? "sampling.tools" : "sampling");
    }

    /** {@return a question for the directories that the client works in} */
    public static InputRequest roots() {
        return new InputRequest("roots/list", Map.of(), "roots");
    }

    /** {@return this as a member of {@code inputRequests} (2026-07-28, multi round-trip requests)} */
    public Map<String, Object> onWire() {
        Map<String, Object> wire = new LinkedHashMap<>(params);
        wire.remove(ELICITATION_ID);
        return wire.isEmpty() ? Map.of("method", method) : Map.of("method", method, "params", wire);
    }
}
