package dev.gatehouse.client.bridge;

import dev.gatehouse.client.connect.ClientProcess;
import dev.gatehouse.client.session.ProtocolVersion;
import dev.gatehouse.client.session.McpHeaders;
import dev.gatehouse.client.transport.CallFailure;
import dev.gatehouse.client.transport.StreamableTransport;
import dev.gatehouse.client.transport.Transport;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Passes messages between a host and a server over HTTP, as they are. It adds what HTTP needs: the headers, the session, the event
 * streams, and the authorization. All methods run on one Vert.x context.
 */
final class Bridge implements Transport.Listener {

    private static final String META = "io.modelcontextprotocol/protocolVersion";
    private static final int FAILED = -32000;
    private static final List<Integer> STATUS_OF_OLDER_SERVERS = List.of(400, 404, 405);
    private static final long DRAIN_MILLIS = 15_000;

    private final Vertx vertx;
    private final Supplier<Transport> older;
    private final Consumer<JsonObject> toHost;
    private final Consumer<String> notes;
    private final McpHeaders headers = new McpHeaders();
    /** Methods of the requests under way, by their ids. */
    private final Map<Object, String> pending = new HashMap<>();
    private final Promise<Void> ended = Promise.promise();
    private Transport transport;
    private boolean proven;
    private boolean drains;
    private String version;
    private JsonObject initialize;
    /** Completes when the handshake has gone so far that the next message may be sent. */
    private Future<Void> gate = Future.succeededFuture();
    private Promise<Void> initialized = Promise.promise();
    private Future<Void> renewal;

    /**
     * @param older makes the transport of revision 2024-11-05 to fall back to; null for no fallback
     * @param toHost takes messages for the host
     * @param notes takes what the user should know
     */
    Bridge(Vertx vertx, Transport transport, Supplier<Transport> older, Consumer<JsonObject> toHost, Consumer<String> notes) {
        this.vertx = vertx;
        this.transport = transport;
        this.older = older;
        this.toHost = toHost;
        this.notes = notes;
    }

    Future<Void> open() {
        return transport.open(this);
    }

    /** Completes when everything is answered after the input has ended; fails when the server has ended the connection. */
    Future<Void> ended() {
        return ended.future();
    }

    /** Takes a message of the host. */
    void take(JsonObject message) {
        String method = message.getString("method", "");
        if (isRequest(message)) {
            pending.put(message.getValue("id"), method);
        }
        if (method.equals("initialize")) {
            initialize = message;
            initialized = Promise.promise();
            Promise<Void> answered = initialized;
            gate = gate.compose(ready -> {
                send(message).onComplete(done -> answered.tryComplete());
                return answered.future();
            });
        } else if (method.equals("notifications/initialized")) {
            gate = gate.compose(ready -> send(message)).map(sent -> {
                transport.listen(McpHeaders.ofVersion(version));
                return null;
            });
        } else {
            gate.onSuccess(ready -> forward(message, method));
        }
    }

    private void forward(JsonObject message, String method) {
        Object cancelled = method.equals("notifications/cancelled") && message.getValue("params") instanceof JsonObject params
            ? params.getValue("requestId") : null;
        if (cancelled != null) {
            pending.remove(cancelled);
            if (version == null) {
                // Without a session the closed stream says it (2026-07-28, Streamable HTTP, cancellation).
                transport.abandon(cancelled);
                drained();
                return;
            }
        }
        send(message);
    }

    private static boolean isRequest(JsonObject message) {
        return message.containsKey("method") && message.containsKey("id");
    }

    /** Sends a message. A failure becomes the answer of a request, so the future does not fail. */
    private Future<Void> send(JsonObject message) {
        return transport.send(message, headersOf(message)).map(sent -> {
            proven = true;
            return (Void) null;
        }).recover(failure -> failure instanceof CallFailure call ? again(message, call) : Future.failedFuture(failure))
            .otherwise(failure -> fail(message, failure));
    }

