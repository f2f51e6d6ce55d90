package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.support.SampleServer;
import dev.gatehouse.mcp.support.SampleTools;
import dev.gatehouse.mcp.support.TransportLimits;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Clock;
import java.util.List;
import java.util.Set;

class OriginGuardTest {

    private static final int PORT = 8001;

    private Vertx vertx;
    private SampleServer server;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        McpTransportOptions defaults = McpTransportOptions.forHosts(Set.of("localhost:" + PORT, "127.0.0.1:" + PORT));
        McpTransportOptions options = new TransportLimits().origins(Set.of("https://app.example", "http://localhost:*")).hosts(defaults.allowedHosts()).bodyBytes(10_000).sessions(10, 10).revalidateSeconds(4).queueBytes(100_000).options();
        server = Waiting.on(SampleServer.start(vertx, new SampleTools(vertx).features(), options, Clock.systemUTC()));
    }

    @AfterEach
    void stop() throws Exception {
        server.transport.close();
        Waiting.on(vertx.close());
    }

    private HttpResponse<Buffer> send(HttpMethod method, String path, String host, String origin) throws Exception {
        HostAndPort authority = HostAndPort.parseAuthority(host, 80);
        HttpRequest<Buffer> request = WebClient.create(vertx)
            .request(method, SocketAddress.inetSocketAddress(server.port(), "127.0.0.1"), authority.port(), authority.host(), path);
        if (origin != null) {
            request.putHeader("Origin", origin);
        }
        return Waiting.on(request.send());
    }

    private int status(String host, String origin) throws Exception {
        return send(HttpMethod.GET, "/mcp", host, origin).statusCode();
    }

    @Test
    void noOriginOwnOriginAndAllowedOriginReachAuthentication() throws Exception {
        assertThat(status("localhost:8001", null)).isEqualTo(401);
        assertThat(status("LOCALHOST:8001", null)).isEqualTo(401);
        assertThat(status("localhost:8001", "http://localhost:8001")).isEqualTo(401);
        assertThat(status("localhost:8001", "https://app.example")).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:5173", "http://localhost:6274", "http://localhost"})
    void anOriginOfAnyPortIsAllowedAtEveryPathWithItsPreflight(String origin) throws Exception {
        for (String path : List.of("/mcp", "/sse", "/messages")) {
            HttpResponse<Buffer> preflight = send(HttpMethod.OPTIONS, path, "localhost:8001", origin);
            assertThat(preflight.statusCode()).isEqualTo(204);
            assertThat(preflight.getHeader("Access-Control-Allow-Origin")).isEqualTo(origin);
            HttpResponse<Buffer> refused = send(path.equals("/messages") ? HttpMethod.POST : HttpMethod.GET, path, "localhost:8001", origin);
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.getHeader("Access-Control-Allow-Origin")).isEqualTo(origin);
            assertThat(refused.getHeader("Access-Control-Expose-Headers")).contains("WWW-Authenticate", "Mcp-Session-Id");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "LOCALHOST"})
    void aLoopbackNameWithoutPortIsServed(String host) throws Exception {
        assertThat(status(host, null)).isEqualTo(401);
    }

    @Test
    void aRefusalNamesTheSetting() throws Exception {
        assertThat(send(HttpMethod.GET, "/mcp", "evil.example:8001", null).bodyAsString()).contains("allowedHosts").doesNotContain("evil");
        assertThat(send(HttpMethod.GET, "/mcp", "localhost:8001", "https://evil.example").bodyAsString()).contains("allowedOrigins").doesNotContain("evil");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "https://evil.example", "https://app.example.evil.example", "https://app.exampl", "http://app.example",
        "https://app.example:8443", "http://127.0.0.1:8001", "https://localhost:8001", "http://localhost:8001x", "http://localhost:", "http://localhost:*",
        "http://localhost.evil.example:8001", "http://localhost:1@evil.example"})
    void aForeignOriginIsForbidden(String origin) throws Exception {
        assertThat(status("localhost:8001", origin)).isEqualTo(403);
        assertThat(send(HttpMethod.GET, "/sse", "localhost:8001", origin).statusCode()).isEqualTo(403);
        assertThat(send(HttpMethod.POST, "/messages", "localhost:8001", origin).statusCode()).isEqualTo(403);
        assertThat(send(HttpMethod.DELETE, "/mcp", "localhost:8001", origin).statusCode()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example:8001", "localhost:8002", "localhost.evil.example:8001", "xlocalhost:8001"})
    void aForeignHostIsRefused(String host) throws Exception {
        assertThat(status(host, null)).isEqualTo(421);
        assertThat(status(host, "http://" + host)).isEqualTo(421);
    }

    @Test
    void preflightIsAnsweredBeforeAuthenticationForAllowedOriginsOnly() throws Exception {
        HttpResponse<Buffer> allowed = send(HttpMethod.OPTIONS, "/mcp", "localhost:8001", "https://app.example");

        assertThat(allowed.statusCode()).isEqualTo(204);
        assertThat(allowed.getHeader("Access-Control-Allow-Origin")).isEqualTo("https://app.example");
        assertThat(allowed.getHeader("Access-Control-Allow-Headers")).contains("Authorization").contains("Mcp-Session-Id");
        assertThat(allowed.getHeader("Access-Control-Allow-Credentials")).isNull();
        assertThat(send(HttpMethod.OPTIONS, "/mcp", "localhost:8001", "https://evil.example").statusCode()).isEqualTo(403);
    }
}
