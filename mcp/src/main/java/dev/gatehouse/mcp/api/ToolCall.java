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
 * @param cancelled completes, where the call was made, when nobody waits for its result any more: the client has cancelled it or is gone,
 *                  or its task or session has ended. A tool that works for long should stop then; what it answers is dropped. A call that
 *                  comes to its end is not cancelled, so it may never complete
 * @param trace     where the call stands in a distributed trace, or null
 */
public record ToolCall(Caller caller, Map<String, Object> arguments, Notifier notifier, Inputs inputs, Future<Void> cancelled,
                       TraceContext trace) {

    /** A call without a way back to its caller, and that nobody cancels. */
    public ToolCall(Caller caller, Map<String, Object> arguments) {
        this(caller, arguments, Notifier.NONE, Inputs.NONE, Promise.<Void>promise().future(), null);
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
