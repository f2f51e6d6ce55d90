package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.CallException;
import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.shared.flight.Exchange;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Sends requests and keeps them with their answers. A request without an answer is recorded as such and fails nothing. Not safe for use by several threads. */
final class Recorder {

    private static final long ANSWER_MILLIS = 10_000;

    private final HttpCaller http;
    private final List<Exchange> exchanges = new ArrayList<>();

    Recorder(HttpCaller http) {
        this.http = http;
    }

    HttpCaller http() {
        return http;
    }

    Future<Exchange> call(String step, HttpCall call) {
        return http.call(call, ANSWER_MILLIS).map(answer -> exchange(step, call, answer.status(), Exchange.headers(answer.headers()),
                answer.body().toString(), ""))
            .recover(cause -> cause instanceof CallException problem
                ? Future.succeededFuture(exchange(step, call, 0, Map.of(), "", problem.getMessage())) : Future.failedFuture(cause))
            .onSuccess(exchanges::add);
    }

    /** Keeps what did not come as the answer to a request of this process, such as the response that a browser carries. */
    void add(Exchange exchange) {
        exchanges.add(exchange);
    }

    private static Exchange exchange(String step, HttpCall call, int status, Map<String, List<String>> headers, String body, String failure) {
        return new Exchange(step, call.method().name(), call.url().toString(), Exchange.headers(call.headers()),
            call.body() == null ? "" : call.body().toString(), status, headers, body, failure);
    }

    Evidence evidence(URI server) {
        return new Evidence(server, exchanges);
    }

    static MultiMap headers(String... namesAndValues) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.set(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }
}
