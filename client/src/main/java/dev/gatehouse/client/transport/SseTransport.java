package dev.gatehouse.client.transport;

import dev.gatehouse.client.http.HttpAnswer;
import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.client.http.RequestAuthorizer;
import dev.gatehouse.client.http.SecureUrl;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.Map;

/** HTTP+SSE of revision 2024-11-05: one event stream from the server, and a POST for each message to the address that it names. */
public final class SseTransport implements Transport {

    private static final long ENDPOINT_MILLIS = 15_000;

    private final Vertx vertx;
    private final URI url;
    private final Map<String, String> fixedHeaders;
    private final AuthorizedCalls calls;
    private final EventStreamParser parser = new EventStreamParser();
    private final Promise<URI> endpoint = Promise.promise();
    private volatile HttpClientResponse stream;
    private volatile boolean closed;
    private Listener listener;

    public SseTransport(Vertx vertx, URI url, Map<String, String> fixedHeaders, HttpCaller http, RequestAuthorizer authorizer) {
        this.vertx = vertx;
        this.url = url;
        this.fixedHeaders = Map.copyOf(fixedHeaders);
        this.calls = new AuthorizedCalls(http, authorizer);
    }

    @Override
    public Future<Void> open(Listener receiver) {
        listener = receiver;
        HttpCall call = new HttpCall(HttpMethod.GET, url, headers(Map.of()).set("Accept", "text/event-stream"), null);
        return calls.open(call).compose(response -> {
            if (response.statusCode() != 200 || !HttpAnswer.mediaType(response.headers()).equals("text/event-stream")) {
                HttpCaller.abandon(response);
                return Future.failedFuture(new CallFailure("There is no event stream at " + url + ": status " + response.statusCode(),
                    response.statusCode(), null));
            }
            if (closed) {
                HttpCaller.abandon(response);
                return Future.failedFuture(new CallFailure("The connection was closed"));
            }
            return read(response);
        });
    }

    private Future<Void> read(HttpClientResponse response) {
        stream = response;
        long timer = vertx.setTimer(ENDPOINT_MILLIS, late -> endpoint.tryFail(new CallFailure("The server named no endpoint in time")));
        response.handler(chunk -> {
            try {
                parser.feed(chunk).forEach(this::receive);
            } catch (CallFailure malformed) {
                end(malformed);
            }
        });
        response.exceptionHandler(this::end);
        response.endHandler(ended -> end(null));
        response.resume();
        return endpoint.future().onComplete(found -> vertx.cancelTimer(timer)).onFailure(none -> HttpCaller.abandon(response)).mapEmpty();
    }

    private void receive(EventStreamParser.Event event) {
        if (event.type().equals("endpoint")) {
            endpoint.tryComplete(requireSameOrigin(event.data()));
        } else if (event.type().equals("message")) {
            Messages.parse(Buffer.buffer(event.data())).forEach(listener::received);
        }
    }

    /** Messages carry the access token, so they go to no other origin than the one that the user named. */
    private URI requireSameOrigin(String address) {
        URI resolved = url.resolve(address);
        if (!SecureUrl.origin(resolved).equals(SecureUrl.origin(url))) {
            throw new CallFailure("The server named an endpoint of another origin: " + resolved);
        }
        return resolved;
    }

    private void end(Throwable cause) {
        CallFailure failure = cause instanceof CallFailure known ? known : new CallFailure("The server closed the event stream", cause);
        endpoint.tryFail(failure);
        if (!closed) {
            closed = true;
            HttpCaller.abandon(stream);
            listener.closed(failure);
        }
    }

    @Override
    public Future<Void> send(JsonObject message, Map<String, String> headers) {
        return endpoint.future().compose(address -> {
            HttpCall call = new HttpCall(HttpMethod.POST, address, headers(headers).set("Content-Type", "application/json"), message.toBuffer());
            return calls.open(call).compose(response -> HttpCaller.read(response, call));
        }).map(SseTransport::requireAccepted);
    }

    private static Void requireAccepted(HttpAnswer answer) {
        if (answer.status() / 100 != 2) {
            throw new CallFailure("The server answered with status " + answer.status(), answer.status(), null);
        }
        return null;
    }

    private MultiMap headers(Map<String, String> more) {
        return MultiMap.caseInsensitiveMultiMap().addAll(fixedHeaders).addAll(more);
    }

    @Override
    public boolean isAuthorizing() {
        return calls.areWaiting();
    }

    @Override
    public Future<Void> close() {
        closed = true;
        if (stream != null) {
            HttpCaller.abandon(stream);
        }
        return Future.succeededFuture();
    }
}
