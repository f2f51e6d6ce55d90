package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.jsonrpc.MessageSink;
import dev.gatehouse.shared.vertx.CallerContext;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A request without a response yet. Notifications and questions of the server pass until the one response is sent or the request is cancelled;
 * later messages are dropped. Safe for use from any thread.
 */
public final class PendingRequest implements MessageSink {

    private final MessageSink sink;
    private final Runnable onOver;
    private final AtomicBoolean over = new AtomicBoolean();
    private final Promise<Void> cancelled = CallerContext.promise();

    /**
     * Creates the state of a request.
     *
     * @param sink receives the response
     * @param onOver runs just before the response is sent, because the client may reuse the id as soon as it has the response
     */
    public PendingRequest(MessageSink sink, Runnable onOver) {
        this.sink = sink;
        this.onOver = onOver;
    }

    /** {@return completes, on the context that created this, when the client no longer wants the response} It may never complete. */
    public Future<Void> cancelled() {
        return cancelled.future();
    }

    /** {@return whether the request is over} */
    public boolean isOver() {
        return over.get();
    }

    @Override
    public Future<Void> send(JSONRPCMessage message) {
        return isOver() ? Future.succeededFuture() : sink.send(message);
    }

    @Override
    public boolean canAsk() {
        return sink.canAsk();
    }

    /**
     * Sends the response unless the request is over. A client that has disconnected is no failure.
     *
     * @param status the HTTP status
     * @param response the response
     */
    public void respond(int status, JSONRPCResponse response) {
        if (over.compareAndSet(false, true)) {
            onOver.run();
            sink.answer(status, response).onComplete(sent -> sink.finish());
        }
    }

    /**
     * Sends this response instead of the result, and cancels the work.
     *
     * @param status the HTTP status
     * @param response the response
     */
    public void abort(int status, JSONRPCResponse response) {
        respond(status, response);
        cancelled.tryComplete();
    }

    /** Cancels the request without a response. Safe to call more than once. */
    public void cancel() {
        if (over.compareAndSet(false, true)) {
            onOver.run();
            cancelled.tryComplete();
            sink.finish();
        }
    }

    @Override
    public void release() {
        sink.release();
    }

    @Override
    public void finish() {
        cancel();
    }
}
