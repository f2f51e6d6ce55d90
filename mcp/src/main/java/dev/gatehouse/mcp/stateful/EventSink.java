package dev.gatehouse.mcp.stateful;

import io.vertx.core.Future;

/** An open connection that events of one stream leave by. All methods may be called from any thread; events leave in order. */
public interface EventSink {

    /**
     * Sends an event.
     *
     * @param id   by which the client can ask for what came behind it
     * @param json one message
     * @return completes when it is with the network; fails when the connection has ended
     */
    Future<Void> event(String id, byte[] json);

    /**
     * Sends an event without data, so that the client has an id to come back with whatever happens next (2025-11-25, transports,
     * sending messages, 6).
     *
     * @param retryMillis how long the client should wait before it comes back
     */
    void prime(String id, int retryMillis);

    /** Ends the connection behind what was sent. */
    void end();
}
