package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.Inputs;
import dev.gatehouse.mcp.api.Notifier;
import dev.gatehouse.mcp.api.TraceContext;
import io.vertx.core.Future;

import java.util.Objects;

/**
 * What an era of the protocol gives an operation to reach the other side by.
 *
 * @param caller   who sent the request
 * @param notifier tells the caller how the request gets on
 * @param inputs   asks the caller's user or model
 * @param cancelled completes on the context of the request when nobody waits for its answer any more; it may never complete
 * @param trace    where the request stands in a distributed trace, or null
 */
public record Exchange(Caller caller, Notifier notifier, Inputs inputs, Future<Void> cancelled, TraceContext trace) {

    public Exchange {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(notifier, "notifier");
        Objects.requireNonNull(inputs, "inputs");
        Objects.requireNonNull(cancelled, "cancelled");
    }
}
