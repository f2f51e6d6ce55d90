package dev.gatehouse.resource.protocol;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.Future;

/** Where the messages for one peer, or the answer to one request, leave. Both methods may be called from any thread. */
public interface Outbound {

    /**
     * Sends a message.
     *
     * @return completes when it has been handed to the network, which is the sender's back-pressure; fails when the peer is gone, and when
     *     what the message carries cannot be written as JSON
     */
    Future<Void> send(JSONRPCMessage message);

    /** Whether requests of the server can leave by it, and not answers alone. */
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

    /** Lets go of the connection while there is more to send, if the peer can come back for it. */
    default void release() {
        // it cannot
    }

    /** Has this done first, should the way back be closed for a reason of the server's own. It may be done on any thread, and more than once. */
    default void beforeClose(Runnable action) {
        // it never is
    }

    /** Nothing more will be sent. Safe to call more than once. */
    void finish();
}
