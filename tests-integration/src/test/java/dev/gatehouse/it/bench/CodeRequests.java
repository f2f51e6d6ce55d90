package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Pkce;
import io.vertx.core.buffer.Buffer;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Code flows of a user who is logged in and has agreed before: an authorization request for a code, and a token request for each code. */
final class CodeRequests implements Source {
    private static final int AT_ONCE = 50;
    private static final String CODE = "code=";
    private final OAuthClient client;
    private final Pkce pkce = Pkce.fresh();
    private final boolean codesBefore;
    private final String cookies;
    private final Buffer authorization;
    private final Queue<String> codes = new ArrayDeque<>();

    private CodeRequests(OAuthClient client, boolean codesBefore) {
        this.client = client;
        this.codesBefore = codesBefore;
        Journey journey = Journey.demo(client.issuer());
        journey.tokens(client);
        cookies = journey.browser().cookieHeader();
        URI uri = URI.create(client.authorizationUrl(pkce));
        authorization = Buffer.buffer("GET " + uri.getRawPath() + "?" + uri.getRawQuery() + " HTTP/1.1\r\nHost: " + uri.getAuthority()
            + "\r\nCookie: " + cookies + "\r\n\r\n");
    }

    /** Whole flows: every second request redeems a code. */
    static Source flows(OAuthClient client) {
        return new CodeRequests(client, false);
    }

    /** Redemptions of codes that are made before each round. */
    static Source redemptions(OAuthClient client) {
        return new CodeRequests(client, true);
    }

    @Override
    public void prepare(int count) {
        codes.clear();
        while (codesBefore && codes.size() < count) {
            List<CompletableFuture<HttpResponse<String>>> asked = IntStream.range(0, AT_ONCE).mapToObj(i -> Http.CLIENT.sendAsync(
                Http.request(client.authorizationUrl(pkce), "Cookie", cookies).GET().build(), HttpResponse.BodyHandlers.ofString())).toList();
            asked.forEach(answer -> codes.add(code(answer.join().headers().firstValue("Location").orElseThrow())));
        }
    }

    @Override
    public Buffer next() {
        String code = codes.poll();
        return code == null ? authorization : RequestBytes.post(client.tokenUrl(), Http.FORM, Http.encode(Map.of("grant_type", "authorization_code",
            "code", code, "code_verifier", pkce.verifier(), "redirect_uri", client.redirectUri())),
            Map.of("Authorization", OAuthClient.basic(client.id(), client.secret())));
    }

    @Override
    public boolean accepts(Buffer answer) {
        if (HttpAnswer.isSuccess(answer)) {
            return true;
        }
        String text = answer.toString(StandardCharsets.ISO_8859_1);
        if (!text.startsWith("HTTP/1.1 30") || !text.contains(CODE)) {
            return false;
        }
        codes.add(code(text));
        return true;
    }

    private static String code(String text) {
        int begin = text.indexOf(CODE) + CODE.length();
        int end = begin;
        while (end < text.length() && text.charAt(end) > ' ' && text.charAt(end) != '&') {
            end++;
        }
        return text.substring(begin, end);
    }
}
