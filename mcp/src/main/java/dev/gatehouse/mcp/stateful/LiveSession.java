package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.feature.CallContext;
import dev.gatehouse.mcp.feature.Change;
import dev.gatehouse.mcp.feature.ChangeNotification;
import dev.gatehouse.mcp.feature.Changes;
import dev.gatehouse.mcp.feature.Operations;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.Future;

import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicReference;

/** An initialized session of the SDK with its requests under way, whatever the wire. */
public final class LiveSession {

    /** More requests at once than any client makes; a bound for one that floods. */
    private static final int REQUESTS = 256;
    /** More streams at once than any client opens. */
    private static final int STREAMS = 8;

    private final McpEngine engine;
    private final StatefulSession session;
    /** The newest first. */
    private final Deque<MessageSink> listening = new ConcurrentLinkedDeque<>();
    private final AtomicReference<Changes.Subscription> changes = new AtomicReference<>();
    private volatile Principal principal;
    private volatile boolean closed;
    private final Map<Object, RunningRequest> running = new ConcurrentHashMap<>();

    public LiveSession(McpEngine engine, StatefulSession session) {
        this.engine = engine;
        this.session = session;
        session.unasked(message -> {
            MessageSink way = way();
            return way == null ? Future.succeededFuture() : way.send(message);
        });
    }

    /** Runs a request; its answer leaves by the outbound, which is then finished. */
    public void run(Operations.Checked checked, CallContext context, MessageSink outbound) {
        if (context.caller() instanceof Principal known) {
            principal = known;
        }
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

    private static void refuse(Object id, int code, String message, MessageSink outbound) {
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
        session.accept(response);
    }

    /** The revision that was agreed on. */
    public String version() {
        return session.version();
    }

    /**
     * Says from now on by this way what the server says unasked, as long as it is the newest that has a peer: each message leaves by one
     * way alone (2025-11-25, transports, multiple connections). Of too many, one without a peer is finished, or else the oldest.
     *
     * @param listener who listens, or null if that is known by what it asks for
     */
    public void listen(MessageSink outbound, Principal listener) {
        if (listener != null) {
            principal = listener;
        }
        listening.addFirst(outbound);
        while (listening.size() > STREAMS) {
            finishOne();
        }
        if (changes.get() == null) {
            Changes.Subscription subscription = listener == null ? engine.changes().subscribe(this::tell)
                : engine.changes().subscribe(listener.userKey(), this::tell);
            if (!changes.compareAndSet(null, subscription)) {
                subscription.cancel();
            }
        }
        if (closed) {
            // On another thread meanwhile: nobody else would take back what has just been begun.
            release();
        }
    }

    private void finishOne() {
        MessageSink least = null;
        for (Iterator<MessageSink> oldest = listening.descendingIterator(); oldest.hasNext();) {
            MessageSink each = oldest.next();
            least = least == null || least.isConnected() && !each.isConnected() ? each : least;
        }
        if (least != null && listening.remove(least)) {
            least.finish();
        }
    }

    /** Says no more unasked. */
    public void silence() {
        listening.clear();
    }

    /** Whether requests are under way. */
    public boolean isBusy() {
        return !running.isEmpty();
    }

    /** The newest that has a peer, else the newest; null if there is none. */
    private MessageSink way() {
        return listening.stream().filter(MessageSink::isConnected).findFirst().orElse(listening.peekFirst());
    }

    private void tell(Change change) {
        MessageSink way = way();
        Principal listener = principal;
        if (way != null && session.subscriptions().wants(change)
            && (listener == null ? change.owner() == null : change.concerns(listener))) {
            way.send(new JSONRPCNotification("2.0", ChangeNotification.method(change.kind()),
                change.uri() == null ? null : Map.of("uri", change.uri())));
        }
    }

    /** A request that still runs does not count: one that never ends must not keep its session for ever. */
    public boolean isQuiet() {
        return listening.stream().noneMatch(MessageSink::isConnected);
    }

    /** Cancels what runs and ends the session. */
    public void close() {
        closed = true;
        List.copyOf(running.values()).forEach(RunningRequest::cancel);
        release();
        engine.close(session);
    }

    private void release() {
        Changes.Subscription subscription = changes.getAndSet(null);
        if (subscription != null) {
            subscription.cancel();
        }
        for (MessageSink way = listening.pollFirst(); way != null; way = listening.pollFirst()) {
            way.finish();
        }
    }
}
