package dev.gatehouse.shared.flight;

import dev.gatehouse.shared.http.MediaTypes;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One recorded request and its answer. The names of headers are in lower case.
 *
 * @param step the purpose of the request, such as {@code mcp.anonymous}
 * @param method the HTTP method
 * @param url the URL of the request
 * @param requestHeaders the headers of the request, in the order of arrival
 * @param requestBody the body of the request; empty for none
 * @param status 0 when there was no answer
 * @param headers the headers of the answer
 * @param body the body of the answer
 * @param failure the reason why there was no answer; empty when there was one
 */
public record Exchange(String step, String method, String url, Map<String, List<String>> requestHeaders, String requestBody, int status,
                       Map<String, List<String>> headers, String body, String failure) {

    /**
     * {@return headers by their names in lower case, in their order}
     *
     * @param headers the headers of a message
     */
    public static Map<String, List<String>> headers(MultiMap headers) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        headers.names().forEach(name -> all.putIfAbsent(name.toLowerCase(Locale.ROOT), List.copyOf(headers.getAll(name))));
        return all;
    }

    /**
     * {@return the values of a response header}
     *
     * @param name the name of the header
     */
    public List<String> all(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    }

    /**
     * {@return the values of a response header as one, empty when there is none}
     *
     * @param name the name of the header
     */
    public String header(String name) {
        return String.join(", ", all(name));
    }

    /**
     * {@return the values of a request header as one, empty when there is none}
     *
     * @param name the name of the header
     */
    public String requestHeader(String name) {
        return String.join(", ", requestHeaders.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
    }

    /**
     * {@return the elements of a response header that is a comma-separated list, in lower case}
     *
     * @param name the name of the header
     */
    public Set<String> list(String name) {
        return Stream.of(header(name).split(",")).map(element -> element.strip().toLowerCase(Locale.ROOT)).filter(element -> !element.isEmpty())
            .collect(Collectors.toSet());
    }

    /** {@return the media type of the answer, without parameters, in lower case} */
    public String mediaType() {
        return MediaTypes.essence(header("content-type"));
    }

    /** {@return the body as a JSON object; empty when it is not one} */
    public Optional<JsonObject> json() {
        return object(body);
    }

    /** {@return the body of the request as a JSON object; empty when it is not one} */
    public Optional<JsonObject> requestJson() {
        return object(requestBody);
    }

    /** {@return the parameters of the query} */
    public Map<String, String> query() {
        return query(url);
    }

    /**
     * {@return the parameters of the query and the fragment of a URL}
     *
     * @param url the URL
     */
    public static Map<String, String> query(String url) {
        int from = url.indexOf('?') < 0 ? url.indexOf('#') : url.indexOf('?');
        return from < 0 ? Map.of() : parameters(url.substring(from + 1).replace('#', '&'));
    }

    /** {@return the parameters of a request body that is a form; empty for every other body} */
    public Map<String, String> form() {
        return MediaTypes.is(requestHeader("content-type"), MediaTypes.FORM) ? parameters(requestBody) : Map.of();
    }

    /**
     * {@return the parameters of a text in {@code application/x-www-form-urlencoded}, in their order} A malformed escape stays as it is.
     *
     * @param text the text
     */
    public static Map<String, String> parameters(String text) {
        Map<String, String> parameters = new LinkedHashMap<>();
        Stream.of(text.split("&")).filter(pair -> !pair.isEmpty()).map(pair -> pair.split("=", 2))
            .forEach(pair -> parameters.putIfAbsent(decode(pair[0]), pair.length < 2 ? "" : decode(pair[1])));
        return parameters;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }

    /** {@return a successful answer with a JSON object} */
    public Optional<JsonObject> document() {
        return status == 200 ? json() : Optional.empty();
    }

    /** {@return the JSON-RPC response in the body, which is one JSON object or a stream of events; empty when there is none} */
    public Optional<JsonObject> message() {
        Stream<String> texts = mediaType().equals(MediaTypes.EVENT_STREAM)
            ? body.lines().filter(line -> line.startsWith("data:")).map(line -> line.substring("data:".length())) : Stream.of(body);
        return texts.map(Exchange::object).flatMap(Optional::stream).filter(each -> each.containsKey("result") || each.containsKey("error")).findFirst();
    }

    /** {@return the result of the JSON-RPC response; empty for an error} */
    public Optional<JsonObject> result() {
        return message().map(message -> message.getValue("result")).filter(JsonObject.class::isInstance).map(JsonObject.class::cast);
    }

    /** {@return the error code of OAuth in the answer: of its body, else of its redirect; empty for none} */
    public Optional<String> error() {
        return json().map(json -> json.getValue("error")).filter(String.class::isInstance).map(String.class::cast)
            .or(() -> Optional.ofNullable(query(header("location")).get("error")));
    }

    /** Forms and pages are no objects by their first character: an exception for each of them takes longer than the rest. */
    private static Optional<JsonObject> object(String text) {
        if (!text.stripLeading().startsWith("{")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new JsonObject(Buffer.buffer(text)));
        } catch (DecodeException | ClassCastException e) {
            return Optional.empty();
        }
    }

    /** {@return the outcome in a few words, for a report} */
    public String summary() {
        return method + " " + url + (status == 0 ? ": " + failure : " answered " + answer());
    }

    /** {@return the answer in a few words} */
    public String answer() {
        if (status == 0) {
            return failure;
        }
        String to = header("location");
        return status + (mediaType().isEmpty() ? "" : " " + mediaType()) + (to.isEmpty() ? "" : " to " + to);
    }

    /**
     * {@return the same exchange with another step}
     *
     * @param other the step
     */
    Exchange as(String other) {
        return new Exchange(other, method, url, requestHeaders, requestBody, status, headers, body, failure);
    }

    /** {@return the exchange as a member of a flight record} */
    public JsonObject toJson() {
        return new JsonObject().put("step", step).put("method", method).put("url", url).put("requestHeaders", json(requestHeaders))
            .put("requestBody", requestBody).put("status", status).put("headers", json(headers)).put("body", body).put("failure", failure);
    }

    private static JsonObject json(Map<String, List<String>> headers) {
        JsonObject json = new JsonObject();
        headers.forEach((name, values) -> json.put(name, new JsonArray(values)));
        return json;
    }

    /**
     * Reads an exchange of a flight record.
     *
     * @param json the member
     * @return the exchange
     * @throws ClassCastException when the member is not an exchange
     */
    public static Exchange of(JsonObject json) {
        return new Exchange(json.getString("step", ""), json.getString("method", "GET"), json.getString("url", ""), headers(json.getJsonObject("requestHeaders")),
            json.getString("requestBody", ""), json.getInteger("status", 0), headers(json.getJsonObject("headers")), json.getString("body", ""),
            json.getString("failure", ""));
    }

    private static Map<String, List<String>> headers(JsonObject json) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        if (json != null) {
            json.forEach(header -> headers.put(header.getKey(), ((JsonArray) header.getValue()).stream().map(String.class::cast).toList()));
        }
        return headers;
    }
}
