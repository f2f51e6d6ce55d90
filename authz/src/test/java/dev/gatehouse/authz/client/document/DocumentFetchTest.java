package dev.gatehouse.authz.client.document;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Page;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;

/** Documents from well-behaved and from faulty servers. */
@Tag("slow")
final class DocumentFetchTest extends DocumentTest {

    @Override
    JsonObject configuration() {
        return documents("failurePauseSeconds", 5);
    }

    @Test
    void redirectIsNotFollowed() {
        String good = documents.publish("/good.json", documents.document("/good.json"));
        for (int status : List.of(301, 302, 303, 307, 308)) {
            assertRefused(documents.on("/" + status, request -> request.response().setStatusCode(status).putHeader("Location", good).end()));
        }
        assertThat(documents.asked("/good.json")).isZero();
        assertAccepted(good);
    }

    @Test
    void anyStatusBut200IsAnError() {
        for (int status : List.of(201, 202, 204, 206, 304, 400, 401, 404, 410, 429, 500, 503)) {
            String path = "/" + status;
            assertRefused(documents.on(path, request -> {
                request.response().setStatusCode(status).putHeader("Content-Type", "application/json");
                if (status == 204 || status == 304) {
                    request.response().end();
                } else {
                    request.response().end(documents.document(path).encode());
                }
            }));
        }
    }

    @Test
    void byteOrderMarkBeforeTheDocumentIsIgnored() {
        assertAccepted(documents.on("/marked.json", request -> request.response().putHeader("Content-Type", "application/json")
            .end("\uFEFF" + documents.document("/marked.json").encode())));
        assertRefused(documents.on("/inside.json", request -> request.response().putHeader("Content-Type", "application/json")
            .end("{\uFEFF" + documents.document("/inside.json").encode().substring(1))));
    }

    @Test
    void documentOfExactlyTheBoundIsTakenAndALongerOneIsNot() {
        assertAccepted(padded("/fits", 5_120));
        assertThat(assertRefused(padded("/longer", 5_121))).contains("too long");
    }

    private String padded(String path, int bytes) {
        String text = documents.document(path).encode();
        return documents.on(path, request -> request.response().putHeader("Content-Type", "application/json")
            .end(text + " ".repeat(bytes - text.length())));
    }

    @Test
    void packedAndEndlessDocumentsAreLeft() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            gzip.write(new byte[1 << 20]);
        }
        assertRefused(documents.on("/bomb", request -> request.response().putHeader("Content-Type", "application/json")
            .putHeader("Content-Encoding", "gzip").end(Buffer.buffer(bomb.toByteArray()))));
        assertThat(assertRefused(documents.on("/endless", DocumentFetchTest::endless))).contains("too long");
    }

    private static void endless(HttpServerRequest request) {
        request.response().setChunked(true).putHeader("Content-Type", "application/json");
        request.response().write(" ".repeat(1024)).onSuccess(written -> endlessly(request));
    }

    private static void endlessly(HttpServerRequest request) {
        request.response().write(" ".repeat(1024)).onSuccess(written -> endlessly(request));
    }

    @Test
    void slowDripEndsAtTheDeadlineAndOthersAreServedMeanwhile() {
        String slow = documents.on("/slow", DocumentFetchTest::drip);
        CompletableFuture<Page> waiting = CompletableFuture.supplyAsync(() -> ask(slow));
        String quick = documents.publish("/quick", documents.document("/quick"));
        for (int i = 0; i < 20; i++) {
            assertAccepted(quick);
            assertThat(server.browser().get(authorize()).isLogin()).isTrue();
        }
        assertThat(waiting).as("the slow one still drips").isNotDone();
        assertThat(waiting.join().status()).isEqualTo(400);
    }

    private static void drip(HttpServerRequest request) {
        request.response().setChunked(true).putHeader("Content-Type", "application/json");
        long timer = Vertx.currentContext().owner().setPeriodic(50, tick -> request.response().write(" "));
        request.connection().closeHandler(closed -> Vertx.currentContext().owner().cancelTimer(timer));
    }

    @Test
    void manyRequestsForOneClientCauseOneFetch() {
        String client = documents.on("/slow", request -> Vertx.currentContext().owner().setTimer(300, late -> request.response()
            .putHeader("Content-Type", "application/json").putHeader("Cache-Control", "max-age=60").end(documents.document("/slow").encode())));
        List<CompletableFuture<Page>> askers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            askers.add(CompletableFuture.supplyAsync(() -> ask(client), task -> new Thread(task).start()));
        }
        askers.forEach(asker -> assertThat(asker.join().isLogin()).isTrue());
        assertThat(documents.asked("/slow")).isEqualTo(1);
    }

    @Test
    void failureIsNotTriedAgainForAMomentAndThenIs() {
        String client = documents.on("/flaky", request -> request.response().setStatusCode(404).end());
        assertRefused(client);
        assertRefused(client);
        assertThat(documents.asked("/flaky")).isEqualTo(1);
        documents.publish("/flaky", documents.document("/flaky"));
        server.clock().advance(Duration.ofSeconds(5));
        assertAccepted(client);
        assertThat(documents.asked("/flaky")).isEqualTo(2);
    }
}
