package dev.gatehouse.mcp.api;

import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.Map;

/**
 * One call of a tool.
 *
 * @param caller    who calls
 * @param arguments the arguments, valid against the tool's input schema; never null
 * @param notifier  reaches the caller while the call runs
 * @param inputs    asks the caller's user or model
 * @param cancelled completes, on the context of the call, when the client no longer waits for the result: it has cancelled the call or disconnected,
 *                  or the task or session has ended. A long tool should then stop; its result is dropped. A call that ends is not
 *                  cancelled, so this may never complete
 * @param trace     position in a distributed trace, or null
 */
public record ToolCall(Caller caller, Map<String, Object> arguments, Notifier notifier, Inputs inputs, Future<Void> cancelled,
                       TraceContext trace) {

    /**
     * Creates a call without notifications, questions and cancellation.
     *
     * @param caller the caller
     * @param arguments the arguments by name
     */
    public ToolCall(Caller caller, Map<String, Object> arguments) {
        this(caller, arguments, Notifier.NONE, Inputs.NONE, Promise.<Void>promise().future(), null);
    }

    /**
     * {@return the authenticated caller} It is always present in a tool that declares a scope.
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
