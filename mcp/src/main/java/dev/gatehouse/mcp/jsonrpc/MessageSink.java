package dev.gatehouse.mcp.jsonrpc;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.function.Consumer;

/** Sends the messages for one peer, or the response to one request. All methods may be called from any thread. */
public interface MessageSink {

    /**
     * Sends a message.
     *
     * @param message the message
     * @return completes when it has been handed to the network, which is the sender's back-pressure; fails when the peer is gone, and when
     *     what the message carries cannot be written as JSON
     */
    Future<Void> send(JSONRPCMessage message);

    /** {@return whether it can send requests of the server, and not only responses} */
    default boolean canAsk() {
        return true;
    }

    /**
     * Sends the answer.
     *
     * @param status of the HTTP response, on wires that have one and where it has not left yet
     */
    default Future<Void> answer(int status, JSONRPCResponse response) {
        return send(response);
    }

    /** Ends the connection before the response, if the peer can reconnect for it. */
    default void release() {
        // it cannot
    }

    /** The reason why the connection of a pending request must end. */
    enum Ending {
        /** The token has expired, or can no longer be validated: only the response may be sent. */
        LAPSED,
        /** The token has been revoked. */
        REVOKED,
        /** The server stops. */
        STOPPING
    }

    /** Has this done should the way back have to end. It may be done on any thread, and more than once. */
    default void onEnding(Consumer<Ending> action) {
        // it never does
    }

    /** Returns true if a peer is connected now. */
    default boolean isConnected() {
        return true;
    }

    /** Nothing more will be sent. Safe to call more than once. */
    void finish();

    /** A shared channel for the length of one request: finishing it leaves the channel open. */
    final class OneReply implements MessageSink {

        private final MessageSink channel;
        private final Promise<Void> finished = Promise.promise();

        public OneReply(MessageSink channel) {
            this.channel = channel;
        }

        /** Completes when the request is over. */
        public Future<Void> finished() {
            return finished.future();
        }

        @Override
        public Future<Void> send(JSONRPCMessage message) {
            return channel.send(message);
        }

        @Override
        public void finish() {
            finished.tryComplete();
        }
    }
}
