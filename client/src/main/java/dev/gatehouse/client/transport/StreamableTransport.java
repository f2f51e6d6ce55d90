package dev.gatehouse.client.transport;

import dev.gatehouse.client.http.HttpAnswer;
import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.client.http.RequestAuthorizer;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Streamable HTTP: a POST for each message, whose answer is JSON or an event stream. In the revisions with sessions (2025-03-26 to
 * 2025-11-25) a broken stream is resumed with {@code Last-Event-ID}, and a GET opens a stream for messages of no request.
 */
public final class StreamableTransport implements Transport {

    private static final String SESSION = "Mcp-Session-Id";
    private static final String ACCEPT = "application/json, text/event-stream";
    private static final long RETRY_MILLIS = 1_000;
    private static final long LONGEST_RETRY_MILLIS = 30_000;
    private static final int MOST_RESUMPTIONS = 10;

    private final Vertx vertx;
    private final URI url;
    private final Map<String, String> fixedHeaders;
    private final HttpCaller http;
    private final AuthorizedCalls calls;
    private final Map<Object, HttpClientResponse> openStreams = new ConcurrentHashMap<>();
    private final Set<Object> abandoned = ConcurrentHashMap.newKeySet();
    private Listener listener;
    private volatile String sessionId;
    private volatile Map<String, String> latestHeaders = Map.of();
    private volatile boolean closed;

    /** @param fixedHeaders header fields of every request, as the configuration gives them */
    public StreamableTransport(Vertx vertx, URI url, Map<String, String> fixedHeaders, HttpCaller http, RequestAuthorizer authorizer) {
        this.vertx = vertx;
        this.url = url;
        this.fixedHeaders = Map.copyOf(fixedHeaders);
        this.http = http;
        this.calls = new AuthorizedCalls(http, authorizer);
    }

    @Override
    public Future<Void> open(Listener receiver) {
        listener = receiver;
        return Future.succeededFuture();
    }

    @Override
    public boolean hasHeaders() {
        return true;
    }

    @Override
    public Future<Void> send(JsonObject message, Map<String, String> headers) {
        latestHeaders = headers;
        HttpCall call = call(HttpMethod.POST, ACCEPT, headers, message.toBuffer()).with("Content-Type", "application/json");
        return calls.open(call).compose(response -> answered(message, response, call));
    }

    private HttpCall call(HttpMethod method, String accept, Map<String, String> headers, Buffer body) {
        MultiMap all = MultiMap.caseInsensitiveMultiMap().addAll(fixedHeaders).set("Accept", accept).addAll(headers);
        if (sessionId != null) {
            all.set(SESSION, sessionId);
        }
        return new HttpCall(method, url, all, body);
    }

    private Future<Void> answered(JsonObject message, HttpClientResponse response, HttpCall call) {
        String session = response.getHeader(SESSION);
        if (session != null && "initialize".equals(message.getString("method"))) {
            sessionId = session;
        }
        Object requestId = Messages.isRequest(message) ? message.getValue("id") : null;
        if (response.statusCode() == 200 && HttpAnswer.mediaType(response.headers()).equals("text/event-stream") && requestId != null) {
            return stream(new Exchange(requestId), response);
        }
        return HttpCaller.read(response, call).map(answer -> whole(requestId, answer));
    }

    private Void whole(Object requestId, HttpAnswer answer) {
        boolean success = answer.status() / 100 == 2;
        if (requestId == null && success) {
            return null;
        }
        if (success) {
            List<JsonObject> messages = Messages.parse(answer.body());
            messages.forEach(listener::received);
            return null;
        }
        JsonObject error = answer.json().filter(body -> body.getValue("error") instanceof JsonObject).orElse(null);
        if (requestId == null || error == null || isLostSession(answer)) {
            throw new CallFailure("The server answered with status " + answer.status() + excerpt(answer), answer.status(), null);
        }
        listener.received(error.copy().put("id", requestId));
        return null;
    }

    /** The server of a session that it has ended answers 404 (2025-11-25, transports, session management). */
    private boolean isLostSession(HttpAnswer answer) {
        return answer.status() == 404 && sessionId != null;
    }

    private static String excerpt(HttpAnswer answer) {
        String body = answer.body().toString().strip();
        return body.isEmpty() || body.startsWith("<") ? "" : ": " + body.substring(0, Math.min(300, body.length()));
    }

