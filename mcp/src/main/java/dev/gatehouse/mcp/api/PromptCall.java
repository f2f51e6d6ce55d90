package dev.gatehouse.mcp.api;

import io.vertx.core.Future;

import java.util.Map;

/**
 * A prompt being asked for.
 *
 * @param arguments by name; never null
 * @param inputs    asks the caller's user or model
 * @param cancelled completes, where the prompt was asked for, when nobody waits for it any more; it may never complete
 */
public record PromptCall(Caller caller, Map<String, String> arguments, Inputs inputs, Future<Void> cancelled) {

    public PromptCall {
        arguments = Map.copyOf(arguments);
    }
}
