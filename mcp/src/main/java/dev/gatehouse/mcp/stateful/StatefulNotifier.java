package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.api.LogLevel;
import dev.gatehouse.mcp.api.Notifier;
import dev.gatehouse.mcp.feature.NotificationParams;
import dev.gatehouse.mcp.feature.ProgressSoFar;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.vertx.core.Future;

import java.util.Map;

/**
 * Tells the caller of a tool how its call gets on, by the session's stream for the request. What is logged is any JSON, for which the SDK's
 * own record has text alone.
 */
final class StatefulNotifier implements Notifier {

    private static final String ELICITATION_COMPLETE = "notifications/elicitation/complete";

    private final StatefulContext context;
    private final Object token;
    private final ProgressSoFar soFar = new ProgressSoFar();

    private StatefulNotifier(StatefulContext context, Object token) {
        this.context = context;
        this.token = token;
    }

    static Notifier of(StatefulContext context, Object params) {
        if (!(params instanceof CallToolRequest request)) {
            return NONE;
        }
        Object token = request.meta() == null ? null : request.meta().get("progressToken");
        return new StatefulNotifier(context, token instanceof String || token instanceof Number ? token : null);
    }

    @Override
    public Future<Void> progress(double progress, Double total, String message) {
        return token == null || !soFar.advancesTo(progress) ? Future.succeededFuture()
            : context.reply().tell("notifications/progress", NotificationParams.progress(token, progress, total, message));
    }

    @Override
    public Future<Void> log(LogLevel level, String logger, Object data) {
        return context.session().sdk().isNotificationForLevelAllowed(LoggingLevel.valueOf(level.name()))
            ? context.reply().tell("notifications/message", NotificationParams.log(level, logger, data)) : Future.succeededFuture();
    }

    @Override
    public Future<Void> elicitationComplete(String elicitationId) {
        if (!context.session().hasUrlElicitation()) {
            return Future.succeededFuture();
        }
        Map<String, Object> params = Map.of("elicitationId", elicitationId);
        return context.reply().isAnswered() ? context.session().tellUnasked(new JSONRPCNotification("2.0", ELICITATION_COMPLETE, params))
            : context.reply().tell(ELICITATION_COMPLETE, params);
    }

    @Override
    public void release() {
        context.outbound().release();
    }
}
