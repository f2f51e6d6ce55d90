package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.jsonrpc.Failures;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import dev.gatehouse.mcp.jsonrpc.WireMapper;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One request under way. It ends in exactly one answer, and then finishes its outbound; only a cancelled one has no answer.
 * The SDK sends none when a handler completes empty or the parameters make it throw, so this does.
 */
final class RunningRequest {

    private final JSONRPCRequest request;
    private final Mono<Void> work;
    private final ReplyTransport reply;
    private final MessageSink outbound;
    private final Consumer<RunningRequest> ended;
    private final Disposable.Swap running = Disposables.swap();
    private final AtomicBoolean over = new AtomicBoolean();

    /** @param handler what handles the request and answers by the transport it is given */
    RunningRequest(JSONRPCRequest request, MessageSink outbound, WireMapper mapper, Consumer<RunningRequest> ended,
                   Function<ReplyTransport, Mono<Void>> handler) {
        this.request = request;
        this.outbound = outbound;
        this.ended = ended;
        // Ended just before the answer leaves: the client may use the id again as soon as it has it.
        this.reply = new ReplyTransport(outbound, mapper, () -> ended.accept(this));
        this.work = handler.apply(reply);
    }

    /** Runs the handler, on this thread until it waits for something. */
    public void start() {
        outbound.onEnding(this::end);
        running.update(work.subscribe(nothing -> { }, this::failed, this::completed));
    }

    /** Stops the handler; its answer is no longer wanted. */
    public void cancel() {
        running.dispose();
        end();
    }

    private void end(MessageSink.Ending why) {
        if (why == MessageSink.Ending.REVOKED) {
            running.dispose();
            answerIfNone(new JSONRPCError(JsonRpcErrors.REFUSED, JsonRpcErrors.REVOKED, null));
        }
    }

    private void completed() {
        answerIfNone(new JSONRPCError(JsonRpcErrors.INTERNAL_ERROR, "The request had no result", null));
    }

    private void failed(Throwable failure) {
        answerIfNone(failure instanceof McpError error && error.getJsonRpcError() != null
            ? error.getJsonRpcError()
            : new JSONRPCError(JsonRpcErrors.INTERNAL_ERROR, Failures.tell(request.method(), null, failure), null));
    }

    private void answerIfNone(JSONRPCError error) {
        JSONRPCResponse response = JsonRpcErrors.response(request.id(), error);
        reply.answer(response).onComplete(sent -> end());
    }

    private void end() {
        if (over.compareAndSet(false, true)) {
            ended.accept(this);
            outbound.finish();
        }
    }
}
