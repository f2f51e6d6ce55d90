package dev.gatehouse.client.session;

import dev.gatehouse.client.transport.CallFailure;
import dev.gatehouse.client.transport.Transport;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** JSON-RPC over a transport: matches responses to requests, answers the server's requests, and hands on its notifications. */
final class JsonRpcPeer implements Transport.Listener {

    /**
     * A request.
     *
     * @param timeoutMillis from now, and again from each sign of progress; time for authorization and for
     *     questions of the server does not count
     * @param progress takes the parameters of {@code notifications/progress}
     */
    record Call(String method, JsonObject params, Map<String, String> headers, long timeoutMillis, Consumer<JsonObject> progress) {
    }

    private final class Pending {

        private final Call call;
        private final Promise<JsonObject> result = Promise.promise();
        private final long id;
        private long timer;

        Pending(long id, Call call) {
            this.id = id;
            this.call = call;
            start();
        }

        private synchronized void start() {
            timer = vertx.setTimer(call.timeoutMillis(), late -> expire());
        }

        synchronized void restart() {
            if (vertx.cancelTimer(timer)) {
                start();
            }
        }

        private void expire() {
            if ((transport.isAuthorizing() || answering.get() > 0) && !result.future().isComplete()) {
                start();
            } else if (result.tryFail(new CallFailure("The server did not answer " + call.method() + " within "
                + call.timeoutMillis() / 1_000 + " seconds"))) {
                transport.abandon(id);
                onTimeout.accept(id);
            }
        }
    }

    private static final int INTERNAL_ERROR = -32_603;
    private final Vertx vertx;
    private final Transport transport;
    private final ClientFeatures features;
    private final Consumer<JsonObject> notifications;
    private final AtomicLong lastId = new AtomicLong();
    /** Requests of the server that this client has not answered yet: a person may need long. */
    private final AtomicInteger answering = new AtomicInteger();
    private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
    private volatile Consumer<Long> onTimeout = id -> { };
    private volatile Map<String, String> replyHeaders = Map.of();
    private volatile CallFailure ended;

    /** @param notifications takes every notification but those of progress */
    JsonRpcPeer(Vertx vertx, Transport transport, ClientFeatures features, Consumer<JsonObject> notifications) {
        this.vertx = vertx;
        this.transport = transport;
        this.features = features;
        this.notifications = notifications;
    }

    Future<Void> open() {
        return transport.open(this);
    }

    /** @param headers of the HTTP requests that carry responses and notifications; @param timeout told the id of a request that timed out */
    void begin(Map<String, String> headers, Consumer<Long> timeout) {
        replyHeaders = headers;
        onTimeout = timeout;
    }

    /** Sends a request. Fails with {@link McpError}, or with {@link CallFailure} when there is no response. */
    Future<JsonObject> request(Call call) {
        if (ended != null) {
            return Future.failedFuture(ended);
        }
        long id = lastId.incrementAndGet();
        Pending waiting = new Pending(id, call);
        pending.put(id, waiting);
        JsonObject params = call.params();
        if (call.progress() != null) {
            JsonObject meta = params.getJsonObject("_meta", new JsonObject()).copy().put("progressToken", id);
            params = params.copy().put("_meta", meta);
        }
        JsonObject message = new JsonObject().put("jsonrpc", "2.0").put("id", id).put("method", call.method()).put("params", params);
        transport.send(message, call.headers()).onComplete(sent -> {
            if (sent.failed()) {
                waiting.result.tryFail(sent.cause());
            } else if (transport.hasHeaders()) {
                waiting.result.tryFail(new CallFailure("The server sent no response to " + call.method()));
            }
        });
        return waiting.result.future().onComplete(done -> {
            pending.remove(id);
            vertx.cancelTimer(waiting.timer);
        });
    }

    Future<Void> notify(String method, JsonObject params) {
        return transport.send(new JsonObject().put("jsonrpc", "2.0").put("method", method).put("params", params), replyHeaders);
    }

    @Override
    public void received(JsonObject message) {
        if (!(message.getValue("method") instanceof String method)) {
            respond(message);
        } else if (message.containsKey("id")) {
            answer(message.getValue("id"), method, params(message));
        } else if (method.equals("notifications/progress")) {
            progress(params(message));
        } else {
            notifications.accept(message);
        }
    }

    private static JsonObject params(JsonObject message) {
        return message.getValue("params") instanceof JsonObject params ? params : new JsonObject();
    }

    private void respond(JsonObject message) {
        Pending waiting = message.getValue("id") instanceof Number id ? pending.get(id.longValue()) : null;
        if (waiting == null) {
            return;
        }
        if (message.getValue("error") instanceof JsonObject error) {
            waiting.result.tryFail(new McpError(error));
        } else if (message.getValue("result") instanceof JsonObject result) {
            waiting.result.tryComplete(result);
        } else {
            waiting.result.tryFail(new CallFailure("The server's response has neither a result nor an error"));
        }
    }

    private void answer(Object id, String method, JsonObject params) {
        JsonObject response = new JsonObject().put("jsonrpc", "2.0").put("id", id);
        answering.incrementAndGet();
        features.answer(method, params).map(result -> response.put("result", result))
            .otherwise(failure -> response.put("error", error(method, failure)))
            .onComplete(ready -> answering.decrementAndGet())
            .compose(ready -> transport.send(ready, replyHeaders));
    }

    private static JsonObject error(String method, Throwable failure) {
        if (failure instanceof McpError known) {
            return new JsonObject().put("code", known.code()).put("message", known.getMessage());
        }
        return failure instanceof UnsupportedOperationException
            ? new JsonObject().put("code", McpError.METHOD_NOT_FOUND).put("message", "Method not found: " + method)
            : new JsonObject().put("code", INTERNAL_ERROR).put("message", "The client could not answer");
    }

    private void progress(JsonObject params) {
        Pending waiting = params.getValue("progressToken") instanceof Number token ? pending.get(token.longValue()) : null;
        if (waiting != null && waiting.call.progress() != null) {
            waiting.restart();
            waiting.call.progress().accept(params);
        }
    }

    @Override
    public void closed(CallFailure cause) {
        ended = cause;
        pending.values().forEach(waiting -> waiting.result.tryFail(cause));
    }

    Future<Void> close() {
        closed(new CallFailure("The connection is closed"));
        return transport.close();
    }
}
