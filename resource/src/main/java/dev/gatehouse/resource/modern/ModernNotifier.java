package dev.gatehouse.resource.modern;

import dev.gatehouse.resource.protocol.NotificationParams;
import dev.gatehouse.resource.protocol.Outbound;
import dev.gatehouse.resource.protocol.ProgressSoFar;
import dev.gatehouse.resource.tool.LogLevel;
import dev.gatehouse.resource.tool.Notifier;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.vertx.core.Future;

import java.util.Map;

/** Tells by the answer's own stream how a request gets on, as much as the request asked to hear. */
final class ModernNotifier implements Notifier {

    private final Envelope envelope;
    private final Outbound outbound;
    private final ProgressSoFar soFar = new ProgressSoFar();

    ModernNotifier(Envelope envelope, Outbound outbound) {
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
