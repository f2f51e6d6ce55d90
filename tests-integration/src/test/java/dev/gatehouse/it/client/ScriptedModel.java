package dev.gatehouse.it.client;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An endpoint of the chat completions format that calls the tools which a test sets, and repeats their results. */
final class ScriptedModel implements AutoCloseable {

    private final Vertx vertx;
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final Queue<JsonObject> calls = new ArrayDeque<>();
    private final Set<String> keys = new ConcurrentSkipListSet<>();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile String forEver;
    private HttpServer server;

    private ScriptedModel(Vertx vertx) {
        this.vertx = vertx;
    }

    static ScriptedModel start() {
        Vertx vertx = Vertx.vertx();
        ScriptedModel model = new ScriptedModel(vertx);
        model.server = vertx.createHttpServer().requestHandler(request -> request.body().onSuccess(body -> {
            boolean known = request.path().equals("/v1/chat/completions");
            model.keys.add(String.valueOf(request.getHeader("Authorization")));
            request.response().setStatusCode(known ? 200 : 404).putHeader("Content-Type", "application/json")
                .end(model.answer(body.toJsonObject()).encode());
        })).listen(0, "localhost").await();
        return model;
    }

    String url() {
        return "http://localhost:" + server.actualPort() + "/v1";
    }

    /** The next request is answered by a call of this tool. */
    synchronized void calls(String tool, JsonObject arguments) {
        calls.add(new JsonObject().put("name", tool).put("arguments", arguments.encode()));
    }

    void callsForEver(String tool) {
        forEver = tool;
    }

    Set<String> keys() {
        return keys;
    }

    /** The contents of the messages of the last request. */
    List<String> texts() {
        return texts;
    }

    int requests() {
        return requests.get();
    }

    private synchronized JsonObject answer(JsonObject request) {
        int number = requests.incrementAndGet();
        texts.clear();
        request.getJsonArray("messages").forEach(message -> texts.add(((JsonObject) message).getString("content", "")));
        JsonObject function = forEver != null ? new JsonObject().put("name", forEver).put("arguments", "{}") : calls.poll();
        JsonObject message = new JsonObject().put("role", "assistant");
        if (function == null) {
            message.put("content", "The model saw: " + lastContent(request.getJsonArray("messages")).replaceAll("\\s+", " "));
        } else {
            message.putNull("content").put("tool_calls", new JsonArray(List.of(new JsonObject().put("id", "call_" + number).put("type", "function")
                .put("function", function))));
        }
        return new JsonObject().put("id", "chatcmpl-" + number).put("object", "chat.completion").put("choices", new JsonArray(List.of(
            new JsonObject().put("index", 0).put("message", message).put("finish_reason", function == null ? "stop" : "tool_calls"))));
    }

    /** The result of the last call; in a conversation without calls, the last text. */
    private static String lastContent(JsonArray messages) {
        return messages.getJsonObject(messages.size() - 1).getString("content");
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
