package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.support.EventReader;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.TransportLimits;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.time.Clock;

@Timeout(90)
class HttpSseTest {

    private Vertx vertx;
    private SampleServer server;
    private EventReader alice;
    private McpPeer poster;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        McpTransportOptions options = new TransportLimits().sessions(20, 2).keepAliveSeconds(1).options();
        server = Waiting.on(SampleServer.start(vertx, new SampleTools(vertx).features(), options, Clock.systemUTC()));
        alice = EventReader.open(vertx, server.port(), "/sse", "alice", null);
        poster = new McpPeer(vertx, server.port(), "alice");
    }

    @AfterEach
    void stop() throws Exception {
        server.transport.close();
        Waiting.on(vertx.close());
    }

    private int post(String url, McpPeer peer, JsonObject message) throws Exception {
        return response(url, peer, message).statusCode();
    }

    private HttpResponse<Buffer> response(String url, McpPeer peer, JsonObject message) throws Exception {
        return Waiting.on(peer.request(HttpMethod.POST, url).sendBuffer(message.toBuffer()));
    }

    private String initialize() throws Exception {
        EventReader.Event endpoint = alice.next();
        assertThat(endpoint.kind()).isEqualTo("endpoint");
        assertThat(endpoint.data()).matches("/messages\\?sessionId=[!-~]{43,}");
        assertThat(post(endpoint.data(), poster, poster.message("initialize", McpPeer.INITIALIZE))).isEqualTo(202);
        assertThat(alice.nextMessage().getJsonObject("result").getString("protocolVersion")).isEqualTo("2025-11-25");
        return endpoint.data();
    }

    private JsonObject call(String tool, JsonObject arguments) {
        return poster.message("tools/call", new JsonObject().put("name", tool).put("arguments", arguments));
    }

    @Test
    void answersLeaveByTheStream() throws Exception {
        String url = initialize();

        assertThat(post(url, poster, call("echo", new JsonObject().put("text", "hi")))).isEqualTo(202);
        assertThat(alice.nextMessage().encode()).contains("alice:hi");
        assertThat(post(url, poster, call("nullfuture", new JsonObject()))).isEqualTo(202);
        assertThat(alice.nextMessage().getJsonObject("result").getBoolean("isError")).isTrue();
        assertThat(post(url, poster, poster.message("tools/call", null))).isEqualTo(202);
        assertThat(alice.nextMessage().getJsonObject("error").getInteger("code")).isEqualTo(-32602);
        assertThat(post(url, poster, call("nonesuch", new JsonObject()))).isEqualTo(202);
        assertThat(alice.nextMessage().getJsonObject("error").getInteger("code")).isEqualTo(-32602);
    }

    @Test
    void theSessionBelongsToItsPrincipal() throws Exception {
        String url = initialize();

        assertThat(post(url, new McpPeer(vertx, server.port(), "mallory"), call("echo", new JsonObject()))).isEqualTo(404);
        assertThat(post("/messages?sessionId=guess", poster, call("echo", new JsonObject()))).isEqualTo(404);
        assertThat(post("/messages", poster, call("echo", new JsonObject()))).isEqualTo(400);
        assertThat(post(url, poster, call("echo", new JsonObject().put("text", "mine")))).isEqualTo(202);
        assertThat(alice.nextMessage().encode()).contains("alice:mine");
    }

    @Test
    void missingScopeIsForbiddenAtThePost() throws Exception {
        String url = initialize();
        HttpResponse<Buffer> refused = response(url, new McpPeer(vertx, server.port(), "alice:mcp"), call("write", new JsonObject()));

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.getHeader("WWW-Authenticate")).contains("mcp:read mcp:write");
        assertThat(post(url, poster, call("write", new JsonObject()))).isEqualTo(202);
        assertThat(alice.nextMessage().encode()).contains("written");
    }

    @Test
    void aServerThatStopsAnswersTheCallsThatItHasAcceptedAndThenEndsTheStream() throws Exception {
        String url = initialize();
        assertThat(post(url, poster, call("slow", new JsonObject()))).isEqualTo(202);
        server.transport.endStreams();

        assertThat(alice.nextMessage().encode()).contains("slow");
        Waiting.on(alice.ended);
    }

    @Test
    void anIdleStreamIsKeptAliveByComments() throws Exception {
        initialize();

        assertThat(alice.nextComment()).isNotNull();
    }

    @Test
    void aStreamThatIsClosedEndsItsSession() throws Exception {
        String url = initialize();
        alice.close();
        while (server.transport.openSessions() > 0) {
            Waiting.on(vertx.timer(5));
        }

        assertThat(post(url, poster, call("echo", new JsonObject()))).isEqualTo(404);
        assertThat(server.transport.openStreams()).isZero();
    }

    @Test
    void oneConnectionTooManyOfAPrincipalEndsTheIdlest() throws Exception {
        EventReader second = EventReader.open(vertx, server.port(), "/sse", "alice", null);
        assertThat(alice.ended.isComplete()).isFalse();
        EventReader third = EventReader.open(vertx, server.port(), "/sse", "alice", null);

        alice.awaitEnd();
        assertThat(third.next().kind()).isEqualTo("endpoint");
        assertThat(second.ended.isComplete()).isFalse();
        assertThat(EventReader.open(vertx, server.port(), "/sse", "bob", null).next().kind()).isEqualTo("endpoint");
    }

    @Test
    void otherMethodsAreNotAllowed() throws Exception {
        assertThat(Waiting.on(poster.request(HttpMethod.POST, "/sse").send()).statusCode()).isEqualTo(405);
        assertThat(Waiting.on(poster.request(HttpMethod.GET, "/messages").send()).statusCode()).isEqualTo(405);
    }
}
