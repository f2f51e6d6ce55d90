package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.RawHttp;
import dev.gatehouse.it.support.RunningGatehouse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Requests that two recipients could read differently, byte by byte, at both servers (RFC 9112 §11.2). */
@Gatehouse
final class RequestFramingIT {
    private static final String HOST = "Host: localhost\r\n";
    private static final String NEXT = "GET /health HTTP/1.1\r\n" + HOST + "\r\n";
    private static final String POST = "POST /oauth/token HTTP/1.1\r\n" + HOST + "Content-Type: application/x-www-form-urlencoded\r\n";
    private static final String CHUNKS = "0\r\n\r\n";
    private final RunningGatehouse gatehouse;

    RequestFramingIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
            Arguments.of("coding behind chunked", POST + "Transfer-Encoding: chunked, xchunked\r\n\r\n" + CHUNKS),
            Arguments.of("coding before chunked", POST + "Transfer-Encoding: gzip, chunked\r\n\r\n" + CHUNKS),
            Arguments.of("unknown coding", POST + "Transfer-Encoding: xchunked\r\n\r\n" + CHUNKS),
            Arguments.of("chunked twice", POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS),
            Arguments.of("folded coding", POST + "Transfer-Encoding:\r\n chunked\r\n\r\n" + CHUNKS),
            Arguments.of("coding with a vertical tab", POST + "Transfer-Encoding: \u000bchunked\r\n\r\n" + CHUNKS),
            Arguments.of("identity", POST + "Transfer-Encoding: identity\r\n\r\n"),
            Arguments.of("length before coding", POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS),
            Arguments.of("length behind coding", POST + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n" + CHUNKS),
            Arguments.of("length and coding of 1.0", inVersion10(POST) + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS),
            Arguments.of("coding of 1.0", inVersion10(POST) + "Transfer-Encoding: chunked\r\n\r\n" + CHUNKS),
            Arguments.of("two lengths", POST + "Content-Length: 0\r\nContent-Length: 5\r\n\r\n"),
            Arguments.of("two lengths of 1.0", inVersion10(POST) + "Content-Length: 0\r\nContent-Length: 5\r\n\r\n"),
            Arguments.of("length with a sign", POST + "Content-Length: +0\r\n\r\n"),
            Arguments.of("length with a space before the colon", POST + "Content-Length : 0\r\n\r\n"),
            Arguments.of("leading NUL", "\u0000" + NEXT),
            Arguments.of("leading control bytes", "\u0001\u0002\u001f" + NEXT),
            Arguments.of("leading tab", "\t" + NEXT),
            Arguments.of("leading space", " " + NEXT),
            Arguments.of("leading line feed", "\n" + NEXT),
            Arguments.of("two leading empty lines", "\r\n\r\n" + NEXT),
            Arguments.of("two hosts", "GET /health HTTP/1.1\r\n" + HOST + "Host: evil.test\r\n\r\n"),
            Arguments.of("one host twice", "GET /health HTTP/1.1\r\n" + HOST + HOST + "\r\n"),
            Arguments.of("two hosts of 1.0", "GET /health HTTP/1.0\r\nConnection: keep-alive\r\n" + HOST + HOST + "\r\n"),
            Arguments.of("list of hosts", "GET /health HTTP/1.1\r\nHost: localhost, evil.test\r\n\r\n"),
            Arguments.of("no host", "GET /health HTTP/1.1\r\n\r\n"),
            Arguments.of("empty host", "GET /health HTTP/1.1\r\nHost:\r\n\r\n"),
            Arguments.of("host with a path", "GET /health HTTP/1.1\r\nHost: localhost/x\r\n\r\n"),
            Arguments.of("bare line feeds", "GET /health HTTP/1.1\n" + HOST + "\r\n"),
            Arguments.of("NUL in a value", "GET /health HTTP/1.1\r\n" + HOST + "X: a\u0000b\r\n\r\n"),
            Arguments.of("carriage return in a value", "GET /health HTTP/1.1\r\n" + HOST + "X: a\rb\r\n\r\n"),
            Arguments.of("field without a name", "GET /health HTTP/1.1\r\n" + HOST + ": a\r\n\r\n"),
            Arguments.of("tabs in the request line", "GET\t/health\tHTTP/1.1\r\n" + HOST + "\r\n"),
            Arguments.of("two spaces in the request line", "GET  /health HTTP/1.1\r\n" + HOST + "\r\n"),
            Arguments.of("body of an old WebSocket draft", "GET /health HTTP/1.1\r\n" + HOST
                + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key1: 1\r\nSec-WebSocket-Key2: 2\r\n\r\n"),
            Arguments.of("folded host", "GET /health HTTP/1.1\r\nHost:\r\n localhost\r\n\r\n"),
            Arguments.of("target of another host", "GET http://evil.test/health HTTP/1.1\r\n" + HOST + "\r\n"),
            Arguments.of("target of another port", "GET http://localhost:1/health HTTP/1.1\r\n" + HOST + "\r\n"),
            Arguments.of("target with a user", "GET http://a@localhost/health HTTP/1.1\r\n" + HOST + "\r\n"),
            Arguments.of("target without a host", "GET http:///health HTTP/1.1\r\n" + HOST + "\r\n"),
            Arguments.of("target of another scheme", "GET ftp://localhost/health HTTP/1.1\r\n" + HOST + "\r\n"),
            Arguments.of("target of a host that a 1.0 request does not name", "GET http://localhost/health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
            Arguments.of("length that is a list", POST + "Content-Length: 0, 0\r\n\r\n"),
            Arguments.of("length in hexadecimal", POST + "Content-Length: 0x0\r\n\r\n"),
            Arguments.of("malformed percent escape", "GET /% HTTP/1.1\r\n" + HOST + "\r\n"),
            Arguments.of("target that is no path", "GET ? HTTP/1.1\r\n" + HOST + "\r\n"));
    }

    private static String inVersion10(String head) {
        return head.replace("HTTP/1.1", "HTTP/1.0") + "Connection: keep-alive\r\n";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void requestThatCanBeReadInTwoWaysIsRefusedAndItsConnectionClosed(String name, String bytes) {
        for (String server : servers()) {
            RawHttp.Answer answer = RawHttp.send(server, bytes + NEXT);
            assertThat(answer.statuses()).as(server + "\n" + answer.text()).containsExactly(400);
            assertThat(answer.closed()).as(server).isTrue();
        }
    }

    @Test
    void wellFormedRequestsOfOneConnectionAreAllAnswered() {
        String chunked = POST + "Transfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n" + CHUNKS;
        for (String server : servers()) {
            RawHttp.Answer answer = RawHttp.send(server, NEXT + "\r\n" + NEXT + chunked + NEXT);
            assertThat(answer.statuses()).as(answer.text()).hasSize(4).startsWith(200, 200).endsWith(200);
            assertThat(answer.closed()).isFalse();
        }
    }

    @Test
    void targetThatRepeatsTheHostIsServed() {
        for (String server : servers()) {
            RawHttp.Answer answer = RawHttp.send(server, NEXT.replace("/health", "http://LOCALHOST/health") + NEXT);
            assertThat(answer.statuses()).as(answer.text()).containsExactly(200, 200);
        }
    }

    @Test
    void malformedRequestBehindAGoodOneIsTheLastOfItsConnection() {
        for (String server : servers()) {
            RawHttp.Answer answer = RawHttp.send(server, NEXT + "\u0000" + NEXT + NEXT);
            assertThat(answer.statuses()).as(answer.text()).containsExactly(200, 400);
            assertThat(answer.closed()).isTrue();
        }
    }

    @Test
    void otherVersionsAreNotSpoken() {
        for (String server : servers()) {
            assertThat(RawHttp.send(server, NEXT.replace("HTTP/1.1", "HTTP/1.2")).statuses()).containsExactly(505);
            for (String version : List.of("HTTP/01.1", "HTTP/1.01", "http/1.1", "HTTP/1.10")) {
                RawHttp.Answer answer = RawHttp.send(server, NEXT.replace("HTTP/1.1", version) + NEXT);
                assertThat(answer.statuses()).as(version + "\n" + answer.text()).containsExactly(505);
                assertThat(answer.text().toLowerCase(Locale.ROOT)).as(version).contains("\r\ndate: ");
            }
            assertThat(RawHttp.send(server, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").statuses()).containsExactly(505);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\nab\r\n0\r\n\r\n", "-1\r\nab\r\n0\r\n\r\n", "2\r\nabXX0\r\n\r\n", "ffffffffff\r\nab", "0\r\nX y\r\n\r\n", "2;\nxx\r\nab\r\n0\r\n\r\n"})
    void malformedChunksAreAnsweredOnceAndEndTheConnectionAndAreNoErrorInTheLog(String chunks) {
        for (String server : servers()) {
            String head = server.equals(gatehouse.issuer()) ? POST
                : POST.replace("/oauth/token", "/mcp").replace("x-www-form-urlencoded", "json") + "Accept: application/json, text/event-stream\r\n";
            String chunked = head + "Authorization: Bearer " + gatehouse.tokens().access() + "\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks;
            RawHttp.Answer answer = RawHttp.send(server, chunked + NEXT);
            assertThat(answer.closed()).isTrue();
            assertThat(answer.statuses()).as(answer.text()).containsExactly(400);
            assertThat(answer.text()).containsIgnoringCase("\r\nconnection: close");
            RawHttp.Answer behindOther = RawHttp.send(server, NEXT + chunked + NEXT);
            assertThat(behindOther.statuses()).as(behindOther.text()).containsExactly(200, 400);
        }
        assertThat(gatehouse.output()).doesNotContain("NumberFormatException", "InvalidChunk", "Unhandled exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/oauth/authorize", "/oauth/userinfo", "/oauth/register", "/oauth/logout", "/oauth/introspect", "/account", "/nothing"})
    void everyEndpointAnswersAMalformedChunkOnce(String path) {
        RawHttp.Answer answer = RawHttp.send(gatehouse.issuer(), "POST " + path + " HTTP/1.1\r\n" + HOST
            + "Content-Type: application/" + (path.endsWith("register") ? "json" : "x-www-form-urlencoded")
            + "\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n" + NEXT);
        assertThat(answer.statuses()).as(answer.text()).hasSize(1).allMatch(status -> status >= 400 && status < 500);
        assertThat(answer.closed()).isTrue();
    }

    @Test
    void lineOrFieldThatIsTooLongIsNamedAndEndsTheConnection() {
        for (String server : servers()) {
            assertThat(RawHttp.send(server, NEXT.replace("/health", "/" + "a".repeat(40_000)) + NEXT).statuses()).containsExactly(414);
            assertThat(RawHttp.send(server, NEXT.replace(HOST, HOST + "X: " + "a".repeat(40_000) + "\r\n") + NEXT).statuses()).containsExactly(431);
            assertThat(RawHttp.send(server, NEXT.replace(HOST, HOST + "X: 1\r\n".repeat(9_000)) + NEXT).statuses()).containsExactly(431);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/oauth/introspect", "/oauth/token", "/oauth/revoke", "/oauth/userinfo", "/mcp"})
    void twoCredentialsInOneRequestAreNone(String path) {
        String server = path.equals("/mcp") ? gatehouse.mcpOrigin() : gatehouse.issuer();
        String bearer = "Authorization: Bearer " + gatehouse.tokens().access() + "\r\n";
        RawHttp.Answer answer = RawHttp.send(server, POST.replace("/oauth/token", path) + bearer + bearer + "Content-Length: 0\r\n\r\n" + NEXT);
        assertThat(answer.statuses()).as(answer.text()).hasSize(2).endsWith(200);
        assertThat(answer.statuses().get(0)).isIn(400, 401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/oauth/token", "/oauth/introspect", "/oauth/revoke", "/oauth/par", "/oauth/device_authorization",
        "/oauth/register", "/oauth/authorize", "/oauth/userinfo"})
    void clientThatAsksBeforeItSendsIsToldToSend(String path) {
        RawHttp.Answer asked = RawHttp.send(gatehouse.issuer(), "POST " + path + " HTTP/1.1\r\n" + HOST
            + "Content-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        assertThat(asked.statuses()).as(asked.text()).containsExactly(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/oauth/token", "/oauth/introspect", "/oauth/par", "/oauth/register", "/oauth/authorize", "/oauth/userinfo"})
    void clientThatAsksToSendTooMuchIsRefusedBeforeItSends(String path) {
        RawHttp.Answer asked = RawHttp.send(gatehouse.issuer(), "POST " + path + " HTTP/1.1\r\n" + HOST
            + "Content-Type: application/" + (path.endsWith("register") ? "json" : "x-www-form-urlencoded")
            + "\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
        assertThat(asked.statuses()).as(asked.text()).containsExactly(413);
    }

    @Test
    void javasOwnClientGetsItsAnswerAtOnceWhenItAsksBeforeItSends() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create(gatehouse.issuer() + "/oauth/introspect"))
            .expectContinue(true).timeout(Duration.ofSeconds(5)).header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString("token=none")).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.body()).isEqualTo("{\"active\":false}");
    }

    @Test
    void everyAnswerHasADate() {
        for (Map.Entry<String, List<String>> server : Map.of(
            gatehouse.issuer(), List.of("/health", "/oauth/authorize", "/nothing", "/oauth/token", "/%", "/.well-known/oauth-authorization-server"),
            gatehouse.mcpOrigin(), List.of("/health", "/mcp", "/nothing", "/sse", "/%", "/.well-known/oauth-protected-resource")).entrySet()) {
            for (String path : server.getValue()) {
                RawHttp.Answer answer = RawHttp.send(server.getKey(), NEXT.replace("/health", path));
                String date = answer.text().lines().filter(line -> line.regionMatches(true, 0, "date: ", 0, 6)).findFirst()
                    .orElseThrow(() -> new AssertionError(path + "\n" + answer.text())).substring(6);
                assertThat(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME))
                    .isCloseTo(ZonedDateTime.now(), org.assertj.core.api.Assertions.within(10, java.time.temporal.ChronoUnit.SECONDS));
            }
        }
        assertThat(RawHttp.send(gatehouse.issuer(), "\u0000").text()).containsIgnoringCase("\r\ndate: ");
    }

    private List<String> servers() {
        return List.of(gatehouse.issuer(), gatehouse.mcpOrigin());
    }
}
