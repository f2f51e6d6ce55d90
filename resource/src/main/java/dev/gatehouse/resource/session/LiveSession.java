package dev.gatehouse.resource.session;

import dev.gatehouse.resource.protocol.CallContext;
import dev.gatehouse.resource.protocol.JsonRpcErrors;
import dev.gatehouse.resource.protocol.McpEngine;
import dev.gatehouse.resource.protocol.Operations;
import dev.gatehouse.resource.protocol.Outbound;
import dev.gatehouse.resource.protocol.RunningRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import io.modelcontextprotocol.spec.McpStreamableServerSession.McpStreamableServerSessionStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** An initialized session of the SDK with its requests under way, whatever the wire. */
public final class LiveSession {

    /** More requests at once than any client makes; a bound for one that floods. */
    private static final int REQUESTS = 256;

    private final McpEngine engine;
    private final McpStreamableServerSession session;
    private final Map<Object, RunningRequest> running = new ConcurrentHashMap<>();

    public LiveSession(McpEngine engine, McpStreamableServerSession session) {
        this.engine = engine;
        this.session = session;
    }

    /** Runs a request; its answer leaves by the outbound, which is then finished. */
    public void run(Operations.Checked checked, CallContext context, Outbound outbound) {
        Object id = checked.request().id();
        RunningRequest request = engine.prepare(session, checked, context, outbound, ended -> running.remove(id, ended));
        if (running.size() >= REQUESTS) {
            refuse(id, JsonRpcErrors.REFUSED, "Too many requests at once", outbound);
        } else if (running.putIfAbsent(id, request) != null) {
            refuse(id, JsonRpcErrors.INVALID_REQUEST, "A request with this id is still running", outbound);
        } else {
            request.start();
        }
    }

    private static void refuse(Object id, int code, String message, Outbound outbound) {
        outbound.send(JsonRpcErrors.response(id, code, message)).onComplete(sent -> outbound.finish());
    }

    /**
     * Takes a notification. Only a cancellation asks for anything: the server keeps no list of the client's that could change,
     * and {@code notifications/initialized} is nothing to wait for.
     */
    public void accept(JSONRPCNotification notification) {
        if (notification.method().equals("notifications/cancelled") && notification.params() instanceof Map<?, ?> params
            && params.get("requestId") != null) {
            RunningRequest request = running.get(params.get("requestId"));
            if (request != null) {
                request.cancel();
            }
        }
    }

    /** Takes the client's answer to a question of the server. An answer to none is ignored: the question may have timed out. */
    public void accept(JSONRPCResponse response) {
        session.accept(response).onErrorComplete().subscribe();
    }

    /** Opens the stream for what the server says unasked. */
    public McpStreamableServerSessionStream listen(Outbound outbound) {
        return engine.listen(session, outbound);
    }

    /** A request that still runs does not count: one that never ends must not keep its session for ever. */
    public boolean isQuiet() {
        return !session.hasListeningStream();
    }

    /** Cancels what runs and ends the session. */
    public void close() {
        List.copyOf(running.values()).forEach(RunningRequest::cancel);
        engine.close(session);
    }
}
