package dev.gatehouse.mcp.stateless;

import dev.gatehouse.mcp.api.LogLevel;
import dev.gatehouse.mcp.api.Notifier;
import dev.gatehouse.mcp.feature.NotificationParams;
import dev.gatehouse.mcp.feature.ProgressSoFar;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.vertx.core.Future;

import java.util.Map;

/** Tells by the answer's own stream how a request gets on, as much as the request asked to hear. */
final class StatelessNotifier implements Notifier {

    private final Envelope envelope;
    private final MessageSink outbound;
    private final ProgressSoFar soFar = new ProgressSoFar();

    StatelessNotifier(Envelope envelope, MessageSink outbound) {
        this.envelope = envelope;
        this.outbound = outbound;
    }

    @Override
    public Future<Void> progress(double progress, Double total, String message) {
        return envelope.progressToken() == null || !soFar.advancesTo(progress) ? Future.succeededFuture()
            : tell("notifications/progress", NotificationParams.progress(envelope.progressToken(), progress, total, message));
    }

    @Override
    public Future<Void> log(LogLevel level, String logger, Object data) {
        return envelope.logLevel() == null || level.compareTo(envelope.logLevel()) < 0 ? Future.succeededFuture()
            : tell("notifications/message", NotificationParams.log(level, logger, data));
    }

    private Future<Void> tell(String method, Map<String, Object> params) {
        return outbound.send(new JSONRPCNotification("2.0", method, params));
    }
}
