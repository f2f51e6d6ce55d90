package dev.gatehouse.mcp.feature;

import dev.gatehouse.mcp.api.LogLevel;
import dev.gatehouse.mcp.api.Notifier;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.vertx.core.Future;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Sends progress and log messages of one request. Safe for use from any thread. */
public final class RequestNotifier implements Notifier {

    private final MessageSink request;
    private final Object progressToken;
    private final Predicate<LogLevel> wanted;
    private double reported = Double.NEGATIVE_INFINITY;

    /**
     * Creates the notifier of a request.
     *
     * @param request receives the notifications
     * @param progressToken a string or number; any other value means that the client wants no progress
     * @param wanted        the log levels that the client wants
     */
    public RequestNotifier(MessageSink request, Object progressToken, Predicate<LogLevel> wanted) {
        this.request = request;
        this.progressToken = progressToken instanceof String || progressToken instanceof Number ? progressToken : null;
        this.wanted = wanted;
    }

    @Override
    public Future<Void> progress(double progress, Double total, String message) {
        if (progressToken == null || !advancesTo(progress)) {
            return Future.succeededFuture();
        }
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("progressToken", progressToken);
        params.put("progress", progress);
        putIfKnown(params, "total", total);
        putIfKnown(params, "message", message);
        return request.send(new JSONRPCNotification("2.0", "notifications/progress", params));
    }

    /** The progress must increase with each notification (MCP, progress). */
    private synchronized boolean advancesTo(double progress) {
        if (!(progress > reported) || Double.isInfinite(progress)) {
            return false;
        }
        reported = progress;
        return true;
    }

    @Override
    public Future<Void> log(LogLevel level, String logger, Object data) {
        if (!wanted.test(level)) {
            return Future.succeededFuture();
        }
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("level", level.wireName());
        putIfKnown(params, "logger", logger);
        params.put("data", data);
        return request.send(new JSONRPCNotification("2.0", "notifications/message", params));
    }

    private static void putIfKnown(Map<String, Object> params, String name, Object value) {
        if (value != null) {
            params.put(name, value);
        }
    }
}
