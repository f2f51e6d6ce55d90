package dev.gatehouse.mcp.testing;

import dev.gatehouse.mcp.stateless.HeaderValue;
import dev.gatehouse.mcp.stateless.Meta;
import dev.gatehouse.mcp.stateless.StatelessError.StatelessVersions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/**
 * A client of one MCP server over HTTP, of the revision without sessions, for tests.
 *
 * <pre>{@code
 * McpTestClient client = McpTestClient.of(vertx, "http://localhost:8080/mcp").withToken(token);
 * McpAnswer sum = await(client.call("add", new JsonObject().put("a", 2).put("b", 3)));
 * assertEquals("5.0", sum.text());
 * }</pre>
 *
 * A refusal is an answer too, with its status, headers and error; a future fails only if none came. Immutable, but for its connections.
 */
public final class McpTestClient {

    private static final int ROUNDS = 10;
    private static final Map<String, String> NAMED = Map.of("tools/call", "name", "prompts/get", "name", "resources/read", "uri");

    private final WebClient http;
    private final String url;
    private final String token;
    private final BiFunction<String, JsonObject, JsonObject> answers;
    private final AtomicInteger ids;

    private McpTestClient(WebClient http, String url, String token, BiFunction<String, JsonObject, JsonObject> answers, AtomicInteger ids) {
        this.http = http;
        this.url = url;
        this.token = token;
        this.answers = answers;
        this.ids = ids;
    }

    /**
     * {@return a client without an access token}
     *
     * @param vertx the Vert.x instance
     * @param url the URL of the endpoint
     */
    public static McpTestClient of(Vertx vertx, String url) {
        return new McpTestClient(WebClient.create(vertx), url, null, null, new AtomicInteger());
    }

    /**
     * {@return the same client with an access token}
     *
     * @param accessToken the token
     */
    public McpTestClient withToken(String accessToken) {
        return new McpTestClient(http, url, accessToken, answers, ids);
    }

    /**
     * {@return the same client with a user and a model behind it} They answer {@code elicitation/create}, {@code sampling/createMessage} and {@code
     * roots/list}.
     *
     * @param asked takes the method and its parameters, and returns the result
     */
    public McpTestClient answering(BiFunction<String, JsonObject, JsonObject> asked) {
        return new McpTestClient(http, url, token, asked, ids);
    }

    /**
     * Calls a tool.
     *
     * @param tool its name
     * @param arguments the arguments by name
     * @return the answer
     */
    public Future<McpAnswer> call(String tool, JsonObject arguments) {
        return request("tools/call", new JsonObject().put("name", tool).put("arguments", arguments));
    }

    /**
     * Reads a resource.
     *
     * @param uri its URI
     * @return the answer
     */
    public Future<McpAnswer> read(String uri) {
        return request("resources/read", new JsonObject().put("uri", uri));
    }

    /**
     * Gets a prompt.
     *
     * @param name its name
     * @param arguments the arguments by name
     * @return the answer
     */
    public Future<McpAnswer> prompt(String name, JsonObject arguments) {
        return request("prompts/get", new JsonObject().put("name", name).put("arguments", arguments));
    }

    /**
     * Sends any request, and answers what it asks until it has its result.
     *
     * @param method the method
     * @param params the parameters
     * @return the answer
     */
    public Future<McpAnswer> request(String method, JsonObject params) {
        return request(method, params, ROUNDS);
    }

    private Future<McpAnswer> request(String method, JsonObject params, int rounds) {
        return send(method, params).compose(answer -> {
            JsonObject result = answer.message().getJsonObject("result");
            if (answers == null || rounds == 0 || result == null || !"input_required".equals(result.getString("resultType"))) {
                return Future.succeededFuture(answer);
            }
            JsonObject responses = new JsonObject();
            JsonObject asked = result.getJsonObject("inputRequests", new JsonObject());
            asked.fieldNames().forEach(key -> {
                JsonObject request = asked.getJsonObject(key);
                responses.put(key, answers.apply(request.getString("method"), request.getJsonObject("params", new JsonObject())));
            });
            return request(method, params.copy().put("inputResponses", responses).put("requestState", result.getString("requestState")),
                rounds - 1);
        });
    }

    private Future<McpAnswer> send(String method, JsonObject params) {
        JsonObject meta = new JsonObject().put(Meta.VERSION, StatelessVersions.NEWEST).put(Meta.CLIENT_CAPABILITIES, capabilities())
            .put(Meta.CLIENT_INFO, new JsonObject().put("name", "test").put("version", "1"));
        JsonObject message = new JsonObject().put("jsonrpc", "2.0").put("id", ids.incrementAndGet()).put("method", method)
            .put("params", params.copy().put(Meta.MEMBER, meta.mergeIn(params.getJsonObject(Meta.MEMBER, new JsonObject()))));
        HttpRequest<Buffer> request = http.postAbs(url).putHeader("Accept", "application/json, text/event-stream")
            .putHeader("Content-Type", "application/json").putHeader("MCP-Protocol-Version", StatelessVersions.NEWEST).putHeader("Mcp-Method", method);
        if (token != null) {
            request.bearerTokenAuthentication(token);
        }
        String named = NAMED.get(method);
        if (named != null && params.getValue(named) instanceof String name) {
            request.putHeader("Mcp-Name", HeaderValue.encode(name));
        }
        return request.sendBuffer(message.toBuffer()).map(McpTestClient::toAnswer);
    }

    private JsonObject capabilities() {
        return answers == null ? new JsonObject()
            : new JsonObject().put("elicitation", new JsonObject().put("form", new JsonObject()).put("url", new JsonObject()))
                .put("sampling", new JsonObject().put("tools", new JsonObject())).put("roots", new JsonObject());
    }

    private static McpAnswer toAnswer(HttpResponse<Buffer> response) {
        List<JsonObject> messages = new ArrayList<>();
        String body = response.bodyAsString() == null ? "" : response.bodyAsString();
        String type = String.valueOf(response.getHeader("Content-Type"));
        if (type.startsWith("text/event-stream")) {
            body.lines().filter(line -> line.startsWith("data: {")).forEach(line -> messages.add(new JsonObject(line.substring(6))));
        } else if (type.startsWith("application/json")) {
            messages.add(new JsonObject(body));
        }
        List<JsonObject> notifications = messages.stream().filter(message -> message.containsKey("method")).toList();
        JsonObject answer = messages.stream().filter(message -> !message.containsKey("method")).findFirst().orElseGet(JsonObject::new);
        return new McpAnswer(response.statusCode(), response.headers(), answer, notifications);
    }
}
