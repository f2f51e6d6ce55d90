package dev.gatehouse.authz.support;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A browser of one server: keeps cookies and sends forms as browsers do; follows no redirect by itself. */
public final class Browser {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    public final Map<String, String> cookies = new LinkedHashMap<>();
    private final String origin;

    Browser(String origin) {
        this.origin = origin;
    }

    public Page get(String url, String... headers) {
        return send(request(url, headers).GET());
    }

    /** Sends a page's form with some fields changed; a null value leaves a field out. */
    public Page submit(Page page, String... changes) {
        return post(origin + page.formAction(), change(page.fields(), changes), "Origin", "null", "Sec-Fetch-Site", "same-origin");
    }

    /** Follows redirects as long as they stay on the server. */
    public Page follow(Page page) {
        Page last = page;
        while (last.location() != null && origin(last.location()).equals(origin)) {
            last = get(last.location());
        }
        return last;
    }

    public Page post(String url, Map<String, String> fields, String... headers) {
        return send(request(url, headers).header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(Requests.encode(fields))));
    }

    private static Map<String, String> change(Map<String, String> fields, String... changes) {
        Map<String, String> changed = new LinkedHashMap<>(fields);
        for (int i = 0; i < changes.length; i += 2) {
            if (changes[i + 1] == null) {
                changed.remove(changes[i]);
            } else {
                changed.put(changes[i], changes[i + 1]);
            }
        }
        return changed;
    }

    private String origin(String url) {
        URI uri = URI.create(origin).resolve(url);
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    private HttpRequest.Builder request(String url, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(origin).resolve(url));
        if (!cookies.isEmpty()) {
            request.header("Cookie", cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue()).collect(Collectors.joining("; ")));
        }
        return headers.length == 0 ? request : request.headers(headers);
    }

    private Page send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
            response.headers().allValues("Set-Cookie").forEach(this::keep);
            return new Page(response);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void keep(String setCookie) {
        String[] pair = setCookie.split(";", 2)[0].split("=", 2);
        if (pair[1].isEmpty() || setCookie.contains("Max-Age=0")) {
            cookies.remove(pair[0]);
        } else {
            cookies.put(pair[0], pair[1]);
        }
    }
}
