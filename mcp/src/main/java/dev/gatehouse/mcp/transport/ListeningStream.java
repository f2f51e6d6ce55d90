package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.jsonrpc.MessageCodec;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import dev.gatehouse.mcp.stateful.EventStream;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.vertx.core.Future;

/** A session's stream for what the server says unasked, as a way out for messages. */
record ListeningStream(EventStream events, MessageCodec codec) implements MessageSink {

    @Override
    public Future<Void> send(JSONRPCMessage message) {
        return Future.succeededFuture(message).map(codec::encode).compose(events::send);
    }

    @Override
    public boolean isConnected() {
        return events.isConnected();
    }

    @Override
    public void finish() {
        events.finish();
    }
}
