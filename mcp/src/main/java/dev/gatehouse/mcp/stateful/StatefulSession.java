package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.LogLevel;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.feature.Change;
import dev.gatehouse.mcp.feature.Changes;
import dev.gatehouse.mcp.feature.DeclaredCapabilities;
import dev.gatehouse.mcp.feature.Operations;
import dev.gatehouse.mcp.feature.PendingRequest;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.vertx.CallerContext;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A session of a revision with {@code initialize}, on any wire. Only the channel differs from wire to wire. Safe for use from several event
 * loops: the client's next connection may reach another one.
 *
 * @param <C> the channel of the wire
 */
public final class StatefulSession<C extends SessionChannel> {

    /** More pending requests than any client has; a bound against floods. */
    private static final int REQUESTS = 256;
    private static final int SUBSCRIPTIONS = 1_000;
    /** The one revision that has ids of elicitations. */
    private static final String URL_ELICITATION = "2025-11-25";

    private final StatefulServer server;
    private final String id;
    private final Principal owner;
    private final C channel;
    private final Map<Object, PendingRequest> pending = new ConcurrentHashMap<>();
    private final Map<Object, Promise<Object>> questions = new ConcurrentHashMap<>();
    private final AtomicReference<Changes.Subscription> changes = new AtomicReference<>();
    /** Guarded by this. */
    private Set<String> subscribed = Set.of();
    private volatile Handshake handshake;
    private volatile LogLevel logLevel = LogLevel.INFO;
    private volatile Principal listener;
    private volatile boolean closed;

    /**
     * The agreement of server and client by {@code initialize}.
     *
     * @param version protocol revision
     * @param client  capabilities of the client
     */
    public record Handshake(String version, DeclaredCapabilities client) {
    }

    /**
     * @param id    256 random bits in visible ASCII; it is found for its owner alone
     * @param owner null for a process, whose caller is known from its requests
     */
    public StatefulSession(StatefulServer server, String id, Principal owner, C channel) {
        this.server = server;
        this.id = id;
        this.owner = owner;
        this.listener = owner;
        this.channel = channel;
    }

    /** Returns the session id, which is also in the header {@code Mcp-Session-Id}. */
    public String id() {
        return id;
    }

    /** Returns the caller that began the session. Only this caller may use it. */
    public Principal owner() {
        return owner;
    }

    /** Returns the channel of the session. */
    public C channel() {
        return channel;
    }

    /** The agreed revision; null before {@code initialize}. */
    public String version() {
        Handshake agreed = handshake;
        return agreed == null ? null : agreed.version();
    }

    DeclaredCapabilities client() {
        return handshake.client();
    }

    boolean isBegun() {
        return handshake != null;
    }

    /** Begins the session. A second {@code initialize} on the same channel ends what the first one began. */
    public void begin(Handshake agreed) {
        boolean again = handshake != null;
        handshake = agreed;
        if (again) {
            cancelAll();
            logLevel = LogLevel.INFO;
            synchronized (this) {
                subscribed = Set.of();
            }
        }
    }

    /** Runs a request. Its response leaves by the sink, which is then finished. */
    public void run(Operations.Checked checked, Caller caller, MessageSink sink) {
        JSONRPCRequest request = checked.request();
        if (request.method().equals("initialize")) {
            server.initialize(this, request, sink);
            return;
        }
        if (owner == null && caller instanceof Principal known) {
            listener = known;
        }
        PendingRequest started = new PendingRequest(sink, () -> pending.remove(request.id()));
        if (pending.size() >= REQUESTS) {
            refuse(request, JsonRpcErrors.REFUSED, "Too many requests at once", sink);
        } else if (pending.putIfAbsent(request.id(), started) != null) {
            refuse(request, JsonRpcErrors.INVALID_REQUEST, "A request with this id is still running", sink);
        } else {
            sink.onEnding(why -> {
                if (why == MessageSink.Ending.REVOKED) {
                    started.abort(StatefulServer.OK, JsonRpcErrors.response(request.id(), JsonRpcErrors.REFUSED, JsonRpcErrors.REVOKED));
                }
            });
            server.run(this, request, caller, started);
        }
    }

