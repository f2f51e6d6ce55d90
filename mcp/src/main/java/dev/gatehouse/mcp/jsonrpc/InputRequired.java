package dev.gatehouse.mcp.jsonrpc;

import dev.gatehouse.mcp.api.InputRequest;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The client must make the call again with answers (2026-07-28, multi round-trip requests). Passes through the operations unchanged; the
 * stateless era turns it into a result.
 */
public final class InputRequired extends RuntimeException {

    private final transient Map<String, InputRequest> requests;

    /** @param requests the questions to the client, by key */
    public InputRequired(Map<String, InputRequest> requests) {
        super("The call needs input", null, false, false);
        this.requests = requests;
    }

    /** The member {@code inputRequests} of the result. */
    public Map<String, Object> onWire() {
        Map<String, Object> wire = new LinkedHashMap<>();
        requests.forEach((key, request) -> wire.put(key, request.onWire()));
        return wire;
    }
}
