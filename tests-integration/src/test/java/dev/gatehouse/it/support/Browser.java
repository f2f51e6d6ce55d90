package dev.gatehouse.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A browser without scripts: keeps cookies, follows redirects within the authorization server, stops where one
 * leaves it.
 */
public final class Browser {
    private static final int REDIRECTS = 10;
    private final String origin;
    private final HttpClient client;
    private final Map<String, String> cookies = new LinkedHashMap<>();

    /** The origin is the authorization server's, {@code http://localhost:PORT}. */
    public Browser(String origin) {
        this(origin, Http.CLIENT);
    }

    /** For an authorization server that this client trusts. */
    Browser(String origin, HttpClient client) {
        this.origin = origin;
        this.client = client;
    }

    public Page open(String url) {
        return follow(URI.create(url), Http.request(url).GET());
    }

    public Page submit(Page page, Map<String, String> fields) {
        return submit(page, page.form(), fields);
    }

    /** Sends the form's own fields, those named here replaced, as a browser does: same origin headers and all. */
    public Page submit(Page page, Page.Form form, Map<String, String> fields) {
        List<Map.Entry<String, String>> all = new ArrayList<>(form.fields());
        all.removeIf(field -> fields.containsKey(field.getKey()));
        all.addAll(fields.entrySet());
        URI target = page.uri().resolve(form.action());
        HttpRequest.Builder request = Http.request(target.toString()).POST(BodyPublishers.ofString(Http.encode(all)));
        request.header("Content-Type", Http.FORM).header("Origin", origin);
        request.header("Sec-Fetch-Site", "same-origin").header("Sec-Fetch-Mode", "navigate");
        return follow(target, request);
    }

    public Map<String, String> cookies() {
        return cookies;
    }

    /** Sends exactly these headers besides the cookies; for what a browser would not send by itself. */
    public Page post(Page page, Page.Form form, List<Map.Entry<String, String>> fields, String... headers) {
        URI target = page.uri().resolve(form.action());
        HttpRequest.Builder request = Http.request(target.toString(), headers)
            .POST(BodyPublishers.ofString(Http.encode(fields)));
        return exchange(target, request.header("Content-Type", Http.FORM));
    }

    private Page follow(URI uri, HttpRequest.Builder first) {
        Page page = exchange(uri, first);
        for (int hop = 0; page.redirect() != null && sameOrigin(page.redirect()); hop++) {
            assertThat(hop).as("redirects in a row").isLessThan(REDIRECTS);
            assertThat(page.status()).as("never 307 or 308 behind a credential POST").isIn(302, 303);
            page = exchange(page.redirect(), Http.request(page.redirect().toString()).GET());
        }
        return page;
    }

    private Page exchange(URI uri, HttpRequest.Builder request) {
        if (!cookies.isEmpty()) {
            request.setHeader("Cookie", cookies.entrySet().stream().map(c -> c.getKey() + "=" + c.getValue())
                .collect(Collectors.joining("; ")));
        }
        HttpResponse<String> response = Http.send(client, request);
        response.headers().allValues("Set-Cookie").forEach(this::keep);
        return new Page(uri, response);
    }

    private void keep(String setCookie) {
        String[] pair = setCookie.split(";", 2)[0].split("=", 2);
        boolean dropped = pair[1].isEmpty() || setCookie.toLowerCase(java.util.Locale.ROOT).contains("max-age=0");
        if (dropped) {
            cookies.remove(pair[0]);
        } else {
            cookies.put(pair[0], pair[1]);
        }
    }

    private boolean sameOrigin(URI uri) {
        return uri.toString().startsWith(origin + "/");
    }
}
