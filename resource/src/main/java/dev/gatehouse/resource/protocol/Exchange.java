package dev.gatehouse.resource.protocol;

import dev.gatehouse.resource.tool.Caller;
import dev.gatehouse.resource.tool.Inputs;
import dev.gatehouse.resource.tool.Notifier;

import java.util.Objects;

/**
 * What an era of the protocol gives an operation to reach the other side by.
 *
 * @param caller   who sent the request
 * @param notifier tells the caller how the request gets on
 * @param inputs   asks the caller's user or model
 */
public record Exchange(Caller caller, Notifier notifier, Inputs inputs) {

    public Exchange {
        Objects.requireNonNull(caller, "caller");
        Objects.requireNonNull(notifier, "notifier");
        Objects.requireNonNull(inputs, "inputs");
    }
}
