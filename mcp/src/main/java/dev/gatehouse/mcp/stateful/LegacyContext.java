package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.jsonrpc.Outbound;
import io.modelcontextprotocol.common.McpTransportContext;

/**
 * What is known of one request, carried through the SDK to its handler.
 *
 * @param outbound of the whole answer
 * @param reply    lets messages out until the response has been sent
 */
record LegacyContext(Caller caller, LegacySession session, Outbound outbound, ReplyTransport reply) implements McpTransportContext {

    @Override
    public Object get(String key) {
        return null;
    }
}
