package dev.gatehouse.shared.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

@Timeout(30)
final class DrainingTest {

    private static final long GRACE_MILLIS = 10_000;

    private final Vertx vertx = Vertx.vertx();
    private final Draining draining = new Draining(vertx);
    private final Promise<HttpServerResponse> arrived = Promise.promise();
    private HttpServer server;

    @BeforeEach
    void start() throws Exception {
        Router router = Router.router(vertx);
        router.route().handler(new RequestPreamble(draining, seen -> { }, false));
        router.get("/slow").handler(context -> arrived.tryComplete(context.response()));
        router.get("/quick").handler(context -> context.response().end("done"));
        HealthRoutes.mount(router, draining, List.of());
        server = Waiting.on(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
    }

    @AfterEach
    void close() throws Exception {
        Waiting.on(vertx.close());
    }

    private CompletableFuture<HttpResponse<String>> get(String path) {
        // A client of its own has a connection of its own.
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build().sendAsync(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void requestsUnderWayAreAnsweredAndNewOnesRefused() throws Exception {
        CompletableFuture<HttpResponse<String>> slow = get("/slow");
        HttpServerResponse response = Waiting.on(arrived.future());
        Future<Void> drained = draining.begin(GRACE_MILLIS);

        HttpResponse<String> refused = get("/quick").get(10, TimeUnit.SECONDS);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(refused.headers().firstValue("Connection")).contains("close");
        assertThat(get("/health/ready").get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
        assertThat(get("/health").get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(503);
        assertThat(get("/health/live").get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(drained.isComplete()).isFalse();

        response.end("late but whole");
        HttpResponse<String> answered = slow.get(10, TimeUnit.SECONDS);
        assertThat(answered.statusCode()).isEqualTo(200);
        assertThat(answered.body()).isEqualTo("late but whole");
        assertThat(answered.headers().firstValue("Connection")).contains("close");
        Waiting.on(drained);
    }

    @Test
    void beforeItBeginsNothingIsSaidOfIt() throws Exception {
        HttpResponse<String> answer = get("/quick").get(10, TimeUnit.SECONDS);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Connection")).isEmpty();
        assertThat(get("/health/ready").get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void nothingUnderWayNeedsNoTime() {
        assertThat(draining.begin(GRACE_MILLIS).isComplete()).isTrue();
    }

    @Test
    void theGraceIsTheLongestThatARequestIsWaitedFor() throws Exception {
        get("/slow");
        Waiting.on(arrived.future());
        Waiting.on(draining.begin(50));
        assertThat(arrived.future().result().ended()).isFalse();
    }
}
