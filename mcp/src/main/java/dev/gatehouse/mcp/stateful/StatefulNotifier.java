package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.api.LogLevel;
import dev.gatehouse.mcp.api.Notifier;
import dev.gatehouse.mcp.feature.PendingRequest;
import dev.gatehouse.mcp.feature.RequestNotifier;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.vertx.core.Future;

import java.util.Map;

/** Notifications of a tool call, in a session. */
record StatefulNotifier(StatefulSession<?> session, PendingRequest request, RequestNotifier during) implements Notifier {

    static Notifier of(StatefulSession<?> session, PendingRequest request, Object params) {
        if (!(params instanceof CallToolRequest call)) {
            return NONE;
        }
        Object token = call.meta() == null ? null : call.meta().get("progressToken");
        return new StatefulNotifier(session, request, new RequestNotifier(request, token, session::wants));
    }

    @Override
    public Future<Void> progress(double progress, Double total, String message) {
        return during.progress(progress, total, message);
    }

    @Override
    public Future<Void> log(LogLevel level, String logger, Object data) {
        return during.log(level, logger, data);
    }

    /** After the response, the notification belongs to no request. */
    @Override
    public Future<Void> elicitationComplete(String elicitationId) {
        if (!session.hasUrlElicitation()) {
            return Future.succeededFuture();
        }
        JSONRPCNotification complete = new JSONRPCNotification("2.0", "notifications/elicitation/complete", Map.of("elicitationId", elicitationId));
        return request.isOver() ? session.channel().sendUnsolicited(complete) : request.send(complete);
    }

    @Override
    public void release() {
        request.release();
    }
}
