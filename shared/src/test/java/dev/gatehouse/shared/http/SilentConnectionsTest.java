package dev.gatehouse.shared.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

class SilentConnectionsTest {

    private static final String BEGINNING = "GET /never HTTP/1.1\r\nHost: localhost\r\nX-Long: ";

    private final Promise<Void> slowAnswer = Promise.promise();
    private final Promise<Void> slowBegun = Promise.promise();
    private Vertx vertx;
    private SilentConnections connections;
    private HttpServer server;
    private HttpClient patientClient;
    private NetClient tricklingClient;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        patientClient = vertx.createHttpClient();
        tricklingClient = vertx.createNetClient();
        connections = new SilentConnections(vertx, Duration.ofMillis(500));
        server = Waiting.on(connections.watch(vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false)), connection -> { }, request -> {
            if (request.path().equals("/slow")) {
                slowBegun.complete();
                slowAnswer.future().onSuccess(now -> request.response().end("at last"));
            } else {
                request.response().end("at once");
            }
        }).listen(0, "127.0.0.1"));
    }

    @AfterEach
    void stop() throws Exception {
        connections.stop();
        Waiting.on(vertx.close());
    }

    /** With a whole request before it, or without. */
    @ParameterizedTest
    @ValueSource(strings = {"", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"})
    void aHeadThatComesByteByByteIsGivenUpAndARequestThatTakesLongIsNot(String before) throws Exception {
        Future<Buffer> patient = patientClient.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/slow")
            .compose(request -> request.send().compose(HttpClientResponse::body));
        Waiting.on(slowBegun.future());
        NetSocket trickling = Waiting.on(tricklingClient.connect(server.actualPort(), "127.0.0.1"));
        Promise<Void> closed = Promise.promise();
        trickling.closeHandler(closed::tryComplete);
        trickling.handler(answer -> assertThat(answer.toString()).contains("at once"));
        trickling.write(before + BEGINNING);
        long timer = vertx.setPeriodic(20, again -> trickling.write("x"));

        Waiting.on(closed.future());
        vertx.cancelTimer(timer);
        slowAnswer.complete();
        assertThat(Waiting.on(patient).toString()).isEqualTo("at last");
    }
}