    /** Ends the session that the transport is in, so that the next message is without one. */
    public void forgetSession() {
        sessionId = null;
    }

    public boolean hasSession() {
        return sessionId != null;
    }

    private Future<Void> stream(Exchange exchange, HttpClientResponse response) {
        keep(exchange.requestId, response);
        return exchange.read(response).onComplete(ended -> {
            openStreams.remove(exchange.requestId);
            abandoned.remove(exchange.requestId);
        });
    }

    /** A stream that opens after the close, or after its request was abandoned, ends at once. */
    private void keep(Object requestId, HttpClientResponse response) {
        openStreams.put(requestId, response);
        if (closed || abandoned.contains(requestId)) {
            HttpCaller.abandon(response);
        }
    }

    @Override
    public void listen(Map<String, String> headers) {
        calls.open(call(HttpMethod.GET, "text/event-stream", headers, null)).onSuccess(response -> {
            if (response.statusCode() == 200) {
                stream(new Exchange(this), response);
            } else {
                // A server without such a stream answers 405.
                HttpCaller.abandon(response);
            }
        });
    }

    @Override
    public void abandon(Object requestId) {
        abandoned.add(requestId);
        HttpClientResponse response = openStreams.remove(requestId);
        if (response != null) {
            HttpCaller.abandon(response);
        }
    }

    @Override
    public boolean isAuthorizing() {
        return calls.areWaiting();
    }

    @Override
    public Future<Void> close() {
        closed = true;
        openStreams.values().forEach(response -> HttpCaller.abandon(response));
        if (sessionId == null) {
            return Future.succeededFuture();
        }
        HttpCall delete = call(HttpMethod.DELETE, ACCEPT, latestHeaders, null);
        return calls.open(delete).compose(response -> HttpCaller.read(response, delete)).<Void>mapEmpty().otherwiseEmpty();
    }

    /** The stream or streams that carry the response to one request. */
    private final class Exchange {

        private final Object requestId;
        private EventStreamParser parser = new EventStreamParser();
        private String lastEventId;
        private int resumptions;
        private boolean answered;

        Exchange(Object requestId) {
            this.requestId = requestId;
        }

        Future<Void> read(HttpClientResponse response) {
            Promise<Void> end = Promise.promise();
            response.handler(chunk -> {
                try {
                    parser.feed(chunk).forEach(this::receive);
                } catch (CallFailure malformed) {
                    end.tryFail(malformed);
                    HttpCaller.abandon(response);
                }
            });
            response.exceptionHandler(end::tryFail);
            response.endHandler(ended -> end.tryComplete());
            response.resume();
            return end.future().transform(result -> ended(result.cause()));
        }

        private void receive(EventStreamParser.Event event) {
            if (event.type().equals("message")) {
                for (JsonObject message : Messages.parse(Buffer.buffer(event.data()))) {
                    answered |= Messages.answers(message, requestId);
                    listener.received(message);
                }
            }
        }

        private Future<Void> ended(Throwable cause) {
            if (answered || closed || abandoned.contains(requestId)) {
                return Future.succeededFuture();
            }
            if (cause instanceof CallFailure malformed) {
                return Future.failedFuture(malformed);
            }
            lastEventId = parser.lastId() == null ? lastEventId : parser.lastId();
            boolean resumable = lastEventId != null || requestId == StreamableTransport.this && sessionId != null;
            if (!resumable || resumptions++ >= MOST_RESUMPTIONS) {
                return Future.failedFuture(new CallFailure("The server closed the stream before it answered", cause));
            }
            long wait = parser.retryMillis() < 0 ? RETRY_MILLIS : Math.min(parser.retryMillis(), LONGEST_RETRY_MILLIS);
            return vertx.timer(wait).compose(waited -> resume());
        }

        private Future<Void> resume() {
            if (closed || abandoned.contains(requestId)) {
                return Future.succeededFuture();
            }
            HttpCall call = call(HttpMethod.GET, "text/event-stream", latestHeaders, null);
            return calls.open(lastEventId == null ? call : call.with("Last-Event-ID", lastEventId)).compose(response -> {
                if (response.statusCode() != 200) {
                    HttpCaller.abandon(response);
                    return Future.failedFuture(new CallFailure("The server does not resume the stream of the response", response.statusCode(), null));
                }
                parser = new EventStreamParser();
                keep(requestId, response);
                return read(response);
            });
        }
    }

}
