package dev.gatehouse.resource.protocol;

import dev.gatehouse.resource.tool.Notifier;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.vertx.core.Future;

/** Sends the progress of one call to the caller that asked for it. */
final class ProgressNotifier implements Notifier {

    private final McpAsyncServerExchange exchange;
    private final Object token;

    private ProgressNotifier(McpAsyncServerExchange exchange, Object token) {
        this.exchange = exchange;
        this.token = token;
    }

    static Notifier of(McpAsyncServerExchange exchange, CallToolRequest request) {
        Object token = request.meta() == null ? null : request.meta().get("progressToken");
        return token instanceof String || token instanceof Number ? new ProgressNotifier(exchange, token) : NONE;
    }

    @Override
    public Future<Void> progress(double progress, Double total, String message) {
        return Monos.subscribe(exchange.progressNotification(new ProgressNotification(token, progress, total, message, null)));
    }
}
