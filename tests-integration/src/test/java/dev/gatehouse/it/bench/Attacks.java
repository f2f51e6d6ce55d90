package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.it.support.Flood;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.it.support.Pkce;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;

/** Runs {@code ./gatehouse bench attacks}: floods of credentials, and the latency of logins and other requests during them. */
final class Attacks {
    private static final int CONNECTIONS = 250;
    private static final String MARKS = "\u0315\u0300\u0316\u0301".repeat(2_600);
    private final OAuthClient client;
    private final double seconds;
    /** Known to the server, so that a locked address does not hold it up. */
    private final Browser browser;

    private Attacks(String issuer, double seconds) {
        this.seconds = seconds;
        client = OAuthClient.demo(issuer);
        browser = new Browser(issuer);
    }

    static void run(double seconds) throws IOException {
        try (Servers servers = new Servers()) {
            Servers.stepAside();
            new Attacks(servers.issuer(), seconds).all();
        }
    }

    private void all() {
        System.out.printf("%d connections, %.0f s each; worst and median milliseconds of others%n%n", CONNECTIONS, seconds);
        System.out.printf("%-40s %16s %16s %16s   %s%n", "", "login", "introspection", "token", "the attacker's answers");
        measure("nothing, to warm up");
        measure("nothing");
        flood("unknown client", basic(number -> OAuthClient.basic("nobody", "x")));
        flood("wrong secrets of the caller's own client", basic(number -> OAuthClient.basic(client.id(), "wrong" + number)));
        flood("20 kB of combining marks as a secret", number -> form(client.issuer() + "/oauth/introspect",
            Map.of("token", "x", "client_id", client.id(), "client_secret", MARKS)));
        flood("wrong and long passwords", guesses());
    }

    private void flood(String name, IntFunction<HttpRequest.Builder> attack) {
        try (Flood flood = Flood.begin(CONNECTIONS, attack)) {
            System.out.printf("%s   %s%n", measured(name), flood.statuses());
        }
    }

    private void measure(String name) {
        System.out.println(measured(name));
    }

    private String measured(String name) {
        List<Double> logins = new ArrayList<>();
        List<Double> introspections = new ArrayList<>();
        List<Double> tokens = new ArrayList<>();
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            logins.add(timed(this::logIn));
            introspections.add(timed(() -> require(client.introspect("x").statusCode() == 200)));
            tokens.add(timed(() -> require(client.clientCredentials().statusCode() == 200)));
        }
        return String.format(Locale.ROOT, "%-40s %16s %16s %16s", name, told(logins), told(introspections), told(tokens));
    }

    private void logIn() {
        Journey person = new Journey(browser, "testuser", "testpass");
        require(!person.login(client.authorizationUrl(Pkce.fresh(), "prompt", "login")).asksForPassword());
    }

    private static void require(boolean served) {
        if (!served) {
            throw new IllegalStateException("somebody else was not served");
        }
    }

    private static double timed(Runnable step) {
        long begun = System.nanoTime();
        step.run();
        return (System.nanoTime() - begun) / 1e6;
    }

    private static String told(List<Double> millis) {
        Collections.sort(millis);
        return String.format(Locale.ROOT, "%.0f / %.0f", millis.get(millis.size() - 1), millis.get(millis.size() / 2));
    }

    private IntFunction<HttpRequest.Builder> basic(IntFunction<String> authorization) {
        return number -> form(client.issuer() + "/oauth/introspect", Map.of("token", "x")).header("Authorization", authorization.apply(number));
    }

    private IntFunction<HttpRequest.Builder> guesses() {
        Browser attacker = new Browser(client.issuer());
        Page page = attacker.open(client.authorizationUrl(Pkce.fresh()));
        Map<String, String> fields = new HashMap<>();
        page.form().fields().forEach(field -> fields.put(field.getKey(), field.getValue()));
        String action = page.uri().resolve(page.form().action()).toString();
        String cookie = String.valueOf(attacker.cookies().entrySet().iterator().next());
        return number -> form(action, OAuthClient.change(new HashMap<>(fields), "username", "testuser",
                "password", number % 2 == 0 ? MARKS.substring(0, 3_500) : "wrong" + number))
            .header("Cookie", cookie).header("Sec-Fetch-Site", "same-origin");
    }

    private static HttpRequest.Builder form(String url, Map<String, String> fields) {
        return Http.request(url).header("Content-Type", Http.FORM).POST(BodyPublishers.ofString(Http.encode(fields)));
    }
}
