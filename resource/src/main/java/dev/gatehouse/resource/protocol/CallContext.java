package dev.gatehouse.resource.protocol;

import dev.gatehouse.resource.tool.Caller;

import java.util.Objects;

/**
 * What the transport knows of one message.
 *
 * @param caller who sent it
 */
public record CallContext(Caller caller) {

    public CallContext {
        Objects.requireNonNull(caller, "caller");
    }
}
