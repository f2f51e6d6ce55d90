package dev.gatehouse.it.conformance;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;

import java.util.concurrent.TimeUnit;

/** Passes requests on with an access token added and nothing else changed, for clients that cannot send one. */
final class TokenProxy implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.createHttpClient();
    private final int port;
    private final int target;
    private final String token;

    TokenProxy(int port, int target, String token) {
        this.port = port;
        this.target = target;
        this.token = token;
        await(vertx.createHttpServer().requestHandler(this::pass).listen(port, "127.0.0.1"));
    }

    private static void await(Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    String url() {
        return "http://127.0.0.1:" + port + "/mcp";
    }

    private void pass(HttpServerRequest request) {
        request.pause();
        client.request(new RequestOptions().setMethod(request.method()).setHost("127.0.0.1").setPort(target).setURI(request.uri()))
            .onSuccess(onward -> pass(request, onward)).onFailure(gone -> request.response().setStatusCode(502).end());
    }

    private void pass(HttpServerRequest request, HttpClientRequest onward) {
        onward.headers().setAll(request.headers()).set("Authorization", "Bearer " + token);
        onward.authority(request.authority());
        request.connection().closeHandler(gone -> onward.reset());
        onward.send(request).onComplete(answer -> {
            request.response().setStatusCode(answer.statusCode()).headers().setAll(answer.headers());
            if (answer.getHeader("Content-Type") != null && answer.getHeader("Content-Length") == null) {
                request.response().setChunked(true).writeHead();
            }
            answer.pipeTo(request.response());
        }, gone -> {
            if (!request.response().closed()) {
                request.connection().close();
            }
        });
        request.resume();
    }

    @Override
    public void close() {
        await(vertx.close());
    }
}
