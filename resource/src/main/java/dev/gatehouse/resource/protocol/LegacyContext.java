package dev.gatehouse.resource.protocol;

import dev.gatehouse.resource.tool.Caller;
import io.modelcontextprotocol.common.McpTransportContext;

/** What is known of one request, carried through the SDK to its handler. */
record LegacyContext(Caller caller, LegacySession session, Outbound outbound) implements McpTransportContext {

    @Override
    public Object get(String key) {
        return null;
    }
}
