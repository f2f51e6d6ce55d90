package dev.gatehouse.resource.tool;

import java.util.Map;

/**
 * One call of a tool.
 *
 * @param caller    who calls
 * @param arguments the arguments, valid against the tool's input schema; never null
 * @param notifier  reaches the caller while the call runs
 * @param inputs    asks the caller's user or model
 */
public record ToolCall(Caller caller, Map<String, Object> arguments, Notifier notifier, Inputs inputs) {

    public ToolCall(Caller caller, Map<String, Object> arguments) {
        this(caller, arguments, Notifier.NONE, Inputs.NONE);
    }

    /**
     * The authenticated caller. A tool that declares a scope is never called without one.
     *
     * @throws CallRefused if the caller is anonymous
     */
    public Principal principal() {
        if (caller instanceof Principal principal) {
            return principal;
        }
        throw new CallRefused(((Anonymous) caller).reason());
    }
}
