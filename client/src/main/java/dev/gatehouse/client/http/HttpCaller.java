package dev.gatehouse.client.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.TrustOptions;

import java.net.URI;

/** Sends HTTP requests, follows no redirect, keeps no cookie, and bounds what it reads. Safe for use from any thread. */
public final class HttpCaller {

    private static final int CONNECT_MILLIS = 10_000;
    private static final long ANSWER_MILLIS = 30_000;
    private static final int LONGEST_BODY = 1 << 20;
    private static final int MOST_CONNECTIONS = 64;

    private final Vertx vertx;
    private final HttpClient client;

    public HttpCaller(Vertx vertx) {
        this(vertx, null);
    }

    /** @param trust certificate authorities to trust, or null for the platform's */
    public HttpCaller(Vertx vertx, TrustOptions trust) {
        this.vertx = vertx;
        HttpClientOptions options = new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS).setDecompressionSupported(true)
            .setVerifyHost(true).setTrustOptions(trust).setName("gatehouse-client");
        // A server may reset a kept connection at any time: the next request takes another.
        client = vertx.httpClientBuilder().with(options).with(new PoolOptions().setHttp1MaxSize(MOST_CONNECTIONS))
            .withConnectHandler(connection -> connection.exceptionHandler(reset -> { })).build();
    }

    /** Sends a request, from any thread. The response is paused and its body unread; fails with {@link CallException}. */
    public Future<HttpClientResponse> open(HttpCall call) {
        return client.request(options(call)).compose(request -> send(request, call))
            .recover(cause -> Future.failedFuture(failure(call, cause)));
    }

    private static RequestOptions options(HttpCall call) {
        URI url = call.url();
        boolean tls = "https".equals(url.getScheme());
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String host = url.getHost().replaceAll("[\\[\\]]", "");
        RequestOptions options = new RequestOptions().setMethod(call.method()).setSsl(tls).setHost(host)
            .setPort(url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80)
            .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery()).setFollowRedirects(false);
        call.headers().forEach(options::addHeader);
        if (!call.headers().contains("User-Agent")) {
            options.putHeader("User-Agent", "Gatehouse");
        }
        return options;
    }

    /** The response is paused on its own event loop: the caller's thread can attach its handlers later than the body comes. */
    private static Future<HttpClientResponse> send(HttpClientRequest request, HttpCall call) {
        Future<HttpClientResponse> response = request.response().onSuccess(HttpClientResponse::pause);
        Future<Void> sent = call.body() == null ? request.end() : request.end(call.body());
        return sent.recover(unsent -> Future.succeededFuture()).compose(done -> response);
    }

    /** Sends a request and reads the whole answer, of up to 1 MiB and within 30 seconds; fails with {@link CallException}. */
    public Future<HttpAnswer> call(HttpCall call) {
        return call(call, ANSWER_MILLIS);
    }

    /** The same with another limit of time. */
    public Future<HttpAnswer> call(HttpCall call, long millis) {
        Promise<HttpAnswer> answer = Promise.promise();
        long timer = vertx.setTimer(millis, late -> answer.tryFail(new CallException("No answer in time from " + call)));
        open(call).compose(response -> read(response, call)).onComplete(result -> {
            vertx.cancelTimer(timer);
            if (result.succeeded()) {
                answer.tryComplete(result.result());
            } else {
                answer.tryFail(result.cause());
            }
        });
        return answer.future();
    }

    /** Reads the body of a paused response, of up to 1 MiB. */
    public static Future<HttpAnswer> read(HttpClientResponse response, HttpCall call) {
        Promise<HttpAnswer> answer = Promise.promise();
        Buffer body = Buffer.buffer();
        response.handler(chunk -> {
            if (body.length() + chunk.length() > LONGEST_BODY) {
                answer.tryFail(new CallException("The answer to " + call + " is longer than " + LONGEST_BODY + " bytes"));
                response.request().reset();
            } else {
                body.appendBuffer(chunk);
            }
        });
        response.exceptionHandler(cause -> answer.tryFail(failure(call, cause)));
        response.endHandler(end -> answer.tryComplete(new HttpAnswer(response.statusCode(), response.headers(), body)));
        response.resume();
        return answer.future();
    }

    /** Ends a response whose body is not wanted. */
    public static void abandon(HttpClientResponse response) {
        response.exceptionHandler(expected -> { });
        response.request().reset();
    }

    private static CallException failure(HttpCall call, Throwable cause) {
        return cause instanceof CallException known ? known : new CallException("No answer to " + call + ": " + reason(cause), cause);
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    public Future<Void> close() {
        return client.close();
    }
}
