package dev.gatehouse.mcp.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.support.StreamableHttpCase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests and messages that Streamable HTTP accepts or rejects. */
class StreamableMessageTest extends StreamableHttpCase {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\"}|-32602",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":null}|-32602",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":5}}|-32602",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":[]}}|-32602",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"nonesuch\"}}|-32602",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"resources/read\",\"params\":{}}|-32602",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"completion/complete\",\"params\":{\"ref\":{\"type\":\"ref/resource\",\"uri\":\"x\"}}}|-32602",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"logging/setLevel\",\"params\":{\"level\":\"loud\"}}|-32602",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tasks/list\"}|-32601",
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"nonesuch\"}|-32601"})
    void badParametersAreErrorsWithTheRequestsId(String body, int code) throws Exception {
        JsonObject answer = Waiting.on(alice.post(body)).bodyAsJsonObject();

        assertThat(answer.getInteger("id")).isEqualTo(7);
        assertThat(answer.getJsonObject("error").getInteger("code")).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"jsonrpc\":|-32700", "[]|-32600", "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]|-32600", "7|-32600", "{}|-32600",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"} x|-32700",
        "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}|-32600", "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}|-32600"})
    void whatIsNoMessageIsABadRequestWithANullId(String body, int code) throws Exception {
        HttpResponse<Buffer> response = Waiting.on(alice.post(body));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.bodyAsJsonObject().containsKey("id")).isTrue();
        assertThat(response.bodyAsJsonObject().getValue("id")).isNull();
        assertThat(response.bodyAsJsonObject().getJsonObject("error").getInteger("code")).isEqualTo(code);
    }

    @Test
    void sizeAndDepthAreLimited() throws Exception {
        assertThat(Waiting.on(alice.call("echo", text("x".repeat(90)))).statusCode()).isEqualTo(200);
        assertThat(Waiting.on(alice.call("echo", text("x".repeat(100_000)))).statusCode()).isEqualTo(413);
        assertThat(Waiting.on(alice.post("[".repeat(33) + "]".repeat(33))).statusCode()).isEqualTo(400);
        assertThat(Waiting.on(alice.call("echo", text("still there"))).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"*/*|200", "application/*, text/*|200", "text/event-stream;q=0.5, application/json|200",
        "application/json|200", "text/event-stream|406", "application/json, text/event-stream;q=0|200", "application/jsonp, text/event-streams|406"})
    void acceptIsParsed(String accept, int status) throws Exception {
        HttpResponse<Buffer> response = Waiting.on(alice.request(HttpMethod.POST, "/mcp").putHeader("Accept", accept)
            .sendBuffer(alice.message("ping", new JsonObject()).toBuffer()));

        assertThat(response.statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"application/json; charset=utf-8|200", "Application/JSON|200", "text/plain|415", "application/jsonx|415"})
    void contentTypeIsParsed(String contentType, int status) throws Exception {
        HttpResponse<Buffer> response = Waiting.on(alice.request(HttpMethod.POST, "/mcp").putHeader("Content-Type", contentType)
            .sendBuffer(alice.message("ping", new JsonObject()).toBuffer()));

        assertThat(response.statusCode()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({"2025-11-25,200", "2025-03-26,200", "2026-07-28,400", "banana,400"})
    void anUnknownProtocolVersionIsABadRequestThatTellsThoseOfBothEras(String version, int status) throws Exception {
        HttpResponse<Buffer> response = Waiting.on(alice.request(HttpMethod.POST, "/mcp").putHeader("MCP-Protocol-Version", version)
            .sendBuffer(alice.message("ping", new JsonObject()).toBuffer()));

        assertThat(response.statusCode()).isEqualTo(status);
        if (version.equals("banana")) {
            JsonObject error = response.bodyAsJsonObject().getJsonObject("error");
            assertThat(error.getInteger("code")).isEqualTo(-32022);
            assertThat(error.getJsonObject("data").getString("requested")).isEqualTo(version);
            assertThat(error.getJsonObject("data").getJsonArray("supported"))
                .containsExactly("2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");
        }
        if (status == 400) {
            assertThat(response.bodyAsJsonObject().getInteger("id")).as("of the request").isPositive();
        }
    }

    @Test
    void textIsUtf8AndNothingElse() throws Exception {
        String ping = alice.message("ping", new JsonObject()).encode();
        for (Charset charset : List.of(StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
            HttpResponse<Buffer> refused = Waiting.on(alice.request(HttpMethod.POST, "/mcp").sendBuffer(Buffer.buffer(ping.getBytes(charset))));
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(refused.bodyAsJsonObject().getJsonObject("error").getInteger("code")).isEqualTo(-32700);
        }
        assertThat(Waiting.on(alice.post(ping)).statusCode()).isEqualTo(200);
    }

    @Test
    void aMethodThatIsNoneIsNotRepeatedAtLength() throws Exception {
        assertThat(Waiting.on(alice.send("nonesuch", new JsonObject())).bodyAsString()).contains("-32601", "nonesuch");
        HttpResponse<Buffer> response = Waiting.on(alice.send("x".repeat(50_000), new JsonObject()));
        assertThat(response.bodyAsJsonObject().getJsonObject("error").getInteger("code")).isEqualTo(-32601);
        assertThat(response.body().length()).isLessThan(200);
    }

    @Test
    void notificationsAndStrayResponsesAreAccepted() throws Exception {
        assertThat(Waiting.on(alice.post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}")).statusCode()).isEqualTo(202);
        assertThat(Waiting.on(alice.post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}")).statusCode()).isEqualTo(202);
        assertThat(Waiting.on(alice.post("{\"jsonrpc\":\"2.0\",\"id\":\"never-asked\",\"result\":{}}")).statusCode()).isEqualTo(202);
    }

    @Test
    void otherMethodsAreNotAllowed() throws Exception {
        HttpResponse<Buffer> response = Waiting.on(alice.request(HttpMethod.PUT, "/mcp").send());

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.getHeader("Allow")).isEqualTo("GET, POST, DELETE");
    }
}
