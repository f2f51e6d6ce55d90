package dev.gatehouse.mcp.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.fixtures.GeneratedMessages;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors.BadMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

class MessageCodecTest {

    private final MessageCodec codec = new MessageCodec(32);

    private JSONRPCMessage decode(String text) {
        return codec.decode(text.getBytes(StandardCharsets.UTF_8));
    }

    private JsonObject refusal(byte[] bytes) {
        try {
            codec.decode(bytes);
        } catch (BadMessage e) {
            return new JsonObject(new String(codec.encode(e.response()), StandardCharsets.UTF_8));
        }
        throw new AssertionError("It was taken as a message: " + new String(bytes, StandardCharsets.UTF_8));
    }

    private JsonObject refusal(String text) {
        return refusal(text.getBytes(StandardCharsets.UTF_8));
    }

    private int refusalCode(String text) {
        return refusal(text).getJsonObject("error").getInteger("code");
    }

    private String encoded(JSONRPCMessage message) {
        return new String(codec.encode(message), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 44, 2026})
    void generatedInputIsAMessageOrABadMessageAndEitherCanBeAnswered(long seed) {
        int messages = 0;
        for (byte[] line : new GeneratedMessages(seed).next(20_000)) {
            try {
                JSONRPCMessage message = codec.decode(line);
                messages++;
                if (message instanceof JSONRPCRequest request) {
                    new JsonObject(encoded(JSONRPCResponse.result(request.id(), Map.of("echo", List.of(request.method())))));
                    new JsonObject(encoded(JsonRpcErrors.response(request.id(), JsonRpcErrors.METHOD_NOT_FOUND, request.method())));
                }
            } catch (BadMessage e) {
                new JsonObject(encoded(e.response()));
            }
        }
        assertThat(messages).as("of 20000 that were none of the bad ones").isBetween(2_000, 18_000);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'jsonrpc':'2.0','id':1,'result':null}|-32600",
        "{'jsonrpc':'2.0','id':1,'error':null}|-32600",
        "{'jsonrpc':'2.0','id':1,'result':{},'error':{'code':1,'message':'m'}}|-32600",
        "{'jsonrpc':'2.0','id':null,'result':{}}|-32600",
        "{'jsonrpc':'2.0','id':1,'error':{'code':'1','message':'m'}}|-32600",
        "{'jsonrpc':'2.0','id':1,'error':{'code':1,'message':null}}|-32600",
        "{'jsonrpc':'2.0','id':1,'method':'ping','params':{'x':1e400}}|-32600",
        "{'jsonrpc':'2.0','id':1,'method':'ping','method':'ping'}|-32700",
        "{'jsonrpc':'2.0','id':1,'method':'ping','params':{'a':null,'a':null}}|-32700",
        "{'jsonrpc':'2.0','id':1,'method':'ping','params':{'a':[{'b':1,'\\u0062':2}]}}|-32700",
        "['x']|-32600", "|-32700"})
    void whatIsNoMessageIsToldWithoutAnId(String text, int code) {
        JsonObject refusal = refusal(text == null ? "" : text.replace('\'', '"'));

        assertThat(refusal.getJsonObject("error").getInteger("code")).isEqualTo(code);
        assertThat(refusal.containsKey("id")).isTrue();
        assertThat(refusal.getValue("id")).isNull();
    }

    @Test
    void nullIsTheSameAsLeftOutWhereThatIsTheOnlyReading() {
        assertThat(((JSONRPCRequest) decode("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":null}")).params()).isNull();
        assertThat(decode("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"notifications/initialized\",\"params\":null}"))
            .isInstanceOf(JSONRPCNotification.class);
        assertThat(((JSONRPCResponse) decode("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"error\":null}")).result()).isEqualTo(Map.of());
        assertThat(((JSONRPCResponse) decode("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null,\"error\":{\"code\":-1,\"message\":\"m\"}}"))
            .error().code()).isEqualTo(-1);
        assertThat(((JSONRPCResponse) decode("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"m\"}}")).error().code())
            .isEqualTo(-32700);
        assertThat(refusalCode("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}")).as("a request needs an id").isEqualTo(-32600);
    }

    @Test
    void aByteOrderMarkBeforeAMessageIsIgnored() {
        String ping = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
        assertThat(decode("\uFEFF" + ping)).isEqualTo(decode(ping));
        assertThat(codec.decodeBatch(codec.parse(("\uFEFF[" + ping + "]").getBytes(StandardCharsets.UTF_8))).messages()).containsExactly(decode(ping));
        assertThat(refusalCode("\uFEFF\uFEFF" + ping)).as("one is a mark, two are text").isEqualTo(-32700);
        assertThat(refusalCode("{\uFEFF}")).isEqualTo(-32700);
    }

    @Test
    void separatorsThatEndLinesForSomeReadersAreEscaped() {
        String text = encoded(JSONRPCResponse.result(1, Map.of("a\u2028", "b\u2029\n😀é")));
        assertThat(text).doesNotContain("\u2028", "\u2029", "\n").contains("\\u2028", "\\u2029", "é");
        assertThat(new JsonObject(text).getJsonObject("result").getString("a\u2028")).isEqualTo("b\u2029\n😀é");
    }

    @Test
    void halfOfASurrogatePairIsWrittenAsAnEscape() {
        JSONRPCRequest request = (JSONRPCRequest) decode("{\"jsonrpc\":\"2.0\",\"id\":\"\\ud800\",\"method\":\"\\udc00é\"}");
        JsonObject answer = new JsonObject(encoded(JsonRpcErrors.response(request.id(), JsonRpcErrors.METHOD_NOT_FOUND, request.method())));
        assertThat(answer.getString("id")).isEqualTo("\ud800");
        assertThat(answer.getJsonObject("error").getString("message")).isEqualTo("\udc00é");
    }

    @Test
    void anErrorWhoseDataIsNoJsonIsStillAnswered() {
        JSONRPCResponse response = JsonRpcErrors.response(1, new JSONRPCResponse.JSONRPCError(-1, "m", Map.of("x", new Object())));
        assertThat(new JsonObject(encoded(response)).getJsonObject("error").getInteger("code")).isEqualTo(-32603);
        assertThatThrownBy(() -> codec.encode(new JSONRPCNotification("2.0", "m", new Object()))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void objectsAndArraysOfVertxAreWrittenAsJsonWhereverTheyStand() {
        JsonObject inner = new JsonObject().put("list", new JsonArray().add(new JsonObject().put("n", 1))).put("at", Instant.EPOCH);
        assertThat(new JsonObject(encoded(JSONRPCResponse.result(1, Map.of("a", List.of(inner))))).getJsonObject("result"))
            .isEqualTo(new JsonObject("{\"a\":[{\"list\":[{\"n\":1}],\"at\":\"1970-01-01T00:00:00Z\"}]}"));
        assertThat(encoded(new JSONRPCNotification("2.0", "m", inner))).contains("\"params\":{\"list\":[{\"n\":1}]");
    }

    @Test
    void theMemoryThatAMessageTakesIsBounded() {
        String manyNumbers = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"n\":[" + "0.123456,".repeat(400_000) + "0]}}";
        assertThat(decode(manyNumbers)).isInstanceOf(JSONRPCRequest.class);
        assertThat(refusalCode("[" + "[],".repeat(1_300_000) + "[]]")).isEqualTo(-32600);
        assertThat(refusalCode("[" + "{\"a\":1},".repeat(500_000) + "0]")).isEqualTo(-32600);
    }
}
