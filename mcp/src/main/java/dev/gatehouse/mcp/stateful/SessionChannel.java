package dev.gatehouse.mcp.stateful;

import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.vertx.core.Future;

/** The connections of one session. Each request brings its own way back; the channel carries the messages that belong to no request. */
public interface SessionChannel {

    /** Sends a notification that belongs to no request; drops it if no client listens. */
    Future<Void> sendUnsolicited(JSONRPCMessage message);

    /** Returns true if a client listens now. A session whose channel is not open may be ended when it has been idle for long. */
    boolean isOpen();

    void close();
}
