package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.CallException;
import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.SecureUrl;
import dev.gatehouse.client.transport.EventStreamParser.Event;
import dev.gatehouse.shared.flight.Exchange;
import dev.gatehouse.shared.http.MediaTypes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Opens the event streams of a server, and records which of the events came that have to come at once. A recorded body has the names of these
 * events and not their data, which holds secrets of the session.
 */
final class StreamWalk {

    /** The recorded failure of a stream whose head does not come. */
    static final String SILENT = "nothing came in time";
    static final String ENDPOINT = "endpoint";
    static final String ANSWER = "message";
    static final String ACKNOWLEDGED = "notifications/subscriptions/acknowledged";

    private final Vertx vertx;
    private final Recorder recorder;
    private final UnaryOperator<HttpCall> authorized;
    private final long millis;

    /** @param limit for the head of a stream, and for each event that has to come at once */
    StreamWalk(Vertx vertx, Recorder recorder, UnaryOperator<HttpCall> authorized, Duration limit) {
        this.vertx = vertx;
        this.recorder = recorder;
        this.authorized = authorized;
        this.millis = limit.toMillis();
    }

    /** The stream of a session for what the server sends unasked. Its head comes at once; an event need not. */
    Future<?> session(URI server, Optional<String> session) {
        return watch(Step.STREAM, McpRequests.stream(server, session), stream -> Future.succeededFuture(List.of()));
    }

    /** A subscription of the revision 2026-07-28, which the server acknowledges at once. */
    Future<?> subscription(URI server) {
        return watch(Step.LISTEN, McpRequests.listen(server), stream -> names(stream, event -> event.data().contains(ACKNOWLEDGED), ACKNOWLEDGED));
    }

    /** The transport HTTP+SSE: the stream names an address for messages, and takes the answer to each of them. */
    Future<?> httpSse(URI url) {
        return watch(Step.SSE, HttpCall.get(url, MediaTypes.EVENT_STREAM), stream -> stream.event(event -> event.type().equals(ENDPOINT), millis)
            .compose(found -> found.flatMap(event -> messages(url, event.data())).map(messages -> answer(stream, messages))
                .orElseGet(() -> Future.succeededFuture(found.map(event -> List.of(ENDPOINT)).orElseGet(List::of)))));
    }

    /** The address for messages; empty when it is at another origin, which gets no token. */
    private static Optional<URI> messages(URI stream, String address) {
        try {
            URI url = stream.resolve(address.strip());
            return Optional.of(url).filter(resolved -> SecureUrl.origin(resolved).equals(SecureUrl.origin(stream)));
        } catch (IllegalArgumentException notAUrl) {
            return Optional.empty();
        }
    }

    private Future<List<String>> answer(WatchedStream stream, URI messages) {
        HttpCall initialize = authorized.apply(McpRequests.initialize(messages, McpRequests.FIRST));
        return recorder.http().call(initialize, millis).compose(taken -> {
            // Without its query, which has the session.
            recorder.add(new Exchange(Step.SSE_MESSAGE, "POST", initialize.toString().substring("POST ".length()), Map.of(), "", taken.status(), Map.of(), "", ""));
            return taken.status() / 100 == 2 ? names(stream, event -> event.data().contains("\"jsonrpc\""), ANSWER).map(names -> {
                List<String> all = new ArrayList<>(List.of(ENDPOINT));
                all.addAll(names);
                return all;
            }) : Future.succeededFuture(List.of(ENDPOINT));
        }, unanswered -> Future.succeededFuture(List.of(ENDPOINT)));
    }

    private Future<List<String>> names(WatchedStream stream, Predicate<Event> kind, String name) {
        return stream.event(kind, millis).map(found -> found.map(event -> List.of(name)).orElseGet(List::of));
    }

    private interface Look {
        Future<List<String>> at(WatchedStream stream);
    }

    /** Opens a stream, looks at it, and records what came. */
    private Future<?> watch(String step, HttpCall request, Look look) {
        HttpCall call = authorized.apply(request);
        return WatchedStream.open(vertx, recorder.http(), call, millis).compose(opened -> {
            if (opened.isEmpty()) {
                recorder.add(exchange(step, call, 0, Map.of(), "", SILENT));
                return Future.succeededFuture();
            }
            WatchedStream stream = opened.get();
            Map<String, List<String>> headers = Exchange.headers(stream.headers());
            boolean streams = MediaTypes.is(stream.headers().get("Content-Type"), MediaTypes.EVENT_STREAM) && stream.status() == 200;
            return (streams ? look.at(stream) : Future.succeededFuture(List.<String>of()))
                .onSuccess(names -> recorder.add(exchange(step, call, stream.status(), headers, String.join("\n", names), "")))
                .onComplete(done -> stream.close());
        }).recover(failure -> {
            if (!(failure instanceof CallException problem)) {
                return Future.failedFuture(failure);
            }
            recorder.add(exchange(step, call, 0, Map.of(), "", problem.getMessage()));
            return Future.succeededFuture();
        });
    }

    private static Exchange exchange(String step, HttpCall call, int status, Map<String, List<String>> headers, String body, String failure) {
        return new Exchange(step, call.method().name(), call.url().toString(), Exchange.headers(call.headers()),
            call.body() == null ? "" : call.body().toString(), status, headers, body, failure);
    }
}
