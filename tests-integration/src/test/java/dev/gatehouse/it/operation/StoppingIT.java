package dev.gatehouse.it.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Certificates;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.ChildProcess;
import dev.gatehouse.fixtures.EventStream;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RawHttp2;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Real servers that are told to end while many requests are under way. */
@Timeout(180)
final class StoppingIT {

    private static final int UNDER_WAY = 60;
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String FORM = "grant_type=client_credentials&client_id=nobody-there";
    private static final String CALL = new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", "tools/list").encode();

    /** A request of which the server has the head and a part of the body. */
    private record Begun(Socket socket, String rest) {

        static Begun send(String url, String body, String... headers) throws IOException {
            URI uri = URI.create(url);
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort());
            socket.setSoTimeout((int) SOON.toMillis());
            StringBuilder head = new StringBuilder("POST " + uri.getPath() + " HTTP/1.1\r\nHost: " + uri.getAuthority() + "\r\nContent-Length: "
                + body.length() + "\r\n");
            for (int i = 0; i < headers.length; i += 2) {
                head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
            }
            socket.getOutputStream().write((head + "\r\n" + body.substring(0, 5)).getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return new Begun(socket, body.substring(5));
        }

        /** Sends the rest, and reads until the server closes. */
        String finish() throws IOException {
            try (socket) {
                socket.getOutputStream().write(rest.getBytes(StandardCharsets.UTF_8));
                socket.getOutputStream().flush();
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }

    @Test
    void whatIsUnderWayGetsItsAnswerAndNewWorkA503() throws Exception {
        try (RunningGatehouse gatehouse = RunningGatehouse.configured(new JsonObject(), new JsonObject())) {
            String token = gatehouse.tokens().access();
            List<Begun> tokenRequests = new ArrayList<>();
            List<Begun> calls = new ArrayList<>();
            for (int i = 0; i < UNDER_WAY; i++) {
                tokenRequests.add(Begun.send(gatehouse.issuer() + "/oauth/token", FORM, "Content-Type", "application/x-www-form-urlencoded"));
                calls.add(Begun.send(gatehouse.mcp(), CALL, "Content-Type", "application/json", "Accept", "application/json, text/event-stream",
                    "Authorization", "Bearer " + token));
            }
            // Each server has all heads once it answers what was sent after them.
            assertThat(Http.get(gatehouse.issuer() + "/health/ready").statusCode()).isEqualTo(200);
            assertThat(Http.get(gatehouse.mcpOrigin() + "/health/ready").statusCode()).isEqualTo(200);

            CompletableFuture<Duration> stopping = CompletableFuture.supplyAsync(gatehouse::stop);
            for (String origin : List.of(gatehouse.issuer(), gatehouse.mcpOrigin())) {
                Eventually.holds(origin + " takes no new work", SOON, () -> Http.get(origin + "/anything").statusCode() == 503);
                assertThat(Http.get(origin + "/anything").headers().firstValue("Retry-After")).isPresent();
                assertThat(Http.get(origin + "/health/ready").statusCode()).isEqualTo(503);
                assertThat(Http.get(origin + "/health/live").statusCode()).isEqualTo(200);
                // One process ends after the other.
                for (Begun begun : origin.equals(gatehouse.issuer()) ? tokenRequests : calls) {
                    String answer = begun.finish();
                    assertThat(answer).startsWith("HTTP/1.1 4").containsIgnoringCase("connection: close");
                }
            }
            assertThat(stopping.join()).isLessThan(Duration.ofSeconds(20));
        }
    }

    @Test
    void theGraceIsConfigured() throws Exception {
        JsonObject quick = new JsonObject().put("stopping", new JsonObject().put("graceSeconds", 1));
        try (RunningGatehouse gatehouse = RunningGatehouse.configured(quick, quick)) {
            Begun never = Begun.send(gatehouse.issuer() + "/oauth/token", FORM, "Content-Type", "application/x-www-form-urlencoded");
            assertThat(Http.get(gatehouse.issuer() + "/health/ready").statusCode()).isEqualTo(200);
            assertThat(gatehouse.stop()).isBetween(Duration.ofMillis(900), Duration.ofSeconds(6));
            never.socket().close();
        }
    }

    @Test
    void aProcessWithoutMemoryEndsInsteadOfAnsweringNothing() {
        Product.Result ended = Product.run(Product.command("up", "--port", String.valueOf(Ports.free()),
            "--mcp-port", String.valueOf(Ports.free())), Map.of("GATEHOUSE_HOME", Product.scratch("home").toString(),
                "GATEHOUSE_JVM_OPTIONS", "-Xmx14m"), "");
        assertThat(ended.exitCode()).isEqualTo(3);
        assertThat(ended.err()).contains("Terminating due to java.lang.OutOfMemoryError");
        assertThat(ended.out()).as("standard output is a command's own").isEmpty();
    }

    @Test
    void openStreamsEndInOrderAndHoldNothingUp() {
        try (RunningGatehouse gatehouse = RunningGatehouse.up()) {
            String token = gatehouse.tokens().access();
            try (EventStream stream = EventStream.open(Http.request(gatehouse.mcpOrigin() + "/sse", "Authorization", "Bearer " + token,
                    "Accept", "text/event-stream"))) {
                assertThat(stream.next(SOON).name()).isEqualTo("endpoint");
                assertThat(gatehouse.stop()).isLessThan(Duration.ofSeconds(5));
                assertThat(stream.endsWithin(SOON)).isTrue();
            }
        }
    }

    /** The JDK's client with a request under way, and one that shows the frames of a connection with several. */
    @Test
    void overHttp2WhatIsUnderWayGetsItsAnswerAndNewStreamsAreRefused() throws Exception {
        Certificates keys = new Certificates(Product.scratch("certificates")).selfSigned("server", "CN=localhost", Certificates.of("localhost"));
        int port = Ports.free();
        Path file = Files.writeString(Product.scratch("conf").resolve("authz.json"), new JsonObject().put("port", port).put("tls", new JsonObject()
            .put("certificateFile", keys.certificateFile("server").toString()).put("keyFile", keys.keyFile("server").toString())).encode());
        HttpClient http = HttpClient.newBuilder().sslContext(keys.context(null, "server")).build();
        HttpClient probe = HttpClient.newBuilder().sslContext(keys.context(null, "server")).build();
        try (ChildProcess authz = ChildProcess.start(Product.scratch("log").resolve("authz.log"), Product.environment(Product.scratch("home")),
                 Product.command("authz", "-conf", file.toString()))) {
            Eventually.holds("it answers", Duration.ofSeconds(60), () -> ready(probe, port).statusCode() == 200);
            assertThat(ready(http, port).version()).isEqualTo(HttpClient.Version.HTTP_2);
            try (RawHttp2 frames = RawHttp2.connect(keys.context(null, "server"), port); Posted posted = Posted.begin(http, port)) {
                frames.beginPost(1, "/oauth/token", port);
                frames.beginPost(3, "/anything", port);
                assertThat(types(frames.frames(), 3)).as("the server has the heads").contains(RawHttp2.HEADERS);
                assertThat(ready(http, port).statusCode()).isEqualTo(200);

                CompletableFuture<Duration> stopping = CompletableFuture.supplyAsync(authz::stop);
                Eventually.holds("it takes no new work", SOON, () -> ready(probe, port).statusCode() == 503);
                frames.beginPost(5, "/anything", port);
                List<RawHttp2.Frame> refusal = frames.frames();
                assertThat(types(refusal, 5)).contains(RawHttp2.HEADERS);
                assertThat(refusal).filteredOn(frame -> frame.type() == RawHttp2.GOAWAY).singleElement()
                    .satisfies(goAway -> assertThat(goAway.payload()).as("of the last stream 5, without an error").startsWith(0, 0, 0, 5, 0, 0, 0, 0));
                frames.beginPost(7, "/anything", port);
                assertThat(types(frames.frames(), 7)).containsExactly(RawHttp2.RST_STREAM);
                frames.endPost(1, FORM);
                assertThat(types(frames.frames(), 1)).as("seconds after the answer to another").contains(RawHttp2.HEADERS);
                assertThat(posted.finish().statusCode()).isEqualTo(401);
                assertThat(stopping.join()).isLessThan(Duration.ofSeconds(20));
            }
        }
    }

    private static List<Integer> types(List<RawHttp2.Frame> frames, int stream) {
        return frames.stream().filter(frame -> frame.stream() == stream).map(RawHttp2.Frame::type).toList();
    }

    private static HttpResponse<Void> ready(HttpClient http, int port) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/health/ready")).build(), HttpResponse.BodyHandlers.discarding());
    }

    /** A request of the JDK's client that has sent a part of its body. */
    private record Posted(OutputStream body, CompletableFuture<HttpResponse<String>> answer) implements AutoCloseable {

        static Posted begin(HttpClient http, int port) throws IOException {
            PipedOutputStream body = new PipedOutputStream();
            PipedInputStream sent = new PipedInputStream(body);
            Posted begun = new Posted(body, http.sendAsync(HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/oauth/token"))
                .header("Content-Type", "application/x-www-form-urlencoded").POST(HttpRequest.BodyPublishers.ofInputStream(() -> sent)).build(),
                HttpResponse.BodyHandlers.ofString()));
            body.write(FORM.substring(0, 5).getBytes(StandardCharsets.US_ASCII));
            body.flush();
            return begun;
        }

        HttpResponse<String> finish() throws IOException {
            body.write(FORM.substring(5).getBytes(StandardCharsets.US_ASCII));
            body.close();
            return answer.join();
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }
}
