package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.feature.Change;
import dev.gatehouse.mcp.support.EventReader;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.TransportLimits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

@Timeout(90)
class StreamRegistryTest {

    private static final class TurnableClock extends Clock {

        private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private final TurnableClock clock = new TurnableClock();
    private Vertx vertx;
    /** Held, because a client that is garbage closes its connections. */
    private HttpClient heldClient;
    private SampleServer server;
    private McpPeer alice;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        heldClient = vertx.createHttpClient();
        McpTransportOptions options = new TransportLimits().sessions(1_100, 20).idleSeconds(10).requestSeconds(1).queueBytes(100_000).options();
        server = Waiting.on(SampleServer.start(vertx, new SampleTools(vertx).features(), options, clock));
        server.expiresAt = clock.now.getEpochSecond() + 100;
        alice = Waiting.on(new McpPeer(vertx, server.port(), "alice").initialize());
    }

    @AfterEach
    void stop() throws Exception {
        server.transport.close();
        Waiting.on(vertx.close());
    }

    private EventReader open(String path, String user, String session) throws Exception {
        return EventReader.open(vertx, server.port(), path, user, session);
    }

    private static boolean isOpen(EventReader stream) throws Exception {
        try {
            stream.ended.toCompletionStage().toCompletableFuture().get(1500, TimeUnit.MILLISECONDS);
            return false;
        } catch (TimeoutException e) {
            return true;
        }
    }

    @Test
    void streamsEndWhenTheirTokenExpires() throws Exception {
        EventReader listening = open("/mcp", "alice", alice.sessionId);
        EventReader sse = open("/sse", "alice", null);
        assertThat(isOpen(listening)).isTrue();

        clock.now = clock.now.plusSeconds(101);
        listening.awaitEnd();
        sse.awaitEnd();
    }

    @Test
    void aRevokedTokenEndsItsStreamsAndNoOthers() throws Exception {
        McpPeer bob = Waiting.on(new McpPeer(vertx, server.port(), "bob").initialize());
        EventReader listening = open("/mcp", "alice", alice.sessionId);
        EventReader sse = open("/sse", "alice", null);
        EventReader bobs = open("/mcp", "bob", bob.sessionId);

        server.revoked.add("alice");
        listening.awaitEnd();
        sse.awaitEnd();
        assertThat(isOpen(bobs)).isTrue();
        assertThat(server.transport.openStreams()).isOne();
    }

    @Test
    void aSessionHasSeveralListeningStreamsAndEachMessageLeavesByOneOfThem() throws Exception {
        EventReader first = open("/mcp", "alice", alice.sessionId);
        first.next();
        EventReader second = open("/mcp", "alice", alice.sessionId);
        second.next();
        server.transport.changes().publish(Change.of(Change.Kind.TOOLS));
        assertThat(second.nextMessage().getString("method")).isEqualTo("notifications/tools/list_changed");

        second.close();
        Eventually.holds(() -> server.transport.openStreams() == 1);
        server.transport.changes().publish(Change.of(Change.Kind.PROMPTS));
        assertThat(first.nextMessage().getString("method")).as("the first message on it").isEqualTo("notifications/prompts/list_changed");
    }

    @Test
    void oneListeningStreamTooManyEndsTheOldest() throws Exception {
        EventReader oldest = open("/mcp", "alice", alice.sessionId);
        for (int i = 1; i < 8; i++) {
            open("/mcp", "alice", alice.sessionId);
        }
        assertThat(oldest.ended.isComplete()).isFalse();
        EventReader newest = open("/mcp", "alice", alice.sessionId);
        oldest.awaitEnd();
        assertThat(isOpen(newest)).isTrue();
    }

    @Test
    void deletingTheSessionEndsItsStream() throws Exception {
        EventReader listening = open("/mcp", "alice", alice.sessionId);
        assertThat(Waiting.on(alice.request(HttpMethod.DELETE, "/mcp").send()).statusCode()).isEqualTo(204);
        listening.awaitEnd();
    }

    @Test
    void anIdleSessionIsSweptAndOneWithAStreamIsNot() throws Exception {
        server.expiresAt = SampleServer.NEVER;
        McpPeer bob = Waiting.on(new McpPeer(vertx, server.port(), "bob").initialize());
        EventReader bobs = open("/mcp", "bob", bob.sessionId);
        clock.now = clock.now.plusSeconds(61);
        while (server.transport.openSessions() > 1) {
            Waiting.on(vertx.timer(50));
        }

        assertThat(Waiting.on(alice.call("echo", new JsonObject().put("text", "hi"))).statusCode()).isEqualTo(404);
        assertThat(Waiting.on(bob.call("echo", new JsonObject().put("text", "hi"))).statusCode()).isEqualTo(200);
        assertThat(isOpen(bobs)).isTrue();
    }

    @Test
    void aReaderThatDoesNotReadIsCutOffAndOthersAreServed() throws Exception {
        EventReader sse = open("/sse", "alice", null);
        String url = sse.next().data();
        assertThat(postTo(url, alice.message("initialize", McpPeer.INITIALIZE))).isEqualTo(202);
        sse.nextMessage();
        sse.pause();
        while (postTo(url, alice.message("tools/call", new JsonObject().put("name", "huge"))) == 202) {
            assertThat(server.transport.openSessions()).isPositive();
        }

        sse.resume();
        assertThat(postTo(url, alice.message("ping", null))).isNotEqualTo(202);
        assertThat(Waiting.on(alice.call("echo", new JsonObject().put("text", "hi"))).statusCode()).isEqualTo(200);
    }

    private int postTo(String url, JsonObject message) throws Exception {
        return Waiting.on(alice.request(HttpMethod.POST, url).sendBuffer(message.toBuffer())).statusCode();
    }

    @Test
    void aThousandIdleStreamsDoNotStarveACall() throws Exception {
        HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(1000));
        RequestOptions get = new RequestOptions().setPort(server.port()).setHost("127.0.0.1").setURI("/sse")
            .putHeader("Accept", "text/event-stream");
        List<Future<HttpClientResponse>> opening = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            RequestOptions own = new RequestOptions(get).putHeader("Authorization", "Bearer user" + i);
            opening.add(client.request(own).compose(HttpClientRequest::send));
        }
        Waiting.on(Future.join(opening));
        assertThat(opening).allMatch(response -> response.result().statusCode() == 200);

        assertThat(server.transport.openStreams()).isEqualTo(1000);
        assertThat(Waiting.on(alice.call("echo", new JsonObject().put("text", "hi"))).statusCode()).isEqualTo(200);
    }

    @Test
    void aBodyThatDoesNotComeIsGivenUp() throws Exception {
        int status = Waiting.on(heldClient.request(HttpMethod.POST, server.port(), "127.0.0.1", "/mcp").compose(request -> {
            request.putHeader("Authorization", "Bearer alice").putHeader("Content-Type", "application/json").putHeader("Content-Length", "100");
            request.write(Buffer.buffer("{"));
            return request.response().map(response -> response.statusCode());
        }));

        assertThat(status).isEqualTo(408);
    }
}
