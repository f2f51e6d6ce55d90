package dev.gatehouse.authz.cli;

import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.oauth.UrlSpelling;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.net.ConnectException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The authorization code flow as the demo client, with the browser's part done by this program. Blocking. */
final class ScriptedFlow {

    private static final String CLIENT_ID = "mcp-test-client";
    private static final String CLIENT_SECRET = "mcp-test-secret";
    private static final String OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob";
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final String authServer;
    private final HttpClient http = HttpClient.newBuilder().cookieHandler(new CookieManager())
        .connectTimeout(TIMEOUT).followRedirects(HttpClient.Redirect.NORMAL).build();

    /**
     * For one authorization server.
     *
     * @param authServer the issuer's URL, with or without a final slash
     * @throws StartupException where it is no URL of a server
     */
    ScriptedFlow(String authServer) {
        this.authServer = requireUrl(authServer).replaceAll("/+$", "");
    }

    private static String requireUrl(String text) {
        if (!UrlSpelling.isServer(text)) {
            throw new StartupException("--auth-server: '" + text + "' is not an http or https URL with a host, such as http://localhost:9000.");
        }
        return text;
    }

    /**
     * Goes through the flow.
     *
     * @param resource the resource the token is for, or null for the server's default
     * @throws StartupException when the server cannot be reached or refuses; says which
     */
    String accessToken(String username, String password, String scope, String resource) {
        String verifier = SecretToken.generate("");
        HttpResponse<String> page = get(authorizationRequest(verifier, scope, resource));
        page = submit(page, "login", new HtmlForm.Field("username", username),
            new HtmlForm.Field("password", password));
        if (HtmlForm.find(page.body(), "consent").isPresent()) {
            // Not asked again where the same was allowed before.
            page = submit(page, "consent", new HtmlForm.Field("decision", "approve"));
        }
        String code = HtmlForm.inputValue(page.body(), "code").orElseThrow(unexpected(page));
        return redeem(code, verifier);
    }

    private String authorizationRequest(String verifier, String scope, String resource) {
        List<HtmlForm.Field> parameters = new ArrayList<>(List.of(
            new HtmlForm.Field("response_type", "code"),
            new HtmlForm.Field("client_id", CLIENT_ID),
            new HtmlForm.Field("redirect_uri", OUT_OF_BAND),
            new HtmlForm.Field("scope", scope),
            new HtmlForm.Field("code_challenge", SecretToken.hash(verifier)),
            new HtmlForm.Field("code_challenge_method", "S256")));
        if (resource != null) {
            parameters.add(new HtmlForm.Field("resource", resource));
        }
        return authServer + "/oauth/authorize?" + encode(parameters);
    }

    private HttpResponse<String> submit(HttpResponse<String> page, String formId, HtmlForm.Field... answers) {
        HtmlForm form = HtmlForm.find(page.body(), formId).orElseThrow(unexpected(page));
        List<HtmlForm.Field> fields = new ArrayList<>(form.fields());
        for (HtmlForm.Field answer : answers) {
            fields.removeIf(field -> field.name().equals(answer.name()));
            fields.add(answer);
        }
        return send(post(page.uri().resolve(form.action()), fields).header("Origin", origin(page.uri())).build());
    }

    private static String origin(URI uri) {
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    private String redeem(String code, String verifier) {
        HttpResponse<String> answer = send(post(URI.create(authServer + "/oauth/token"), List.of(
            new HtmlForm.Field("grant_type", "authorization_code"),
            new HtmlForm.Field("code", code),
            new HtmlForm.Field("redirect_uri", OUT_OF_BAND),
            new HtmlForm.Field("code_verifier", verifier),
            new HtmlForm.Field("client_id", CLIENT_ID),
            new HtmlForm.Field("client_secret", CLIENT_SECRET))).build());
        JsonObject json = new JsonObject(answer.body());
        if (answer.statusCode() != 200) {
            throw new StartupException("The token endpoint refused: " + json.getString("error") + ", "
                + json.getString("error_description"));
        }
        return json.getString("access_token");
    }

    private HttpResponse<String> get(String url) {
        return send(request(URI.create(url)).GET().build());
    }

    private static HttpRequest.Builder post(URI uri, List<HtmlForm.Field> fields) {
        return request(uri).header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(encode(fields)));
    }

    private static HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(TIMEOUT);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new StartupException("Cannot reach the authorization server at " + authServer
                + ". Start it with ./gatehouse up, or name another with --auth-server.", e);
        } catch (IOException e) {
            throw new StartupException("The authorization server at " + authServer + " did not answer: "
                + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("Interrupted", e);
        }
    }

    private static java.util.function.Supplier<StartupException> unexpected(HttpResponse<String> page) {
        return () -> new StartupException("The authorization server answered " + page.statusCode()
            + " where the flow needed its next page. It said: " + visibleText(page.body()));
    }

    private static String visibleText(String html) {
        String text = html.replaceAll("(?s)<(style|script|head)\\b.*?</\\1>", " ").replaceAll("<[^>]*>", " ")
            .replaceAll("\\s+", " ").strip();
        return text.length() > 300 ? text.substring(0, 300) + "…" : text;
    }

    private static String encode(List<HtmlForm.Field> fields) {
        return fields.stream()
            .map(field -> URLEncoder.encode(field.name(), StandardCharsets.UTF_8) + "="
                + URLEncoder.encode(field.value(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    }
}
