package dev.gatehouse.client.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.client.http.RequestAuthorizer;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.Map;

/** A client that closes, or abandons a request, while the server opens a stream ends that stream. Otherwise the server would wait for it for ever. */
class ClosedTransportTest {

    private final Vertx vertx = Vertx.vertx();
    private final Promise<HttpServerRequest> asked = Promise.promise();
    private final Promise<Void> ended = Promise.promise();
    private final Promise<JsonObject> heard = Promise.promise();
    private final Transport.Listener listener = new Transport.Listener() {
        @Override
        public void received(JsonObject message) {
            heard.tryComplete(message);
        }

        @Override
        public void closed(CallFailure cause) {
        }
    };
    private final URI url = URI.create("http://127.0.0.1:" + Waiting.on(vertx.createHttpServer().requestHandler(request -> {
        request.connection().closeHandler(closed -> ended.tryComplete());
        request.response().exceptionHandler(reset -> ended.tryComplete());
        asked.tryComplete(request);
    }).listen(0, "127.0.0.1")).actualPort() + "/mcp");

    @AfterEach
    void close() {
        Waiting.on(vertx.close());
    }

    @Test
    void aListeningStreamThatTheServerOpensAfterTheCloseEndsAtOnce() {
        StreamableTransport transport = streamable();
        transport.listen(Map.of());
        HttpServerRequest request = Waiting.on(asked.future());
        Waiting.on(transport.close());
        openStream(request);
        Waiting.on(ended.future());
    }

    @Test
    void aListeningStreamStaysOpenUntilTheClose() {
        StreamableTransport transport = streamable();
        transport.listen(Map.of());
        openStream(Waiting.on(asked.future()));
        assertThat(Waiting.on(heard.future()).getString("method")).isEqualTo("notifications/message");
        assertThat(ended.future().isComplete()).isFalse();
        Waiting.on(transport.close());
        Waiting.on(ended.future());
    }

    @Test
    void aStreamOfARequestThatWasAbandonedBeforeTheServerOpensItEndsAtOnce() {
        StreamableTransport transport = streamable();
        Future<Void> sent = transport.send(new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", "tools/list"), Map.of());
        HttpServerRequest request = Waiting.on(asked.future());
        transport.abandon(1);
        openStream(request);
        Waiting.on(ended.future());
        Waiting.on(sent);
    }

    @Test
    void anEventStreamOfTheFirstRevisionThatTheServerOpensAfterTheCloseEndsAtOnce() {
        SseTransport transport = new SseTransport(vertx, url, Map.of(), new HttpCaller(vertx), RequestAuthorizer.NONE);
        Future<Void> opened = transport.open(listener);
        HttpServerRequest request = Waiting.on(asked.future());
        Waiting.on(transport.close());
        openStream(request);
        Waiting.on(ended.future());
        assertThat(Waiting.on(opened.transform(Future::succeededFuture)).failed()).isTrue();
    }

    private StreamableTransport streamable() {
        StreamableTransport transport = new StreamableTransport(vertx, url, Map.of(), new HttpCaller(vertx), RequestAuthorizer.NONE);
        Waiting.on(transport.open(listener));
        return transport;
    }

    private static void openStream(HttpServerRequest request) {
        request.response().setChunked(true).putHeader("Content-Type", "text/event-stream")
            .write("data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}\n\n");
    }
}
