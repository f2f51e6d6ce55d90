package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.feature.CallContext;
import dev.gatehouse.mcp.feature.Operations;
import dev.gatehouse.mcp.jsonrpc.BadMessage;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * All of MCP with one peer over one channel that carries both directions, as stdio and HTTP+SSE do. The session begins with
 * the peer's {@code initialize}; a second one begins anew.
 */
public final class Conversation {

    private final McpEngine engine;
    private final MessageSink channel;
    private final AtomicReference<LiveSession> live = new AtomicReference<>();

    public Conversation(McpEngine engine, MessageSink channel) {
        this.engine = engine;
        this.channel = channel;
    }

    /**
     * Answers a request over the channel.
     *
     * @return completes when the answer has been handed to the channel, never fails
     */
    public Future<Void> run(Operations.Checked checked, CallContext context) {
        JSONRPCRequest request = checked.request();
        if (request.method().equals("initialize")) {
            return begin(request);
        }
        LiveSession session = live.get();
        if (session != null) {
            OneAnswer answer = new OneAnswer(channel, Promise.promise());
            session.run(checked, context, answer);
            return answer.finished.future();
        }
        return send(beforeBeginning(request));
    }

    /** A ping may come before the handshake; a method of the stateless era tells by this answer that it is not spoken here. */
    private static JSONRPCResponse beforeBeginning(JSONRPCRequest request) {
        return switch (request.method()) {
            case "ping" -> JSONRPCResponse.result(request.id(), Map.of());
            case "server/discover" -> JsonRpcErrors.response(request.id(), JsonRpcErrors.METHOD_NOT_FOUND, "Method not found: server/discover");
            default -> JsonRpcErrors.response(request.id(), JsonRpcErrors.REFUSED, "Not initialized: send initialize first");
        };
    }

    private Future<Void> begin(JSONRPCRequest initialize) {
        return engine.open(initialize)
            .map(opened -> {
                LiveSession session = new LiveSession(engine, opened.session());
                session.listen(new OneAnswer(channel, Promise.promise()), null);
                replace(session);
                return (JSONRPCMessage) JSONRPCResponse.result(initialize.id(), opened.result());
            })
            .otherwise(failure -> refusal(initialize, failure))
            .compose(this::send);
    }

    private static JSONRPCMessage refusal(JSONRPCRequest initialize, Throwable failure) {
        return failure instanceof BadMessage bad ? bad.response()
            : JsonRpcErrors.response(initialize.id(), JsonRpcErrors.INTERNAL_ERROR, "The session could not be opened");
    }

    private void replace(LiveSession session) {
        LiveSession before = live.getAndSet(session);
        if (before != null) {
            before.close();
        }
    }

    public void accept(JSONRPCNotification notification) {
        LiveSession session = live.get();
        if (session != null) {
            session.accept(notification);
        }
    }

    public void accept(JSONRPCResponse response) {
        LiveSession session = live.get();
        if (session != null) {
            session.accept(response);
        }
    }

    /** Sends over the channel. A peer that is gone is no failure. */
    public Future<Void> send(JSONRPCMessage message) {
        return channel.send(message).otherwiseEmpty();
    }

    /** The revision that was agreed on; null before the handshake. */
    public String version() {
        LiveSession session = live.get();
        return session == null ? null : session.version();
    }

    public boolean isQuiet() {
        LiveSession session = live.get();
        return session == null || session.isQuiet();
    }

    /** Whether requests are under way. */
    public boolean isBusy() {
        LiveSession session = live.get();
        return session != null && session.isBusy();
    }

    /** Says no more unasked. */
    public void silence() {
        LiveSession session = live.get();
        if (session != null) {
            session.silence();
        }
    }

    /** Ends the session. The channel is its owner's to close. */
    public void close() {
        LiveSession session = live.getAndSet(null);
        if (session != null) {
            session.close();
        }
    }

    /** The channel for the length of one request: to finish it leaves the channel open. */
    private record OneAnswer(MessageSink channel, Promise<Void> finished) implements MessageSink {

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
