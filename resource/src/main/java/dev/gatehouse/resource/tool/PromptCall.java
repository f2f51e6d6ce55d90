package dev.gatehouse.resource.tool;

import java.util.Map;

/**
 * A prompt being asked for.
 *
 * @param arguments by name; never null
 * @param inputs    asks the caller's user or model
 */
public record PromptCall(Caller caller, Map<String, String> arguments, Inputs inputs) {

    public PromptCall {
        arguments = Map.copyOf(arguments);
    }
}
