package dev.gatehouse.resource.modern;

import dev.gatehouse.resource.protocol.Outbound;
import dev.gatehouse.resource.tool.LogLevel;
import dev.gatehouse.resource.tool.Notifier;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.vertx.core.Future;

import java.util.LinkedHashMap;
import java.util.Map;

/** Tells by the answer's own stream how a request gets on, as much as the request asked to hear. */
final class ModernNotifier implements Notifier {

    private final Envelope envelope;
    private final Outbound outbound;

    ModernNotifier(Envelope envelope, Outbound outbound) {
        this.envelope = envelope;
        this.outbound = outbound;
    }

    @Override
    public Future<Void> progress(double progress, Double total, String message) {
        if (envelope.progressToken() == null) {
            return Future.succeededFuture();
        }
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("progressToken", envelope.progressToken());
        params.put("progress", progress);
        putIfKnown(params, "total", total);
        putIfKnown(params, "message", message);
        return outbound.send(new JSONRPCNotification("2.0", "notifications/progress", params));
    }

    @Override
    public Future<Void> log(LogLevel level, String logger, Object data) {
        if (envelope.logLevel() == null || level.compareTo(envelope.logLevel()) < 0) {
            return Future.succeededFuture();
        }
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("level", level.wireName());
        putIfKnown(params, "logger", logger);
        params.put("data", data);
        return outbound.send(new JSONRPCNotification("2.0", "notifications/message", params));
    }

    private static void putIfKnown(Map<String, Object> params, String name, Object value) {
        if (value != null) {
            params.put(name, value);
        }
    }
}
