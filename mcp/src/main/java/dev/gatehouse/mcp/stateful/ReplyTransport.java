package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.jsonrpc.MessageSink;
import dev.gatehouse.mcp.jsonrpc.WireMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStreamableServerTransport;
import io.vertx.core.Future;
import reactor.core.publisher.Mono;

import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The way back for one request, seen from the SDK. Lets exactly one response through, and nothing after it. When the
 * outbound ends is for {@link RunningRequest} to say: the SDK closes before it tells of an error that is still to be answered.
 */
final class ReplyTransport implements McpStreamableServerTransport {

    private final MessageSink outbound;
    private final WireMapper mapper;
    private final Runnable answering;
    private final AtomicBoolean answered = new AtomicBoolean();

    ReplyTransport(MessageSink outbound, WireMapper mapper, Runnable answering) {
        this.outbound = outbound;
        this.mapper = mapper;
        this.answering = answering;
    }

    /** Sends the response unless one has been sent. A peer that is gone is no failure: its answer is lost, as it must know. */
    Future<Void> answer(JSONRPCResponse response) {
        if (!answered.compareAndSet(false, true)) {
            return Future.succeededFuture();
        }
        answering.run();
        return outbound.send(response).otherwiseEmpty();
    }

    boolean isAnswered() {
        return answered.get();
    }

    /** Sends a notification, unless the response has been sent. */
    Future<Void> tell(String method, Map<String, Object> params) {
        return answered.get() ? Future.succeededFuture() : outbound.send(new JSONRPCNotification("2.0", method, params));
    }

    /** Asks the client, unless the response has been sent. */
    Future<Void> ask(JSONRPCRequest question) {
        return answered.get() ? Future.failedFuture(new CancellationException("The request has been answered")) : outbound.send(question);
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        if (message instanceof JSONRPCResponse response) {
            return Monos.from(() -> answer(response));
        }
        return Monos.from(() -> answered.get() ? Future.succeededFuture() : outbound.send(message));
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message, String messageId) {
        return sendMessage(message);
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> typeRef) {
        return mapper.convertValue(data, typeRef);
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.empty();
    }
}