    private static void refuse(JSONRPCRequest request, int code, String message, MessageSink sink) {
        sink.send(JsonRpcErrors.response(request.id(), code, message)).onComplete(sent -> sink.finish());
    }

    /** Accepts a notification. Only a cancellation has an effect: the server keeps none of the client's lists, and waits for no notification. */
    public void accept(JSONRPCNotification notification) {
        if (notification.method().equals("notifications/cancelled") && notification.params() instanceof Map<?, ?> params
            && params.get("requestId") != null) {
            PendingRequest request = pending.get(params.get("requestId"));
            if (request != null) {
                request.cancel();
            }
        }
    }

    /** Accepts the client's answer to a question of the server. An answer to none is ignored: the question may have timed out. */
    public void accept(JSONRPCResponse response) {
        Promise<Object> question = response.id() == null ? null : questions.remove(response.id());
        if (question == null) {
            return;
        }
        if (response.error() != null) {
            question.tryFail(new McpError(response.error()));
        } else {
            question.tryComplete(response.result());
        }
    }

    /**
     * Sends a request of the server as part of a pending request.
     *
     * @return fails with {@link McpError} if the client answers with an error, with a timeout, or when the pending request or the session ends
     */
    Future<Object> ask(PendingRequest during, String method, Map<String, Object> params) {
        String question = SecretToken.generate("");
        Promise<Object> answer = CallerContext.promise();
        questions.put(question, answer);
        if (during.isOver()) {
            answer.tryFail(new CancellationException("The request has been answered"));
        } else {
            during.send(new JSONRPCRequest("2.0", method, question, params)).onFailure(answer::tryFail);
            during.cancelled().onSuccess(gone -> answer.tryFail(new CancellationException("The request has been cancelled")));
        }
        return server.inTime(answer.future()).onComplete(over -> questions.remove(question));
    }

    boolean wants(LogLevel level) {
        return level.compareTo(logLevel) >= 0;
    }

    void logLevel(LogLevel least) {
        logLevel = least;
    }

    /** Returns true if the revision can send users to pages. */
    boolean hasUrlElicitation() {
        return URL_ELICITATION.equals(version());
    }

    /** @return false if the client has too many subscriptions */
    synchronized boolean subscribe(String uri) {
        if (subscribed.isEmpty()) {
            subscribed = new HashSet<>();
        }
        return subscribed.contains(uri) || subscribed.size() < SUBSCRIPTIONS && subscribed.add(uri);
    }

    synchronized void unsubscribe(String uri) {
        if (!subscribed.isEmpty()) {
            subscribed.remove(uri);
        }
    }

    private synchronized boolean isSubscribedTo(Change change) {
        return change.kind() != Change.Kind.RESOURCE_UPDATED || subscribed.contains(change.uri());
    }

    /** Sends changes to the client from now on. */
    public void sendChanges() {
        if (changes.get() == null) {
            Changes.Subscription subscription = owner == null ? server.changes().subscribe(this::send)
                : server.changes().subscribe(owner.userKey(), this::send);
            if (!changes.compareAndSet(null, subscription)) {
                subscription.cancel();
            }
        }
        if (closed) {
            // Closed on another thread meanwhile.
            cancelChanges();
        }
    }

    private void send(Change change) {
        Principal reader = listener;
        if (isSubscribedTo(change) && (reader == null ? change.owner() == null : change.concerns(reader))) {
            channel.sendUnsolicited(change.notification(Map.of()));
        }
    }

    private void cancelChanges() {
        Changes.Subscription subscription = changes.getAndSet(null);
        if (subscription != null) {
            subscription.cancel();
        }
    }

    /** Returns true if no client listens. Pending requests do not count: one that never ends must not keep its session open. */
    public boolean isQuiet() {
        return !channel.isOpen();
    }

    /** Returns whether a request of the client is pending. */
    public boolean isBusy() {
        return !pending.isEmpty();
    }

    /** Cancels the pending requests, and ends the session and its channel. */
    public void close() {
        closed = true;
        cancelAll();
        cancelChanges();
        channel.close();
    }

    private void cancelAll() {
        List.copyOf(pending.values()).forEach(PendingRequest::cancel);
        questions.values().forEach(question -> question.tryFail(new CancellationException("The session has ended")));
    }
}
