package dev.gatehouse.resource.transport;

import dev.gatehouse.resource.protocol.MessageCodec;
import dev.gatehouse.resource.protocol.Outbound;
import dev.gatehouse.resource.session.EventStream;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.vertx.core.Future;

/** A session's stream for what the server says unasked, as a way out for messages. */
record ListeningStream(EventStream events, MessageCodec codec) implements Outbound {

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
