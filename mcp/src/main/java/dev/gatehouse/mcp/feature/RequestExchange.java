package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.Inputs;
import dev.gatehouse.mcp.api.Notifier;
import dev.gatehouse.mcp.api.TraceContext;
import io.vertx.core.Future;

import java.util.Objects;

/**
 * The caller of an operation, and the ways to reach it. Each era has its own.
 *
 * @param caller   who sent the request
 * @param notifier reports progress to the caller
 * @param inputs   asks the caller's user or model
 * @param cancelled completes, on the context of the request, when the client no longer waits for the response; it may never complete
 * @param trace    position in a distributed trace, or null
 */
public record RequestExchange(Caller caller, Notifier notifier, Inputs inputs, Future<Void> cancelled, TraceContext trace) {

    /**
     * Checks the components.
     *
     * @param caller who sent the request
     * @param notifier reports progress to the caller
     * @param inputs asks the caller's user or model
     * @param cancelled completes, on the context of the request, when the client no longer waits for the response; it may never complete
     * @param trace position in a distributed trace, or null
     */
    public RequestExchange {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(notifier, "notifier");
        Objects.requireNonNull(inputs, "inputs");
        Objects.requireNonNull(cancelled, "cancelled");
    }
}
