package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.feature.CallContext;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.Outbound;
import dev.gatehouse.mcp.stateless.ModernError;
import dev.gatehouse.mcp.stateless.ModernRequest;
import dev.gatehouse.mcp.stateless.ModernServer;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The requests of revision 2026-07-28 over the one channel of a process, where they are cancelled by a notification. */
final class StdioModern {

    private final ModernServer server;
    private final Outbound channel;
    private final Map<Object, ModernRequest> underWay = new ConcurrentHashMap<>();

    StdioModern(ModernServer server, Outbound channel) {
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
            ModernServer.Incoming incoming = server.check(request, null);
            return whenKnown.apply(caller -> run(incoming, new CallContext(caller)));
        } catch (ModernError e) {
            return send(e.response(request.id()));
        }
    }

    private Future<Void> run(ModernServer.Incoming incoming, CallContext context) {
        Object id = incoming.raw().id();
        Promise<Void> finished = Promise.promise();
        if (underWay.containsKey(id)) {
            return send(JsonRpcErrors.response(id, JsonRpcErrors.INVALID_REQUEST, "A request with this id is still running"));
        }
        ModernRequest running = server.run(incoming, context, new OneAnswer(channel, finished));
        if (!finished.future().isComplete()) {
            underWay.put(id, running);
            finished.future().onComplete(over -> underWay.remove(id, running));
        }
        return finished.future();
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
        ModernRequest request = underWay.get(params.get("requestId"));
        if (request != null) {
            request.cancel();
        }
        return request != null;
    }

    /** Ends in order what would go on for ever. */
    void close() {
        List.copyOf(underWay.values()).forEach(ModernRequest::close);
    }

    /** The channel for the length of one request: to finish it leaves the channel open. */
    private record OneAnswer(Outbound channel, Promise<Void> finished) implements Outbound {

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
