package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.api.Anonymous;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors.BadMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** Determines the caller of a request over stdio. Requests that wait for that can be cancelled. */
final class StdioCallers {

    private static final Logger LOG = LoggerFactory.getLogger(StdioCallers.class);
    private static final Set<String> CALLS = Set.of("tools/call", "resources/list", "resources/read", "completion/complete", "prompts/get",
        "resources/subscribe", "subscriptions/listen", "tasks/get", "tasks/update", "tasks/cancel");
    private static final Caller NOT_NEEDED = new Anonymous("This method needs no caller");

    private final Supplier<Future<Caller>> callers;
    private final Function<JSONRPCMessage, Future<Void>> channel;
    private final boolean listsByCaller;
    private final Set<Object> waiting = ConcurrentHashMap.newKeySet();

    /**
     * @param channel says that a caller could not be determined
     * @param listsByCaller whether the lists depend on the caller
     */
    StdioCallers(Supplier<Future<Caller>> callers, Function<JSONRPCMessage, Future<Void>> channel, boolean listsByCaller) {
        this.listsByCaller = listsByCaller;
        this.callers = callers;
        this.channel = channel;
    }

    /**
     * Runs a request as soon as it is known who calls, unless it has been cancelled by then. Completes with what has been run.
     *
     * @throws BadMessage if one with its id waits already
     */
    Future<Void> whenKnown(JSONRPCRequest request, Function<Caller, Future<Void>> run) {
        if (!CALLS.contains(request.method()) && !(listsByCaller && request.method().endsWith("/list"))) {
            return run.apply(NOT_NEEDED);
        }
        if (!waiting.add(request.id())) {
            throw new BadMessage(JsonRpcErrors.INVALID_REQUEST, request.id(), "A request with this id is still running");
        }
        return Future.<Void>succeededFuture().compose(start -> callers.get())
            .transform((caller, failure) -> !waiting.remove(request.id()) ? Future.succeededFuture()
                : failure == null ? run.apply(caller) : unknown(request, failure));
    }

    private Future<Void> unknown(JSONRPCRequest request, Throwable failure) {
        LOG.warn("The caller could not be determined", failure);
        return channel.apply(JsonRpcErrors.response(request.id(), JsonRpcErrors.INTERNAL_ERROR, "The access token could not be checked"));
    }

    /** Takes a notification. @return whether it cancelled a request that waited */
    boolean accept(JSONRPCNotification notification) {
        return notification.method().equals("notifications/cancelled") && notification.params() instanceof Map<?, ?> params
            && params.get("requestId") != null && waiting.remove(params.get("requestId"));
    }
}
