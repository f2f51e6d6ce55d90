package dev.gatehouse.resource.protocol;

import dev.gatehouse.resource.tool.LogLevel;
import dev.gatehouse.resource.tool.Notifier;
import io.modelcontextprotocol.server.McpAsyncServerExchange;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.LoggingMessageNotification;
import io.modelcontextprotocol.spec.McpSchema.ProgressNotification;
import io.vertx.core.Future;

import java.io.IOException;

/** Tells the caller of a tool how its call gets on, by the session's stream for the request. */
final class LegacyNotifier implements Notifier {

    private final McpAsyncServerExchange exchange;
    private final WireMapper mapper;
    private final Object token;
    private final Outbound outbound;

    private LegacyNotifier(McpAsyncServerExchange exchange, WireMapper mapper, Object token, Outbound outbound) {
        this.exchange = exchange;
        this.mapper = mapper;
        this.outbound = outbound;
        this.token = token;
    }

    static Notifier of(McpAsyncServerExchange exchange, WireMapper mapper, Object params, Outbound outbound) {
        if (!(params instanceof CallToolRequest request)) {
            return NONE;
        }
        Object token = request.meta() == null ? null : request.meta().get("progressToken");
        return new LegacyNotifier(exchange, mapper, token instanceof String || token instanceof Number ? token : null, outbound);
    }

    @Override
    public Future<Void> progress(double progress, Double total, String message) {
        return token == null ? Future.succeededFuture()
            : Monos.subscribe(exchange.progressNotification(new ProgressNotification(token, progress, total, message, null)));
    }

    @Override
    public Future<Void> log(LogLevel level, String logger, Object data) {
        return Monos.subscribe(exchange.loggingNotification(
            new LoggingMessageNotification(LoggingLevel.valueOf(level.name()), logger, text(data), null)));
    }

    @Override
    public void release() {
        outbound.release();
    }

    /** The SDK's record takes text alone. */
    private String text(Object data) {
        try {
            return data instanceof String text ? text : mapper.writeValueAsString(data);
        } catch (IOException e) {
            throw new IllegalArgumentException("What is logged cannot be written as JSON", e);
        }
    }
}
