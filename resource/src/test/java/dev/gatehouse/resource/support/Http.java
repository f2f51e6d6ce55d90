package dev.gatehouse.resource.support;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.stream.Stream;

/** A plain HTTP client for tests: whatever a client could send, and the answer as text. */
public final class Http {

    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Http() {
    }

    /** @param headers names and values in turn */
    public static HttpResponse<String> get(String url, String... headers) {
        return send("GET", url, null, headers);
    }

    /** @param body the request's body, or null for none */
    public static HttpResponse<String> send(String method, String url, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).method(method,
            body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Gets an event stream, and returns its lines as they come. */
    public static Stream<String> stream(String url, String... headers) {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).headers(headers).setHeader("Accept", "text/event-stream").build();
            HttpResponse<Stream<String>> response = CLIENT.send(request, BodyHandlers.ofLines());
            if (response.statusCode() != 200) {
                throw new IllegalStateException("Status " + response.statusCode());
            }
            return response.body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The challenge of an answer, or null. */
    public static String challenge(HttpResponse<?> response) {
        return response.headers().firstValue("WWW-Authenticate").orElse(null);
    }
}
