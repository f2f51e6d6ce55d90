package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RawHttp;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;

/** DNS rebinding, stolen session ids, and messages meant to hurt (MCP transports, 2025-11-25). */
@Gatehouse
final class McpTransportIT {
    private final RunningGatehouse gatehouse;
    private String token;

    McpTransportIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @BeforeEach
    void obtainToken() {
        token = gatehouse.tokens().access();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://evil.test", "null", "http://localhost.evil.test", "http://evillocalhost"})
    void foreignOriginIsForbidden(String origin) {
        assertThat(initialize("Origin", origin).statusCode()).isEqualTo(403);
    }

    @Test
    void ownOriginAndNoOriginAreWelcome() {
        assertThat(initialize("Origin", gatehouse.mcpOrigin()).statusCode()).isEqualTo(200);
        assertThat(McpSession.admits(gatehouse.mcp(), token)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.test", "localhost.evil.test", "evil.test:80"})
    void foreignHostIsRefused(String host) {
        assertThat(initialize("Host", host).statusCode()).isBetween(400, 499);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:5173", "http://127.0.0.1:6274", "http://localhost", "https://localhost:8443"})
    void pageOfThisMachineMayCallEveryTransportOfTheDemo(String origin) {
        for (String path : List.of("/mcp", "/sse", "/messages")) {
            HttpResponse<String> preflight = Http.options(gatehouse.mcpOrigin() + path, "Origin", origin, "Access-Control-Request-Method", "POST",
                "Access-Control-Request-Headers", "authorization,content-type,mcp-protocol-version,mcp-session-id");
            assertThat(preflight.statusCode()).as(path).isEqualTo(204);
            assertThat(preflight.headers().firstValue("access-control-allow-origin")).hasValue(origin);
            assertThat(preflight.headers().firstValue("access-control-allow-headers").orElseThrow().toLowerCase(Locale.ROOT))
                .contains("authorization", "content-type", "mcp-protocol-version", "mcp-session-id");
        }
        HttpResponse<String> admitted = initialize("Origin", origin);
        assertThat(admitted.statusCode()).isEqualTo(200);
        assertThat(admitted.headers().firstValue("access-control-allow-origin")).hasValue(origin);
        HttpResponse<String> refused = Http.get(gatehouse.mcpOrigin() + "/sse", "Origin", origin);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("access-control-expose-headers").orElseThrow()).contains("WWW-Authenticate", "Mcp-Session-Id");
    }

    @Test
    void refusedHostAndOriginNameTheSettingToChange() {
        assertThat(initialize("Origin", "https://evil.test").body()).contains("allowedOrigins");
        assertThat(RawHttp.send(gatehouse.mcpOrigin(), "GET /mcp HTTP/1.1\r\nHost: evil.test\r\n\r\n").text()).contains(" 421 ", "allowedHosts");
        assertThat(RawHttp.send(gatehouse.mcpOrigin(), "GET /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n").statuses()).containsExactly(401);
    }

    @Test
    void sessionIdIsLongAndBoundToItsPrincipal() {
        McpSession session = McpSession.open(gatehouse.mcp(), token);
        assertThat(session.id()).matches("[\\x21-\\x7e]{22,}");
        String machine = new JsonObject(gatehouse.client().clientCredentials().body()).getString("access_token");
        assertThat(session.with(machine).send("tools/list", new JsonObject()).statusCode()).isIn(403, 404);
        assertThat(session.with(gatehouse.tokens().access()).send("tools/list", new JsonObject()).statusCode())
            .as("the same user's next token").isEqualTo(200);
    }

    @Test
    void sessionIdAloneIsNoCredential() {
        McpSession session = McpSession.open(gatehouse.mcp(), token);
        HttpResponse<String> refused = Http.send(McpSession.message(gatehouse.mcp(), null,
            session.request("tools/list", new JsonObject()).encode()).header("Mcp-Session-Id", session.id()));
        assertThat(refused.statusCode()).isEqualTo(401);
    }

    @Test
    void sessionMustBeNamedAndKnown() {
        McpSession session = McpSession.open(gatehouse.mcp(), token);
        String list = session.request("tools/list", new JsonObject()).encode();
        assertThat(Http.send(McpSession.message(gatehouse.mcp(), token, list)).statusCode()).isEqualTo(400);
        assertThat(Http.send(McpSession.message(gatehouse.mcp(), token, list)
            .header("Mcp-Session-Id", Pkce.random())).statusCode())
            .isEqualTo(404);
        assertThat(session.delete().statusCode()).isIn(200, 204);
        assertThat(session.post(list).statusCode()).isEqualTo(404);
    }

    @Test
    void unknownProtocolVersionIsRefused() {
        McpSession session = McpSession.open(gatehouse.mcp(), token);
        HttpResponse<String> refused = Http.send(McpSession.message(gatehouse.mcp(), token,
            session.request("tools/list", new JsonObject()).encode())
            .header("Mcp-Session-Id", session.id()).header("MCP-Protocol-Version", "1999-01-01"));
        assertThat(refused.statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not JSON", "", "[]", "null", "42", "{}",
        "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}",
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]"})
    void malformedMessageIsRefusedAndTheSessionLives(String body) {
        McpSession session = McpSession.open(gatehouse.mcp(), token);
        HttpResponse<String> refused = session.post(body);
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(refused.body()).doesNotContain("Exception");
        assertThat(session.call("ping", new JsonObject()).containsKey("result")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":null}",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":42}}",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"nothing\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"resources/read\",\"params\":{\"uri\":\"user://notes/nothing\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"no/such\",\"params\":{}}"})
    void faultyCallIsAnsweredWithItsId(String body) {
        McpSession session = McpSession.open(gatehouse.mcp(), token);
        JsonObject answer = McpSession.answer(session.post(body));
        assertThat(answer.getInteger("id")).isEqualTo(7);
        boolean failed = answer.containsKey("error") || answer.getJsonObject("result").getBoolean("isError");
        assertThat(failed).as(answer.encode()).isTrue();
        assertThat(answer.encode()).doesNotContain("Exception", "dev.gatehouse");
    }

    @Test
    void oversizedAndOverdeepBodiesAreRefused() {
        McpSession session = McpSession.open(gatehouse.mcp(), token);
        String big = session.request("ping", new JsonObject().put("x", "y".repeat(5_000_000))).encode();
        assertThat(session.post(big).statusCode()).isEqualTo(413);
        String deep = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"x\":" + "[".repeat(5000)
            + "]".repeat(5000) + "}}";
        assertThat(session.post(deep).statusCode()).isEqualTo(400);
        assertThat(session.call("ping", new JsonObject()).containsKey("result")).isTrue();
    }

    @Test
    void onlyJsonIsReadAndOnlyWhatIsAcceptedIsWritten() {
        String body = McpSession.initializeRequest().encode();
        assertThat(Http.post(gatehouse.mcp(), "text/plain", body, "Authorization", "Bearer " + token,
            "Accept", "application/json, text/event-stream").statusCode()).isEqualTo(415);
        assertThat(Http.post(gatehouse.mcp(), Http.JSON, body, "Authorization", "Bearer " + token,
            "Accept", "image/png").statusCode()).isEqualTo(406);
    }

    private HttpResponse<String> initialize(String header, String value) {
        return Http.send(McpSession.message(gatehouse.mcp(), token, McpSession.initializeRequest().encode())
            .setHeader(header, value));
    }
}
