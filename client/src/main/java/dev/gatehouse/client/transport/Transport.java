package dev.gatehouse.client.transport;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.Map;

/** Carries JSON-RPC messages to one server and back. Knows nothing of their meaning beyond their ids. */
public interface Transport {

    /** Receives what the server sends. Called on one Vert.x context. */
    interface Listener {

        void received(JsonObject message);

        /** The other side ended the transport: no further message comes. */
        void closed(CallFailure cause);
    }

    /** Connects, where there is something to connect before the first message. Called once, before anything else. */
    Future<Void> open(Listener listener);

    /**
     * Sends a message. The response to a request comes through the listener.
     *
     * @param headers header fields of an HTTP request that carries the message; ignored by transports without headers
     * @return completes when the message was delivered and, over Streamable HTTP, its response stream has ended; fails when the
     *     message or its response got lost
     */
    Future<Void> send(JsonObject message, Map<String, String> headers);

    /** Asks for messages that belong to no request, where this needs a stream of its own. */
    default void listen(Map<String, String> headers) {
    }

    /** Stops waiting for the response to a request, and tells the server by the transport's own means where it has any. */
    default void abandon(Object requestId) {
    }

    /** Returns true when each message travels in an HTTP request of its own, whose headers repeat parts of the message. */
    default boolean hasHeaders() {
        return false;
    }

    /** Returns true while a message waits for authorization, which may take a person some minutes. */
    default boolean isAuthorizing() {
        return false;
    }

    Future<Void> close();
}
