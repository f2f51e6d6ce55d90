package dev.gatehouse.resource.protocol;

import dev.gatehouse.resource.tool.Caller;
import io.modelcontextprotocol.common.McpTransportContext;
import java.util.Objects;

/**
 * What the transport knows of one message, carried through the SDK to the handlers.
 *
 * @param caller who sent it
 */
public record CallContext(Caller caller) implements McpTransportContext {

    public CallContext {
        Objects.requireNonNull(caller, "caller");
    }

    @Override
    public Object get(String key) {
        return null;
    }
}
