package dev.gatehouse.it.bench;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** The limit: one event loop that reads a posted form and answers a constant JSON of 200 bytes. */
public final class BareServer {
    private static final Buffer ANSWER = Buffer.buffer("{\"text\":\"" + "x".repeat(189) + "\"}");

    private BareServer() {
    }

    /** Takes the port to listen on. */
    public static void main(String[] arguments) {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        vertx.createHttpServer().requestHandler(BareServer::answer).listen(Integer.parseInt(arguments[0]), "localhost")
            .onFailure(failure -> System.exit(1));
    }

    private static void answer(HttpServerRequest request) {
        request.setExpectMultipart(true);
        request.end().onSuccess(read -> {
            request.formAttributes().size();
            request.response().putHeader("Content-Type", "application/json").end(ANSWER);
        });
    }
}
