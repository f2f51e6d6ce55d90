package dev.gatehouse.mcp.stateless;

import dev.gatehouse.mcp.feature.CallContext;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import dev.gatehouse.shared.vertx.CallerContext;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One request under way. It lets notifications through until the one answer, or until it is cancelled, and nothing from then on.
 * Safe for use from any thread.
 */
public final class StatelessRequest implements MessageSink {

    private static final int UNAUTHORIZED = 401;

    private final StatelessServer.Incoming incoming;
    private final CallContext context;
    private final MessageSink outbound;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Promise<Void> cancelled = CallerContext.promise();
    private final Promise<Void> closing = Promise.promise();

    StatelessRequest(StatelessServer.Incoming incoming, CallContext context, MessageSink outbound) {
        this.incoming = incoming;
        this.context = context;
        this.outbound = outbound;
    }

    /** With parameters as they came. */
    JSONRPCRequest raw() {
        return incoming.raw();
    }

    Map<?, ?> params() {
        return (Map<?, ?>) incoming.raw().params();
    }

    Envelope envelope() {
        return incoming.envelope();
    }

    CallContext context() {
        return context;
    }

    /** Completes, where the request was handed over, when the client no longer wants the answer. It may never complete. */
    Future<Void> cancelled() {
        return cancelled.future();
    }

    /** Completes when what would go on for ever should end, in order: the server stops, or the token is no longer good. It may never complete. */
    Future<Void> closing() {
        return closing.future();
    }

    /** The way back ends. What is to have an answer gets it still, but for a token that was revoked. Safe to call more than once. */
    public void end(Ending why) {
        closing.tryComplete();
        if (why == Ending.REVOKED) {
            respond(UNAUTHORIZED, JsonRpcErrors.response(raw().id(), StatelessError.REFUSED, JsonRpcErrors.REVOKED));
            cancelled.tryComplete();
        }
    }

    /** The server is about to stop. Safe to call more than once. */
    public void close() {
        end(Ending.STOPPING);
    }

    @Override
    public Future<Void> send(JSONRPCMessage message) {
        return over.get() ? Future.succeededFuture() : outbound.send(message);
    }

    /** Sends the answer unless there has been one. A client that is gone is no failure. */
    void respond(int status, JSONRPCResponse response) {
        if (over.compareAndSet(false, true)) {
            outbound.answer(status, response).onComplete(sent -> outbound.finish());
        }
    }

    /** The client is gone, or has said that it no longer wants the answer: nothing more is sent. Safe to call more than once. */
    public void cancel() {
        if (over.compareAndSet(false, true)) {
            cancelled.tryComplete();
            outbound.finish();
        }
    }

    @Override
    public void finish() {
        cancel();
    }
}
