package dev.gatehouse.shared.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

@Timeout(30)
final class HealthRoutesTest {

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = HttpClient.newHttpClient();
    private HttpServer server;

    @AfterEach
    void close() throws Exception {
        Waiting.on(vertx.close());
    }

    private void serve(long keptMillis, Supplier<Future<Void>> store) throws Exception {
        Router router = Router.router(vertx);
        HealthRoutes.mount(router, new Draining(vertx), List.of(new HealthRoutes.Check("store", keptMillis, store),
            new HealthRoutes.Check("other", keptMillis, Future::succeededFuture)));
        server = Waiting.on(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void whatFailsIsNamedWithoutItsReason() throws Exception {
        serve(0, () -> Future.failedFuture(new IllegalStateException("secret reason")));
        for (String path : List.of("/health", "/health/ready")) {
            HttpResponse<String> down = get(path);
            assertThat(down.statusCode()).as(path).isEqualTo(503);
            assertThat(new JsonObject(down.body())).isEqualTo(new JsonObject().put("status", "down")
                .put("checks", new JsonObject().put("store", "down").put("other", "up")));
        }
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void aProbeThatThrowsOrNeverEndsIsDown() throws Exception {
        serve(0, () -> {
            throw new IllegalStateException("thrown");
        });
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        Waiting.on(server.close());
        serve(0, () -> Promise.<Void>promise().future());
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
    }

    @Test
    void probesAreMadeAgainOnlyAfterAWhile() throws Exception {
        AtomicInteger probes = new AtomicInteger();
        serve(600_000, () -> {
            probes.incrementAndGet();
            return Future.succeededFuture();
        });
        for (int i = 0; i < 5; i++) {
            assertThat(get("/health/ready").statusCode()).isEqualTo(200);
            assertThat(get("/health").statusCode()).isEqualTo(200);
        }
        assertThat(probes).hasValue(1);
    }
}
