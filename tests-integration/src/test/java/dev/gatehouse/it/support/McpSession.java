package dev.gatehouse.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import io.vertx.core.json.JsonObject;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicInteger;

/** A Streamable HTTP session at the wire level (2025-11-25). */
public final class McpSession {
    public static final String VERSION = "2025-11-25";
    private final String url;
    private final String token;
    private final String id;
    private final AtomicInteger requests = new AtomicInteger();

    private McpSession(String url, String token, String id) {
        this.url = url;
        this.token = token;
        this.id = id;
    }

    /** Initializes a session; fails unless the server gives one. */
    public static McpSession open(String url, String token) {
        HttpResponse<String> response = initialize(url, token);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        McpSession session = new McpSession(url, token, response.headers().firstValue("Mcp-Session-Id").orElseThrow());
        String initialized = new JsonObject().put("jsonrpc", "2.0").put("method", "notifications/initialized").encode();
        assertThat(session.post(initialized).statusCode()).isEqualTo(202);
        return session;
    }

    public static HttpResponse<String> initialize(String url, String token) {
        return Http.send(message(url, token, initializeRequest().encode()));
    }

    /** Asks for something without a session: 400 behind the door, 401 in front of it. Leaves no session behind. */
    public static HttpResponse<String> knock(String url, String token) {
        return Http.send(message(url, token, "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"ping\"}"));
    }

    /** Whether the server takes the token. */
    public static boolean admits(String url, String token) {
        int status = knock(url, token).statusCode();
        assertThat(status).isIn(400, 401);
        return status == 400;
    }

    public static JsonObject initializeRequest() {
        return new JsonObject().put("jsonrpc", "2.0").put("id", 0).put("method", "initialize")
            .put("params", new JsonObject().put("protocolVersion", VERSION).put("capabilities", new JsonObject())
                .put("clientInfo", new JsonObject().put("name", "whole-system-test").put("version", "1")));
    }

    /** A POST of one message as the specification wants it; a null token leaves the credential out. */
    public static HttpRequest.Builder message(String url, String token, String body) {
        HttpRequest.Builder request = Http.request(url, "Accept", "application/json, text/event-stream")
            .header("Content-Type", Http.JSON).POST(BodyPublishers.ofString(body));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    public String id() {
        return id;
    }

    /** The same session with another credential. */
    public McpSession with(String anotherToken) {
        return new McpSession(url, anotherToken, id);
    }

    public HttpResponse<String> post(String body) {
        return Http.send(message(url, token, body).header("Mcp-Session-Id", id)
            .header("MCP-Protocol-Version", VERSION));
    }

    /** The HTTP answer to one request. */
    public HttpResponse<String> send(String method, JsonObject params) {
        return post(request(method, params).encode());
    }

    public JsonObject request(String method, JsonObject params) {
        return new JsonObject().put("jsonrpc", "2.0").put("id", requests.incrementAndGet())
            .put("method", method).put("params", params);
    }

    /** The JSON-RPC answer to one request, out of JSON or out of an event stream. */
    public JsonObject call(String method, JsonObject params) {
        HttpResponse<String> response = send(method, params);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return answer(response);
    }

    /** The result of a tool. */
    public JsonObject tool(String name, JsonObject arguments) {
        JsonObject answer = call("tools/call", new JsonObject().put("name", name).put("arguments", arguments));
        assertThat(answer.getJsonObject("result")).as(answer.encode()).isNotNull();
        return answer.getJsonObject("result");
    }

    /** Opens the listening stream. */
    public EventStream listen() {
        return EventStream.open(Http.request(url, "Accept", "text/event-stream", "Authorization", "Bearer " + token,
            "Mcp-Session-Id", id, "MCP-Protocol-Version", VERSION).GET());
    }

    public HttpResponse<String> delete() {
        return Http.delete(url, "Authorization", "Bearer "
            + token, "Mcp-Session-Id", id, "MCP-Protocol-Version", VERSION);
    }

    /** The last message of an answer. */
    public static JsonObject answer(HttpResponse<String> response) {
        boolean stream = response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
        String json = stream ? response.body().lines().filter(line -> line.startsWith("data:") && line.length() > 6)
            .reduce((first, last) -> last).orElseThrow().substring(5) : response.body();
        return new JsonObject(json.strip());
    }
}
