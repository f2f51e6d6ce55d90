package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.jsonrpc.MessageSink;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.vertx.core.Future;

/** The connections of one session. Each request brings its own way back; the channel carries the messages that belong to no request. */
public interface SessionChannel {

    /** Sends a notification that belongs to no request; drops it if no client listens. */
    Future<Void> sendUnsolicited(JSONRPCMessage message);

    /** Returns true if a client listens now. A session whose channel is not open may be ended when it has been idle for long. */
    boolean isOpen();

    /** Closes the connections of the session. */
    void close();

    /** One channel for all messages of a session, as stdio and HTTP+SSE have it. The session lives as long as the channel. */
    final class DuplexChannel implements SessionChannel {

        private final MessageSink sink;
        private volatile boolean silent;

        /** @param sink finished when the session ends */
        public DuplexChannel(MessageSink sink) {
            this.sink = sink;
        }

        /** Sends any message. A client that has disconnected is no failure. */
        public Future<Void> send(JSONRPCMessage message) {
            return sink.send(message).otherwiseEmpty();
        }

        /** The way back of one request. */
        public MessageSink.OneReply reply() {
            return new MessageSink.OneReply(sink);
        }

        @Override
        public Future<Void> sendUnsolicited(JSONRPCMessage message) {
            return silent ? Future.succeededFuture() : sink.send(message);
        }

        /** Drops unsolicited messages from now on. */
        public void silence() {
            silent = true;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {
            sink.finish();
        }
    }
}
