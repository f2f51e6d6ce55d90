package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.jsonrpc.MessageCodec;
import dev.gatehouse.mcp.jsonrpc.Outbound;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.vertx.core.Future;

/** An open stream of events as the way out for messages. */
record StreamOutbound(SseStream stream, MessageCodec codec) implements Outbound {

    @Override
    public Future<Void> send(JSONRPCMessage message) {
        return Future.succeededFuture(message).map(codec::encode).compose(stream::message);
    }

    @Override
    public void finish() {
        stream.end();
    }
}
