package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.fixtures.Certificates;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.ChildProcess;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RawHttp2;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** Both servers over TLS of their own: HTTP/2 (RFC 9113) and the suites that are spoken (RFC 9325). */
@Gatehouse
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TlsConnectionIT {
    private static final int ANNOUNCED_STREAMS = 100;
    private static final int MORE = 50;
    private static final int REFUSED_STREAM = 7;
    private final RunningGatehouse gatehouse;
    private final Certificates keys = new Certificates(Product.scratch("certificates"));
    private final int authzPort = Ports.free();
    private final int mcpPort = Ports.free();
    private ChildProcess authz;
    private ChildProcess mcp;

    TlsConnectionIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @BeforeAll
    void start() throws IOException {
        keys.selfSigned("server", "CN=localhost", Certificates.of("localhost"));
        authz = start("authz", List.of("authz"), new JsonObject().put("port", authzPort));
        mcp = start("resource", List.of("mcp", "--transport", "http"), new JsonObject().put("port", mcpPort).put("authServer", gatehouse.issuer()));
        for (int port : new int[] {authzPort, mcpPort}) {
            Eventually.holds("port " + port + " answers", Duration.ofSeconds(60), () -> send(HttpRequest.newBuilder(url(port, "/health"))).statusCode() == 200);
        }
    }

    private ChildProcess start(String name, List<String> command, JsonObject settings) throws IOException {
        settings.put("tls", new JsonObject().put("certificateFile", keys.certificateFile("server").toString())
            .put("keyFile", keys.keyFile("server").toString()));
        Path file = Files.writeString(Product.scratch("conf").resolve(name + ".json"), settings.encode());
        List<String> line = Product.command(command.toArray(String[]::new));
        line.addAll(List.of("-conf", file.toString()));
        return ChildProcess.start(Product.scratch("log").resolve(name + ".log"), Product.environment(Product.scratch("home")), line);
    }

    @AfterAll
    void stop() {
        authz.stop();
        mcp.stop();
    }

    @Test
    void clientThatNeverAcknowledgesSettingsHasNoMoreStreamsThanWereAnnounced() throws IOException {
        requireLimit(authzPort, "/oauth/token");
        requireLimit(mcpPort, "/mcp");
    }

    private void requireLimit(int port, String path) throws IOException {
        try (RawHttp2 connection = RawHttp2.connect(keys.context(null, "server"), port)) {
            for (int i = 0; i < ANNOUNCED_STREAMS + MORE; i++) {
                connection.beginPost(2 * i + 1, path, port);
            }
            List<Integer> refused = connection.frames().stream()
                .filter(frame -> frame.type() == RawHttp2.RST_STREAM && frame.errorCode() == REFUSED_STREAM).map(RawHttp2.Frame::stream).toList();
            assertThat(refused).as(path).containsExactlyElementsOf(
                IntStream.range(ANNOUNCED_STREAMS, ANNOUNCED_STREAMS + MORE).map(i -> 2 * i + 1).boxed().toList());
        }
    }

    @Test
    void streamsThatAreAbortedAreNoErrorInTheLog() throws IOException {
        for (int port : new int[] {authzPort, mcpPort}) {
            try (RawHttp2 connection = RawHttp2.connect(keys.context(null, "server"), port)) {
                for (int stream = 1; stream < 20; stream += 2) {
                    connection.beginPost(stream, port == authzPort ? "/oauth/token" : "/mcp", port);
                    connection.abort(stream);
                }
                connection.frames();
            }
        }
        assertThat(authz.output() + mcp.output()).doesNotContain("ERROR", "StreamReset");
    }

    @Test
    void bodyThatIsTooLongIsAnsweredWith413() throws Exception {
        requireTooLong(send(HttpRequest.newBuilder(url(authzPort, "/oauth/token")).header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("a=" + "b".repeat(200_000)))));
        String token = gatehouse.tokens("resource", url(mcpPort, "/mcp").toString()).access();
        String large = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"x\":\"" + "y".repeat(5_000_000) + "\"}}";
        requireTooLong(send(McpSession.message(url(mcpPort, "/mcp").toString(), token, large)));
        assertThat(send(McpSession.message(url(mcpPort, "/mcp").toString(), token, McpSession.initializeRequest().encode())).statusCode()).isEqualTo(200);
    }

    private static void requireTooLong(HttpResponse<String> answer) {
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(413);
        assertThat(answer.headers().firstValue("date")).isPresent();
    }

    @Test
    void clientThatAsksBeforeItSendsIsToldToSendOverHttp2Too() throws Exception {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(url(authzPort, "/oauth/introspect")).expectContinue(true)
            .timeout(Duration.ofSeconds(5)).header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("token=none")));
        assertThat(answer.body()).isEqualTo("{\"active\":false}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"})
    void suitesWithEphemeralKeysAndAuthenticatedEncryptionAreSpoken(String suite) throws IOException {
        assertThat(handshake(authzPort, "TLSv1.2", suite)).isEqualTo(suite);
        assertThat(handshake(mcpPort, "TLSv1.2", suite)).isEqualTo(suite);
        assertThat(handshake(authzPort, "TLSv1.3", "TLS_AES_128_GCM_SHA256")).isEqualTo("TLS_AES_128_GCM_SHA256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"})
    void suitesWithCipherBlockChainingAreNotSpoken(String suite) {
        assertThatThrownBy(() -> handshake(authzPort, "TLSv1.2", suite)).isInstanceOf(SSLException.class);
        assertThatThrownBy(() -> handshake(mcpPort, "TLSv1.2", suite)).isInstanceOf(SSLException.class);
    }

    @Test
    void suitesAreThoseOfTheConfiguration() throws IOException {
        int port = Ports.free();
        JsonObject settings = new JsonObject().put("port", port).put("authServer", gatehouse.issuer()).put("tls", new JsonObject()
            .put("certificateFile", keys.certificateFile("server").toString()).put("keyFile", keys.keyFile("server").toString())
            .put("cipherSuites", List.of("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")));
        Path file = Files.writeString(Product.scratch("conf").resolve("one.json"), settings.encode());
        try (ChildProcess one = ChildProcess.start(Product.scratch("log").resolve("one.log"), Product.environment(Product.scratch("home")),
            Product.command("mcp", "--transport", "http", "-conf", file.toString()))) {
            Eventually.holds("it answers", Duration.ofSeconds(60), () -> send(HttpRequest.newBuilder(url(port, "/health"))).statusCode() == 200);
            assertThat(handshake(port, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384")).endsWith("AES_256_GCM_SHA384");
            assertThatThrownBy(() -> handshake(port, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")).isInstanceOf(SSLException.class);
            assertThat(one.alive()).isTrue();
        }
    }

    private String handshake(int port, String version, String suite) throws IOException {
        try (SSLSocket socket = (SSLSocket) keys.context(null, "server").getSocketFactory().createSocket("localhost", port)) {
            socket.setEnabledProtocols(new String[] {version});
            socket.setEnabledCipherSuites(new String[] {suite});
            socket.startHandshake();
            return socket.getSession().getCipherSuite();
        }
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newBuilder().sslContext(keys.context(null, "server")).build().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI url(int port, String path) {
        return URI.create("https://localhost:" + port + path);
    }
}
