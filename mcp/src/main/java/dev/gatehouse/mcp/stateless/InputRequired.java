package dev.gatehouse.mcp.stateless;

import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.jsonrpc.Suspended;

import java.util.LinkedHashMap;
import java.util.Map;

/** A call has to be made again with answers (2026-07-28, multi round-trip requests). */
final class InputRequired extends Suspended {

    private final transient Map<String, InputRequest> requests;

    InputRequired(Map<String, InputRequest> requests) {
        super("The call needs input");
        this.requests = requests;
    }

    /** As {@code inputRequests} of the result. */
    Map<String, Object> onWire() {
        Map<String, Object> wire = new LinkedHashMap<>();
        requests.forEach((key, request) -> wire.put(key, request.onWire()));
        return wire;
    }
}
