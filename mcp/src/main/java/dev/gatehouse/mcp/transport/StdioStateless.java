package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import dev.gatehouse.mcp.stateless.StatelessError;
import dev.gatehouse.mcp.stateless.StatelessRequest;
import dev.gatehouse.mcp.stateless.StatelessServer;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.vertx.core.Future;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The requests of revision 2026-07-28 over the one channel of a process, where they are cancelled by a notification. */
final class StdioStateless {

    private final StatelessServer server;
    private final MessageSink channel;
    private final Map<Object, StatelessRequest> underWay = new ConcurrentHashMap<>();

    StdioStateless(StatelessServer server, MessageSink channel) {
        this.server = server;
        this.channel = channel;
    }

    /**
     * Answers a request. Completes when the answer has been handed over, or the request was cancelled; fails as {@code whenKnown} does.
     *
     * @param whenKnown runs a request that has been checked, once it is known who calls
     */
    Future<Void> accept(JSONRPCRequest request, Function<Function<Caller, Future<Void>>, Future<Void>> whenKnown) {
        try {
            StatelessServer.Incoming incoming = server.check(request, null);
            return whenKnown.apply(caller -> run(incoming, caller));
        } catch (StatelessError e) {
            return send(e.response(request.id()));
        }
    }

    private Future<Void> run(StatelessServer.Incoming incoming, Caller caller) {
        Object id = incoming.raw().id();
        if (underWay.containsKey(id)) {
            return send(JsonRpcErrors.response(id, JsonRpcErrors.INVALID_REQUEST, "A request with this id is still running"));
        }
        MessageSink.OneReply reply = new MessageSink.OneReply(channel);
        StatelessRequest running = server.run(incoming, caller, reply);
        if (!reply.finished().isComplete()) {
            underWay.put(id, running);
            reply.finished().onComplete(over -> underWay.remove(id, running));
        }
        return reply.finished();
    }

    private Future<Void> send(JSONRPCMessage message) {
        return channel.send(message).otherwiseEmpty();
    }

    /** Takes a notification. @return whether it was about a request of this revision */
    boolean accept(JSONRPCNotification notification) {
        if (!notification.method().equals("notifications/cancelled") || !(notification.params() instanceof Map<?, ?> params)
            || params.get("requestId") == null) {
            return false;
        }
        StatelessRequest request = underWay.get(params.get("requestId"));
        if (request != null) {
            request.cancel();
        }
        return request != null;
    }

    /** Ends the endless responses in order. */
    void close() {
        List.copyOf(underWay.values()).forEach(StatelessRequest::close);
    }
}
