package dev.gatehouse.it.support;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/** Plain HTTP without cookies and without following redirects: what comes back is what was sent. */
public final class Http {
    public static final String FORM = "application/x-www-form-urlencoded";
    public static final String JSON = "application/json";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    static final HttpClient CLIENT = builder().build();

    private Http() {}

    /** A client for servers with certificates that this context trusts. */
    public static HttpClient client(SSLContext tls) {
        return builder().sslContext(tls).build();
    }

    private static HttpClient.Builder builder() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER);
    }

    /** Headers are name, value, name, value …. */
    public static HttpResponse<String> get(String url, String... headers) {
        return send(request(url, headers).GET());
    }

    public static HttpResponse<String> delete(String url, String... headers) {
        return send(request(url, headers).DELETE());
    }

    public static HttpResponse<String> options(String url, String... headers) {
        return send(request(url, headers).method("OPTIONS", BodyPublishers.noBody()));
    }

    public static HttpResponse<String> postForm(String url, Map<String, String> form, String... headers) {
        return post(url, FORM, encode(form), headers);
    }

    public static HttpResponse<String> post(String url, String contentType, String body, String... headers) {
        return send(postRequest(url, contentType, body, headers));
    }

    public static CompletableFuture<HttpResponse<String>> postLater(String url, String contentType, String body,
        String... headers) {
        return CLIENT.sendAsync(postRequest(url, contentType, body, headers).build(), BodyHandlers.ofString());
    }

    /** For event streams: returns as soon as the head is there; close the stream to hang up. */
    public static HttpResponse<InputStream> open(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request.build(), BodyHandlers.ofInputStream());
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** With a deadline for the head only; bodies of streams may last. */
    public static HttpRequest.Builder request(String url, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(LIMIT);
        return headers.length == 0 ? request : request.headers(headers);
    }

    public static HttpResponse<String> send(HttpRequest.Builder request) {
        return send(CLIENT, request);
    }

    static HttpResponse<String> send(HttpClient client, HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException failed) {
            throw new java.io.UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    public static String encode(Map<String, String> form) {
        return encode(List.copyOf(form.entrySet()));
    }

    public static String encode(List<Map.Entry<String, String>> pairs) {
        return pairs.stream().map(pair -> encode(pair.getKey()) + "=" + encode(pair.getValue()))
            .collect(Collectors.joining("&"));
    }

    public static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** The query of a URL, decoded; fails when a name appears twice, which no response of ours may do. */
    public static Map<String, String> query(URI uri) {
        String raw = uri.getRawQuery() == null ? "" : uri.getRawQuery();
        return java.util.Arrays.stream(raw.split("&"))
                .filter(pair -> !pair.isEmpty())
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> decode(pair[0]), pair -> pair.length == 1 ? "" : decode(pair[1])));
    }

    private static String decode(String value) {
        return java.net.URLDecoder.decode(value, StandardCharsets.UTF_8);
    }

    private static HttpRequest.Builder postRequest(String url, String contentType, String body, String... headers) {
        HttpRequest.Builder request = request(url, headers).POST(BodyPublishers.ofString(body));
        return contentType == null ? request : request.header("Content-Type", contentType);
    }
}
