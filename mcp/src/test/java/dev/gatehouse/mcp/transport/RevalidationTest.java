package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.SteppingClock;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.TransportLimits;
import dev.gatehouse.mcp.transport.RequestSecurity.Validity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/** Tokens of open streams are checked periodically. A check without an answer keeps the stream open. */
@Timeout(60)
@Tag("slow")
class RevalidationTest {

    private static final int MANY = 400;

    private final SteppingClock clock = new SteppingClock("2026-01-01T00:00:00Z");
    private Vertx vertx;
    private SampleServer server;
    private HttpClient client;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        McpTransportOptions options = new TransportLimits().sessions(1_000, 1_000).idleSeconds(10).requestSeconds(1).queueBytes(100_000).options();
        server = Waiting.on(SampleServer.start(vertx, new SampleTools(vertx).features(), options, clock));
        client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(1_000));
    }

    @AfterEach
    void stop() {
        server.transport.close();
        Waiting.on(vertx.close());
    }

    /** Opens a stream for each of the tokens. */
    private void open(List<String> tokens) {
        List<Future<HttpClientResponse>> opening = new ArrayList<>();
        for (String token : tokens) {
            opening.add(client.request(new RequestOptions().setPort(server.port()).setHost("127.0.0.1").setURI("/sse")
                .putHeader("Accept", "text/event-stream").putHeader("Authorization", "Bearer " + token)).compose(HttpClientRequest::send));
        }
        Waiting.on(Future.all(opening));
        assertThat(server.transport.openStreams()).isEqualTo(tokens.size());
    }

    private static List<String> tokens(int count) {
        return IntStream.range(0, count).mapToObj(i -> "user" + i).toList();
    }

    /** Lets so many seconds pass for everything. */
    private void pass(int seconds) {
        for (int i = 0; i < 4 * seconds; i++) {
            clock.advance(Duration.ofMillis(250));
            Waiting.on(vertx.timer(250));
        }
    }

    @Test
    void manyTokensAreAskedAboutInTurnAndNotAtOnce() {
        open(tokens(MANY));
        pass(4);

        assertThat(server.asked.size()).isBetween(30, 120);
        assertThat(new HashSet<>(server.asked)).as("none twice before each has had its turn").hasSameSizeAs(server.asked);
    }

    @Test
    void aTokenIsAskedAboutOnceForAllItsStreams() {
        open(IntStream.range(0, MANY).mapToObj(i -> "alice").toList());
        long begun = System.nanoTime();
        pass(4);
        int seconds = (int) Duration.ofNanos(System.nanoTime() - begun).toSeconds();
        assertThat(server.asked.size()).as("at once and in each second that has begun; on a busy machine the four take longer").isBetween(2, 2 + seconds);

        server.revoked.add("alice");
        pass(2);
        assertThat(server.transport.openStreams()).isZero();
    }

    @Test
    void questionsThatOthersStoodInTheWayOfDoNotCountAgainstATokenAndAnOutageDoes() {
        open(tokens(3));
        server.validity = truth -> Future.succeededFuture(Validity.NOT_ASKED);
        clock.advance(Duration.ofMinutes(10));
        pass(3);
        assertThat(server.transport.openStreams()).isEqualTo(3);

        server.validity = Future::succeededFuture;
        pass(2);
        server.validity = truth -> Future.failedFuture(new IllegalStateException("nobody answers"));
        clock.advance(Duration.ofSeconds(50));
        pass(2);
        assertThat(server.transport.openStreams()).isEqualTo(3);
        clock.advance(Duration.ofSeconds(20));
        pass(2);
        assertThat(server.transport.openStreams()).isZero();
    }
}
