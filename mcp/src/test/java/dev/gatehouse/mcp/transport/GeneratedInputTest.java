package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.GeneratedMessages;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.api.Anonymous;
import dev.gatehouse.mcp.support.McpPeer;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.StdioHost;
import dev.gatehouse.mcp.support.TransportLimits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** After any input, the next valid request succeeds, on every transport. */
@Timeout(120)
class GeneratedInputTest {

    /** More than twice as many as may be under way over stdio. */
    private static final int LINES = 500;

    private Vertx vertx;
    private SampleTools tools;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        tools = new SampleTools(vertx);
    }

    @AfterEach
    void stop() throws Exception {
        Waiting.on(vertx.close());
    }

    private StdioHost host() throws Exception {
        return new StdioHost(vertx, tools.features(), () -> Future.succeededFuture(new Anonymous("Sign in first")));
    }

    /** Reads until the answer to a ping that was just sent. */
    private static void requireAnswer(StdioHost host, String id) throws Exception {
        host.request(id, "ping", new JsonObject());
        JsonObject answer = host.read();
        while (!id.equals(answer.getValue("id"))) {
            answer = host.read();
        }
        assertThat(answer.getJsonObject("result")).isEqualTo(new JsonObject());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 44, 2026})
    void overStdioGeneratedLinesLeaveRoomForTheNextMessage(long seed) throws Exception {
        StdioHost host = host();
        host.initialize();
        GeneratedMessages generated = new GeneratedMessages(seed);
        for (int i = 0; i < 20; i++) {
            for (byte[] line : generated.next(100)) {
                host.write(line);
            }
            requireAnswer(host, "probe-" + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":null}",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":1,\"message\":\"m\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":\"\\ud800\",\"method\":\"\\ud800\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"\\udc00\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"errs\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":null}",
        "\uFEFF", "nonsense"})
    void overStdioNoLineTakesAPlaceForEver(String line) throws Exception {
        StdioHost host = host();
        host.initialize();
        for (int i = 0; i < LINES; i++) {
            host.write(line);
        }
        requireAnswer(host, "probe");
    }

    @ParameterizedTest
    @CsvSource({"1,/mcp", "44,/mcp", "2026,/mcp", "44,/messages"})
    void overHttpGeneratedBodiesAreNeverAnInternalError(long seed, String path) throws Exception {
        McpTransportOptions options = new TransportLimits().sessions(200, 200).options();
        SampleServer server = Waiting.on(SampleServer.start(vertx, tools.features(), options, Clock.systemUTC()));
        McpPeer alice = Waiting.on(new McpPeer(vertx, server.port(), "alice").initialize());
        List<Integer> statuses = new ArrayList<>();
        for (byte[] body : new GeneratedMessages(seed).next(1_000)) {
            statuses.add(Waiting.on(post(alice, path, body)).statusCode());
        }
        assertThat(statuses).allMatch(status -> status < 500).contains(400);
        assertThat(Waiting.on(alice.send("ping", new JsonObject())).statusCode()).isEqualTo(200);
        HttpResponse<Buffer> refused = Waiting.on(alice.post("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}"));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.bodyAsJsonObject().getJsonObject("error").getInteger("code")).isEqualTo(-32600);
        server.transport.close();
    }

    private static Future<HttpResponse<Buffer>> post(McpPeer peer, String path, byte[] body) {
        HttpRequest<Buffer> request = peer.request(HttpMethod.POST, path);
        if (new String(body, StandardCharsets.UTF_8).contains("2026-07-28")) {
            request.putHeader("MCP-Protocol-Version", "2026-07-28");
        }
        return request.sendBuffer(Buffer.buffer(body));
    }
}
