package dev.gatehouse.client.chat;

import dev.gatehouse.client.http.CallException;
import dev.gatehouse.client.http.HttpAnswer;
import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.client.http.SecureUrl;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URI;

/** A language model behind an OpenAI-compatible API: chat completions with tools. */
final class Model {

    private static final long ANSWER_MILLIS = 300_000;
    private static final int EXCERPT = 300;
    private final HttpCaller http;
    private final URI endpoint;
    private final String name;
    private final String key;

    /** @param key of the API, or null */
    Model(HttpCaller http, String baseUrl, String name, String key) {
        String address = baseUrl.replaceAll("/+$", "") + "/chat/completions";
        this.http = http;
        // A key goes over https alone, or stays on this machine.
        this.endpoint = key == null ? SecureUrl.parse(address, "--model-url") : SecureUrl.require(address, "--model-url");
        this.name = name;
        this.key = key;
    }

    String name() {
        return name;
    }

    /** Returns the message of the model's answer. */
    Future<JsonObject> complete(JsonArray messages, JsonArray functions) {
        JsonObject request = new JsonObject().put("model", name).put("messages", messages);
        if (!functions.isEmpty()) {
            request.put("tools", functions);
        }
        HttpCall call = HttpCall.postJson(endpoint, request);
        return http.call(key == null ? call : call.with("Authorization", "Bearer " + key), ANSWER_MILLIS).map(Model::message);
    }

    private static JsonObject message(HttpAnswer answer) {
        JsonObject body = answer.json().orElseGet(JsonObject::new);
        boolean answered = answer.status() == 200 && body.getValue("choices") instanceof JsonArray choices && !choices.isEmpty()
            && choices.getValue(0) instanceof JsonObject choice && choice.getValue("message") instanceof JsonObject;
        if (!answered) {
            String text = answer.body().toString().strip();
            throw new CallException("The model answered with status " + answer.status() + ": " + text.substring(0, Math.min(EXCERPT, text.length())));
        }
        return body.getJsonArray("choices").getJsonObject(0).getJsonObject("message");
    }
}
