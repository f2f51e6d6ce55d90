package dev.gatehouse.shared.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

class BoundedBodyTest {

    private final Vertx vertx = Vertx.vertx();
    /** Held, because a client that is garbage closes its connections. */
    private final NetClient client = vertx.createNetClient();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aBodyInPiecesIsReadWhole() throws Exception {
        assertThat(answer("Content-Length: 10\r\n\r\n", "01234", "56789")).endsWith("0123456789");
    }

    @Test
    void aBodyOfTheLargestSizeIsReadAndOneByteMoreIsRefused() throws Exception {
        assertThat(answer("Content-Length: 16\r\n\r\n", "0123456789abcdef")).endsWith("0123456789abcdef");
        assertThat(answer("Content-Length: 17\r\n\r\n", "0123456789abcdefg")).endsWith("The request body is too long");
    }

    @Test
    void aSenderWhoDripsBytesIsNotWaitedFor() throws Exception {
        assertThat(answer("Content-Length: 10\r\n\r\n", "0")).endsWith("The request body did not arrive in time");
    }

    private String answer(String headers, String... pieces) throws Exception {
        HttpServer server = vertx.createHttpServer().requestHandler(request -> BoundedBody.read(vertx, request, 16)
                .onSuccess(body -> request.response().putHeader("Connection", "close").end(body))
                .onFailure(failure -> request.response().end(failure.getMessage())))
            .listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        NetSocket socket = client.connect(server.actualPort(), "127.0.0.1")
            .toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        Buffer received = Buffer.buffer();
        CompletableFuture<String> answered = new CompletableFuture<>();
        socket.handler(chunk -> {
            String answer = received.appendBuffer(chunk).toString();
            int head = answer.indexOf("\r\n\r\n");
            if (head >= 0 && answer.toLowerCase(Locale.ROOT).contains("content-length: " + (answer.length() - head - 4) + "\r\n")) {
                answered.complete(answer);
            }
        });
        socket.write("POST / HTTP/1.1\r\nHost: localhost\r\n" + headers);
        for (String piece : pieces) {
            socket.write(piece).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
        return answered.get(30, TimeUnit.SECONDS);
    }
}
