package dev.gatehouse.client.transport;

import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.client.http.RequestAuthorizer;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientResponse;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Requests to an MCP server, authorized, and sent again after the authorizer has got new credentials. */
final class AuthorizedCalls {

    private static final int MOST_ATTEMPTS = 5;

    private final HttpCaller http;
    private final RequestAuthorizer authorizer;
    private final AtomicInteger waiting = new AtomicInteger();

    AuthorizedCalls(HttpCaller http, RequestAuthorizer authorizer) {
        this.http = http;
        this.authorizer = authorizer;
    }

    /** Sends a request. The response has any status; it is paused, and its body is still to be read. */
    Future<HttpClientResponse> open(HttpCall call) {
        return attempt(call, 0);
    }

    /** Returns true while a request waits for the authorizer, and perhaps for a person. */
    boolean areWaiting() {
        return waiting.get() > 0;
    }

    private <T> Future<T> waitFor(Supplier<Future<T>> authorization) {
        waiting.incrementAndGet();
        return authorization.get().onComplete(done -> waiting.decrementAndGet());
    }

    private Future<HttpClientResponse> attempt(HttpCall call, int attempt) {
        return waitFor(() -> authorizer.authorize(call)).compose(authorized -> http.open(authorized).compose(response -> {
            response.pause();
            return waitFor(() -> authorizer.answered(authorized, response.statusCode(), response.headers(), attempt))
                .compose(again -> again && attempt + 1 < MOST_ATTEMPTS
                    ? HttpCaller.read(response, call).compose(read -> attempt(call, attempt + 1)) : Future.succeededFuture(response))
                .onFailure(refused -> HttpCaller.abandon(response));
        }));
    }
}
