package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import io.modelcontextprotocol.common.McpTransportContext;

/**
 * What is known of one request, carried through the SDK to its handler.
 *
 * @param outbound of the whole answer
 * @param reply    lets messages out until the response has been sent
 */
record StatefulContext(Caller caller, StatefulSession session, MessageSink outbound, ReplyTransport reply) implements McpTransportContext {

    @Override
    public Object get(String key) {
        return null;
    }
}
