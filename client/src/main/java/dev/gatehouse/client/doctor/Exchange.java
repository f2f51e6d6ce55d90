package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.HttpAnswer;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One recorded request and its answer.
 *
 * @param step the purpose of the request, such as {@code mcp.anonymous}
 * @param status 0 when there was no answer
 * @param failure the reason why there was no answer; empty when there was one
 */
public record Exchange(String step, String method, String url, Map<String, List<String>> requestHeaders, String requestBody, int status,
                       Map<String, List<String>> headers, String body, String failure) {

    static Map<String, List<String>> headers(MultiMap headers) {
        return headers.names().stream().map(name -> name.toLowerCase(Locale.ROOT)).distinct().collect(Collectors.toMap(name -> name, headers::getAll));
    }

    /** The values of a response header. */
    List<String> all(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /** The values of a response header as one, empty when there is none. */
    String header(String name) {
        return String.join(", ", all(name));
    }

    /** The elements of a response header that is a comma-separated list, in lower case. */
    Set<String> list(String name) {
        return Stream.of(header(name).split(",")).map(element -> element.strip().toLowerCase(Locale.ROOT)).filter(element -> !element.isEmpty())
            .collect(Collectors.toSet());
    }

    String mediaType() {
        return HttpAnswer.mediaType(MultiMap.caseInsensitiveMultiMap().set("Content-Type", header("content-type")));
    }

    /** The body as a JSON object; empty when it is not one. */
    Optional<JsonObject> json() {
        return object(body);
    }

    /** A successful answer with a JSON object. */
    Optional<JsonObject> document() {
        return status == 200 ? json() : Optional.empty();
    }

    /** The JSON-RPC response in the body, which is one JSON object or a stream of events; empty when there is none. */
    Optional<JsonObject> message() {
        Stream<String> texts = mediaType().equals("text/event-stream")
            ? body.lines().filter(line -> line.startsWith("data:")).map(line -> line.substring("data:".length())) : Stream.of(body);
        return texts.map(Exchange::object).flatMap(Optional::stream).filter(each -> each.containsKey("result") || each.containsKey("error")).findFirst();
    }

    /** The result of the JSON-RPC response; empty for an error. */
    Optional<JsonObject> result() {
        return message().map(message -> message.getValue("result")).filter(JsonObject.class::isInstance).map(JsonObject.class::cast);
    }

    private static Optional<JsonObject> object(String text) {
        try {
            return Optional.of(new JsonObject(Buffer.buffer(text)));
        } catch (DecodeException | ClassCastException e) {
            return Optional.empty();
        }
    }

    /** The outcome in a few words, for a report. */
    String summary() {
        if (status == 0) {
            return method + " " + url + ": " + failure;
        }
        String to = header("location");
        return method + " " + url + " answered " + status + (mediaType().isEmpty() ? "" : " " + mediaType()) + (to.isEmpty() ? "" : " to " + to);
    }

    JsonObject toJson() {
        return new JsonObject().put("step", step).put("method", method).put("url", url).put("requestHeaders", json(requestHeaders))
            .put("requestBody", requestBody).put("status", status).put("headers", json(headers)).put("body", body).put("failure", failure);
    }

    private static JsonObject json(Map<String, List<String>> headers) {
        JsonObject json = new JsonObject();
        headers.keySet().stream().sorted().forEach(name -> json.put(name, new JsonArray(headers.get(name))));
        return json;
    }
}
