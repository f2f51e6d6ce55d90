package dev.gatehouse.resource.protocol;

import dev.gatehouse.resource.tool.Caller;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.spec.McpStreamableServerSession;

/** What is known of one request, carried through the SDK to its handler. */
record LegacyContext(Caller caller, McpStreamableServerSession session) implements McpTransportContext {

    @Override
    public Object get(String key) {
        return null;
    }
}
