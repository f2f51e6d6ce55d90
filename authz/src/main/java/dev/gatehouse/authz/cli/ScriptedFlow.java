package dev.gatehouse.authz.cli;

import dev.gatehouse.authz.DemoData.DemoAccount;
import dev.gatehouse.authz.page.PageModel;
import dev.gatehouse.authz.page.PageModel.FormPostPage.Field;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.UrlSpelling;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.net.ConnectException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The authorization code flow with PKCE as the demo client. This program does the browser's part: it keeps the cookies and reads
 * each page as a {@link PageModel}, which only a server of the demo profile serves. Blocking.
 */
final class ScriptedFlow {

    private static final String OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob";
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final String authServer;
    private final HttpClient http = HttpClient.newBuilder().cookieHandler(new CookieManager())
        .connectTimeout(TIMEOUT).followRedirects(HttpClient.Redirect.NORMAL).build();

    /**
     * Prepares the flow for one authorization server.
     *
     * @param authServer the issuer's URL, with or without a final slash
     * @throws StartupException if it is not the URL of a server
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
     * Runs the flow.
     *
     * @param resource the resource indicator of the token, or null for the server's default
     * @throws StartupException if the server cannot be reached, is not in the demo profile, or rejects a step
     */
    String accessToken(String username, String password, String scope, String resource) {
        String verifier = SecretToken.generate("");
        Page page = page(request(URI.create(authorizationRequest(verifier, scope, resource))));
        page = submit(page, "login", List.of(new Field("username", username), new Field("password", password)));
        // The server skips consent for scopes that the user has allowed before.
        if (page.isNamed("consent")) {
            page = submit(page, "consent", List.of(new Field("decision", "approve")));
        }
        return redeem(page.require("code").model().getString("code"), verifier);
    }

    private String authorizationRequest(String verifier, String scope, String resource) {
        List<Field> parameters = new ArrayList<>(List.of(
            new Field("response_type", "code"),
            new Field("client_id", DemoAccount.CLIENT_ID),
            new Field("redirect_uri", OUT_OF_BAND),
            new Field("scope", scope),
            new Field("code_challenge", SecretToken.hash(verifier)),
            new Field("code_challenge_method", "S256")));
        if (resource != null) {
            parameters.add(new Field("resource", resource));
        }
        return authServer + PagePaths.AUTHORIZE + "?" + encode(parameters);
    }

    private Page submit(Page page, String name, List<Field> answers) {
        List<Field> fields = new ArrayList<>(page.require(name).fields());
        fields.addAll(answers);
        return page(post(page.action(), fields).header("Origin", page.origin()));
    }

    private String redeem(String code, String verifier) {
        HttpResponse<String> answer = send(post(URI.create(authServer + "/oauth/token"), List.of(
            new Field("grant_type", "authorization_code"),
            new Field("code", code),
            new Field("redirect_uri", OUT_OF_BAND),
            new Field("code_verifier", verifier),
            new Field("client_id", DemoAccount.CLIENT_ID),
            new Field("client_secret", DemoAccount.CLIENT_SECRET))));
        JsonObject json = new JsonObject(answer.body());
        if (answer.statusCode() != 200) {
            throw new StartupException("The token endpoint rejected the request: " + json.getString("error") + ", "
                + json.getString("error_description"));
        }
        return json.getString("access_token");
    }

    private Page page(HttpRequest.Builder request) {
        HttpResponse<String> response = send(request.header("Accept", PageModel.MEDIA_TYPE));
        if (!response.headers().firstValue("Content-Type").orElse("").equals(PageModel.MEDIA_TYPE)) {
            throw new StartupException("The authorization server answered with status " + response.statusCode()
                + " and not with a page for programs. This command works only with a server in the demo profile.");
        }
        return new Page(response.uri(), response.statusCode(), new JsonObject(response.body()));
    }

    private static HttpRequest.Builder post(URI uri, List<Field> fields) {
        return request(uri).header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(encode(fields)));
    }

    private static HttpRequest.Builder request(URI uri) {
        return HttpRequest.newBuilder(uri).timeout(TIMEOUT);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
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

    private static String encode(List<Field> fields) {
        return fields.stream()
            .map(field -> FormParameters.encode(field.name()) + "=" + FormParameters.encode(field.value()))
            .collect(Collectors.joining("&"));
    }

    /** A page that the server answered with, and the URL it came from. */
    private record Page(URI url, int status, JsonObject model) {

        boolean isNamed(String name) {
            return name.equals(model.getString("page"));
        }

        Page require(String name) {
            if (!isNamed(name)) {
                throw new StartupException("The authorization server answered with status " + status + " and the page '"
                    + model.getString("title") + "' instead of the page '" + name + "'. " + model.getString("text"));
            }
            return this;
        }

        URI action() {
            return url.resolve(model.getString("action"));
        }

        String origin() {
            return url.getScheme() + "://" + url.getRawAuthority();
        }

        List<Field> fields() {
            return model.getJsonArray("fields").stream().map(JsonObject.class::cast)
                .map(field -> new Field(field.getString("name"), field.getString("value"))).toList();
        }
    }
}
