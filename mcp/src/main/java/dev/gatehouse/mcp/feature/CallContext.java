package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.Caller;

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
