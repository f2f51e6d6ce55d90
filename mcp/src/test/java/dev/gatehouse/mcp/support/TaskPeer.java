package dev.gatehouse.mcp.support;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;

import java.util.concurrent.TimeUnit;

/** A client of revision 2026-07-28 that declares the tasks extension, or does not. */
public final class TaskPeer {

    public final StatelessPeer peer;
    private final boolean declares;

    public TaskPeer(Vertx vertx, int port, String token, boolean declares) {
        this.peer = new StatelessPeer(vertx, port, token);
        this.declares = declares;
    }

    public JsonObject params(JsonObject params) {
        JsonObject meta = StatelessPeer.meta();
        if (declares) {
            meta.getJsonObject("io.modelcontextprotocol/clientCapabilities")
                .put("extensions", new JsonObject().put("io.modelcontextprotocol/tasks", new JsonObject()));
        }
        return params.copy().put("_meta", meta);
    }

    public HttpResponse<Buffer> send(String method, JsonObject params) throws Exception {
        Future<HttpResponse<Buffer>> response = peer.send(method, params(params));
        return response.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /** The result of a request that succeeds. */
    public JsonObject result(String method, JsonObject params) throws Exception {
        JsonObject answer = send(method, params).bodyAsJsonObject();
        if (!answer.containsKey("result")) {
            throw new AssertionError(answer.encode());
        }
        return answer.getJsonObject("result");
    }

    public JsonObject call(String tool) throws Exception {
        return result("tools/call", new JsonObject().put("name", tool).put("arguments", new JsonObject()));
    }

    /** The id of the task that a call has become. */
    public String begin(String tool) throws Exception {
        return call(tool).getString("taskId");
    }

    public JsonObject get(String task) throws Exception {
        return result("tasks/get", id(task));
    }

    public JsonObject update(String task, JsonObject responses) throws Exception {
        return result("tasks/update", id(task).put("inputResponses", responses));
    }

    public static JsonObject id(String task) {
        return new JsonObject().put("taskId", task);
    }

    public static JsonObject accepted(String text) {
        return new JsonObject().put("action", "accept").put("content", new JsonObject().put("text", text));
    }
}