    private Map<String, String> headersOf(JsonObject message) {
        JsonObject params = message.getValue("params") instanceof JsonObject object ? object : new JsonObject();
        boolean stateless = params.getValue("_meta") instanceof JsonObject meta && ProtocolVersion.STATELESS.equals(meta.getValue(META));
        if (stateless && transport.hasHeaders() && message.getValue("method") instanceof String method) {
            return headers.of(method, params);
        }
        return McpHeaders.ofVersion(version);
    }

    private Future<Void> again(JsonObject message, CallFailure failure) {
        if (!proven && older != null && "initialize".equals(message.getValue("method")) && STATUS_OF_OLDER_SERVERS.contains(failure.status())) {
            Transport first = transport;
            Transport sse = older.get();
            return sse.open(this).compose(opened -> {
                transport = sse;
                return sse.send(message, Map.of());
            }).recover(none -> {
                transport = first;
                return Future.failedFuture(failure);
            });
        }
        boolean lost = failure.status() == 404 && initialize != null && message != initialize
            && transport instanceof StreamableTransport streamable && streamable.hasSession();
        return lost ? renewed().compose(again -> transport.send(message, headersOf(message))) : Future.failedFuture(failure);
    }

    /** A server that has ended the session expects a new handshake (2025-11-25, transports, session management). The host has had its own. */
    private Future<Void> renewed() {
        if (renewal == null) {
            ((StreamableTransport) transport).forgetSession();
            JsonObject handshake = initialize.copy().put("id", "gatehouse-" + System.identityHashCode(this));
            renewal = transport.send(handshake, Map.of())
                .compose(answered -> transport.send(new JsonObject().put("jsonrpc", "2.0").put("method", "notifications/initialized"),
                    McpHeaders.ofVersion(version)))
                .onComplete(done -> renewal = null);
            renewal.onSuccess(begun -> {
                notes.accept("The server had ended the session; a new one has begun.");
                transport.listen(McpHeaders.ofVersion(version));
            });
        }
        return renewal;
    }

    private Void fail(JsonObject message, Throwable failure) {
        if (isRequest(message) && pending.remove(message.getValue("id")) != null) {
            toHost.accept(new JsonObject().put("jsonrpc", "2.0").put("id", message.getValue("id"))
                .put("error", new JsonObject().put("code", FAILED).put("message", ClientProcess.message(failure))));
        } else if (!isRequest(message)) {
            notes.accept(message.getString("method", "A response") + " did not reach the server: " + ClientProcess.message(failure));
        }
        drained();
        return null;
    }

    @Override
    public void received(JsonObject message) {
        if (message.containsKey("method")) {
            toHost.accept(message);
            return;
        }
        if (("gatehouse-" + System.identityHashCode(this)).equals(message.getValue("id"))) {
            return;
        }
        String method = pending.remove(message.getValue("id"));
        JsonObject result = message.getValue("result") instanceof JsonObject object ? object : new JsonObject();
        if ("initialize".equals(method)) {
            version = result.getString("protocolVersion");
            initialized.tryComplete();
        } else if ("tools/list".equals(method)) {
            headers.learn(result);
        }
        toHost.accept(message);
        drained();
    }

    @Override
    public void closed(CallFailure cause) {
        List.copyOf(pending.keySet()).forEach(id -> fail(new JsonObject().put("id", id).put("method", pending.get(id)), cause));
        ended.tryFail(cause);
    }

    /** The host has closed the input: answers under way are waited for, for some seconds. */
    void endOfInput() {
        drains = true;
        vertx.setTimer(DRAIN_MILLIS, late -> ended.tryComplete());
        gate.onComplete(ready -> drained());
    }

    private void drained() {
        if (drains && pending.isEmpty()) {
            ended.tryComplete();
        }
    }

    Future<Void> close() {
        return transport.close();
    }
}
