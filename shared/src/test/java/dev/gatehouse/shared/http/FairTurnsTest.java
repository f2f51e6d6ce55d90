package dev.gatehouse.shared.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

class FairTurnsTest {

    private static final int PIPELINED = 100;
    private static final String REQUEST = "POST /%s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nhi";

    private final Vertx vertx = Vertx.vertx();
    /** Held, because a client that is garbage closes its connections. */
    private final NetClient client = vertx.createNetClient();
    private final List<String> handled = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() throws Exception {
        Waiting.on(vertx.close());
    }

    /** Each request keeps the event loop busy for a millisecond, so that all of one connection would take 100. */
    private HttpServer serve() throws Exception {
        return Waiting.on(vertx.createHttpServer().requestHandler(request -> BoundedBody.read(vertx, request, 16).onSuccess(body -> {
            long end = System.nanoTime() + 1_000_000;
            while (System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            handled.add(request.path());
            request.response().end();
        })).listen(0, "127.0.0.1"));
    }

    @Test
    void oneThatSendsManyRequestsInOneGoLetsAnotherInBetween() throws Exception {
        HttpServer server = serve();
        NetSocket many = Waiting.on(client.connect(server.actualPort(), "127.0.0.1"));
        NetSocket one = Waiting.on(client.connect(server.actualPort(), "127.0.0.1"));
        Buffer answers = Buffer.buffer();
        many.handler(answers::appendBuffer);
        Future<Void> allAnswered = Future.future(done -> one.handler(answer -> {
            // The others' answers follow.
            vertx.setPeriodic(5, tick -> {
                if (handled.size() == PIPELINED + 1) {
                    vertx.cancelTimer(tick);
                    done.complete();
                }
            });
        }));
        many.write(REQUEST.formatted("many").repeat(PIPELINED));
        one.write(REQUEST.formatted("one"));
        Waiting.on(allAnswered);

        assertThat(handled).hasSize(PIPELINED + 1);
        assertThat(handled.indexOf("/one")).as("place of the only request of the other").isLessThan(PIPELINED / 2);
    }
}
