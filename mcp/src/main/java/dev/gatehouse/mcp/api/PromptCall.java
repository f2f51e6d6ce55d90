package dev.gatehouse.mcp.api;

import io.vertx.core.Future;

import java.util.Map;

/**
 * A request for a prompt.
 *
 * @param caller the caller
 * @param arguments by name; never null
 * @param inputs    asks the caller's user or model
 * @param cancelled completes, on the context of the request, when the client no longer waits for it; it may never complete
 */
public record PromptCall(Caller caller, Map<String, String> arguments, Inputs inputs, Future<Void> cancelled) {

    /**
     * Checks the components.
     *
     * @param caller the caller
     * @param arguments by name; never null
     * @param inputs asks the caller's user or model
     * @param cancelled completes, on the context of the request, when the client no longer waits for it; it may never complete
     */
    public PromptCall {
        arguments = Map.copyOf(arguments);
    }
}
