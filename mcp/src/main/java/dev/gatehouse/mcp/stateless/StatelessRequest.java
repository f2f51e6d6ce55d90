package dev.gatehouse.mcp.stateless;

import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.feature.PendingRequest;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.Map;

/** A pending request of the stateless era, with its envelope. Safe for use from any thread. */
public final class StatelessRequest {

    private static final int UNAUTHORIZED = 401;

    private final StatelessServer.Incoming incoming;
    private final Caller caller;
    private final PendingRequest pending;
    private final Promise<Void> closing = Promise.promise();

    StatelessRequest(StatelessServer.Incoming incoming, Caller caller, MessageSink sink) {
        this.incoming = incoming;
        this.caller = caller;
        this.pending = new PendingRequest(sink, () -> { });
        sink.onEnding(this::end);
    }

    /** With parameters as received. */
    JSONRPCRequest raw() {
        return incoming.raw();
    }

    Map<?, ?> params() {
        return (Map<?, ?>) incoming.raw().params();
    }

    Envelope envelope() {
        return incoming.envelope();
    }

    Caller caller() {
        return caller;
    }

    PendingRequest pending() {
        return pending;
    }

    Future<Void> cancelled() {
        return pending.cancelled();
    }

    /** Completes when an endless response must end in order: the server stops, or the token is no longer valid. It may never complete. */
    Future<Void> closing() {
        return closing.future();
    }

    /** A request that has a result still gets it, except when its token was revoked. */
    private void end(MessageSink.Ending why) {
        closing.tryComplete();
        if (why == MessageSink.Ending.REVOKED) {
            pending.abort(UNAUTHORIZED, JsonRpcErrors.response(raw().id(), StatelessError.REFUSED, JsonRpcErrors.REVOKED));
        }
    }

    /** The server is about to stop. Safe to call more than once. */
    public void close() {
        end(MessageSink.Ending.STOPPING);
    }

    Future<Void> send(JSONRPCMessage message) {
        return pending.send(message);
    }

    void respond(int status, JSONRPCResponse response) {
        pending.respond(status, response);
    }

    /** The client has disconnected, or has cancelled the request. Safe to call more than once. */
    public void cancel() {
        pending.cancel();
    }
}
