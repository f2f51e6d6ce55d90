package dev.gatehouse.authz.federation;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.authz.support.FrontServer;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.provider.Kind;
import dev.gatehouse.fixtures.provider.LookAlike;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Each fault of an identity provider ends in a page that a person understands, and changes nothing. */
@Order(1)
final class UpstreamFaultTest extends ProviderTest {

    @ParameterizedTest
    @EnumSource(Kind.class)
    void providerThatIsDownAtTheStart(Kind kind) {
        start(kind);
        Browser browser = server.browser();
        Page page = browser.get(authorize());
        provider.close();
        Page answer = browser.send(page, "provider", name());
        if (kind == Kind.GITHUB) {
            assertThat(answer.status()).as("nothing is asked of GitHub before the browser goes there").isEqualTo(303);
        } else {
            assertFailure(answer, 502, "cannot be reached");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void providerThatIsDownAtTheCallback(Kind kind) {
        start(kind);
        Browser browser = server.browser();
        String callback = provider.signIn(choose(browser), "ada");
        provider.close();
        assertFailure(browser.get(callback), 502, "cannot be reached");
    }

    @Test
    void providerThatDoesNotAnswerInTime() {
        start(Kind.OKTA, "timeoutSeconds", 1);
        provider.on(provider.tokenPath(), HttpServerRequest::pause);
        assertFailure(logIn(server.browser()), 504, "Okta takes too long");
    }

    @Test
    void responseThatDripsIsCutOff() {
        start(Kind.OKTA, "timeoutSeconds", 1);
        provider.on(provider.tokenPath(), request -> request.response().setChunked(true).write("{"));
        assertFailure(logIn(server.browser()), 504, "Okta takes too long");
    }

    @Test
    void idTokenWithTheSignatureOfAnotherKey() {
        start(Kind.OKTA);
        provider.signWithForeignKey();
        assertFailure(logIn(server.browser()), 502, "The response of Okta is not valid");
    }

    @Test
    void idTokenWithWrongClaims() {
        start(Kind.OKTA);
        List<Consumer<JsonObject>> faults = List.of(
            claims -> claims.put("iss", "https://evil.example"),
            claims -> claims.put("iss", provider.issuer() + "/"),
            claims -> claims.put("aud", "another-client"),
            claims -> claims.put("aud", new JsonArray().add(LookAlike.CLIENT_ID).add("another-client")),
            claims -> claims.put("azp", "another-client"),
            claims -> claims.remove("nonce"),
            claims -> claims.put("nonce", "another"),
            claims -> claims.remove("exp"),
            claims -> claims.put("exp", clock.millis() / 1000 - 61),
            claims -> claims.put("iat", clock.millis() / 1000 + 61),
            claims -> claims.remove("sub"),
            claims -> claims.put("sub", "somebody-else"));
        for (Consumer<JsonObject> fault : faults) {
            provider.onClaims(fault);
            assertFailure(logIn(server.browser()), 502, "The response of Okta is not valid");
        }
        provider.onClaims(unchanged -> { });
        assertThat(logIn(server.browser()).isConsent()).isTrue();
    }

    @Test
    void idTokenWithoutASignature() {
        start(Kind.OKTA);
        provider.on(provider.tokenPath(), request -> answer(request, 200, new JsonObject().put("access_token", "t").put("id_token",
            "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzdWItb2YtYWRhIn0.").encode()));
        assertFailure(logIn(server.browser()), 502, "The response of Okta is not valid");
    }

    @Test
    void tokenEndpointThatBreaks() {
        start(Kind.OKTA);
        provider.on(provider.tokenPath(), request -> answer(request, 500, "<h1>Internal Server Error</h1>"));
        assertFailure(logIn(server.browser()), 502, "Okta cannot be reached");
        provider.on(provider.tokenPath(), request -> answer(request, 200, "{\"access_token\": "));
        assertFailure(logIn(server.browser()), 502, "The response of Okta is not valid");
        provider.on(provider.tokenPath(), request -> answer(request, 200, "[1]"));
        assertFailure(logIn(server.browser()), 502, "The response of Okta is not valid");
        provider.on(provider.tokenPath(), request -> answer(request, 200, "{\"a\": \"" + "x".repeat(300_000) + "\"}"));
        assertFailure(logIn(server.browser()), 502, "The response of Okta is not valid");
        provider.on(provider.tokenPath(), request -> answer(request, 302, ""));
        assertFailure(logIn(server.browser()), 502, "The response of Okta is not valid");
        provider.on(provider.tokenPath(), request -> answer(request, 401, "{\"error\": \"invalid_client\"}"));
        assertFailure(logIn(server.browser()), 502, "Sign-in with Okta is not set up correctly");
    }

    @Test
    void gitHubErrorWithStatus200() {
        start(Kind.GITHUB);
        provider.on(provider.tokenPath(), request -> answer(request, 200, "{\"error\": \"bad_verification_code\"}"));
        assertFailure(logIn(server.browser()), 403, "GitHub did not sign you in");
        provider.on(provider.tokenPath(), request -> answer(request, 200, "{\"error\": \"incorrect_client_credentials\"}"));
        assertFailure(logIn(server.browser()), 502, "Sign-in with GitHub is not set up correctly");
        provider.on(provider.tokenPath(), request -> answer(request, 200, "{\"error\": \"unverified_user_email\"}"));
        assertFailure(logIn(server.browser()), 403, "Your email address is not verified");
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = {"GOOGLE", "GITHUB", "OKTA", "KEYCLOAK"})
    void emailAddressThatIsNotVerified(Kind kind) {
        start(kind);
        JsonObject person = person(kind, "ada", "ada@example.com");
        if (kind == Kind.GITHUB) {
            person.getJsonArray("emails").getJsonObject(2).put("verified", false);
        } else {
            person.put("email_verified", false);
        }
        provider.add("ada", person);
        assertFailure(logIn(server.browser()), 403, "Your email address is not verified");
    }

    @Test
    void callbackThatIsUsedASecondTime() {
        start(Kind.OKTA);
        Browser browser = server.browser();
        String callback = provider.signIn(choose(browser), "ada");
        assertThat(browser.follow(browser.get(callback)).isConsent()).isTrue();
        long sessions = server.rows("SELECT * FROM browser_session").size();
        Page again = browser.get(callback);
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.body()).contains("This page has expired");
        assertThat(server.rows("SELECT * FROM browser_session")).hasSize((int) sessions);
    }

    @Test
    void codeThatTheProviderHasSeenBefore() {
        start(Kind.OKTA);
        Browser first = server.browser();
        String used = provider.signIn(choose(first), "ada");
        Browser second = server.browser();
        String fresh = provider.signIn(choose(second), "ada");
        String code = used.replaceAll(".*[?&](code=[^&]*).*", "$1");
        String replayed = fresh.replaceAll("code=[^&]*", code);
        assertFailure(second.get(replayed), 403, "Okta did not sign you in");
    }

    @Test
    void callbackInAnotherBrowserLeavesTheLoginOfTheFirst() {
        start(Kind.OKTA);
        Browser browser = server.browser();
        String callback = provider.signIn(choose(browser), "ada");
        Browser victim = server.browser();
        victim.get(authorize());
        assertFailure(victim.get(callback), 403, "This page belongs to another browser");
        assertFailure(server.browser().get(callback), 403, "This page belongs to another browser");
        assertThat(browser.follow(browser.get(callback)).isConsent()).isTrue();
    }

    @Test
    void stateThatIsMissingUnknownOrExpired() {
        start(Kind.OKTA);
        Browser browser = server.browser();
        String callback = provider.signIn(choose(browser), "ada");
        assertFailure(browser.get(callback.replaceAll("&state=[^&]*", "")), 400, "This page has expired");
        assertFailure(browser.get(callback.replaceAll("state=[^&]*", "state=x")), 400, "This page has expired");
        server.clock().advance(Duration.ofSeconds(601));
        assertFailure(browser.get(callback), 400, "This page has expired");
    }

    @Test
    void responseAtTheRedirectUriOfAnotherProvider() {
        provider = new LookAlike(Kind.OKTA, clock);
        provider.add("ada", person(Kind.OKTA, "ada", "ada@example.com"));
        server = new FrontServer(new JsonObject().put("identityProviders", new JsonArray().add(provider.entry())
            .add(provider.entry().put("name", "other"))));
        Browser browser = server.browser();
        Page page = browser.get(provider.signIn(choose(browser), "ada").replace("/callback/okta", "/callback/other"));
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.body()).contains("The response does not come from Okta");
        assertThat(server.rows("SELECT * FROM browser_session")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void issuerOfTheResponseIsChecked(boolean announced) {
        start(Kind.OKTA);
        provider.onMetadata(document -> document.put("authorization_response_iss_parameter_supported", announced));
        Browser browser = server.browser();
        assertFailure(browser.get(provider.signIn(choose(browser), "ada") + "&iss=https%3A%2F%2Fevil.example"), 400, "The response does not come from Okta");
        if (announced) {
            assertFailure(browser.get(provider.signIn(choose(browser), "ada")), 400, "The response does not come from Okta");
        }
        String right = "&iss=" + URLEncoder.encode(provider.issuer(), StandardCharsets.UTF_8);
        assertThat(browser.follow(browser.get(provider.signIn(choose(browser), "ada") + right)).isConsent()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void personWhoCancelsComesBackToTheChoice(Kind kind) {
        start(kind);
        Browser browser = server.browser();
        Page page = browser.follow(browser.get(provider.cancel(choose(browser))));
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.isLogin()).isTrue();
        assertThat(page.body()).contains("value=\"" + name() + "\"").doesNotContain("cancelled");
        assertUnchanged();
        assertThat(browser.follow(browser.get(provider.signIn(browser.send(page, "provider", name()).location(), "ada"))).isConsent()).isTrue();
    }

    @Test
    void errorOfTheProviderIsNotQuoted() {
        start(Kind.OKTA);
        Browser browser = server.browser();
        String state = choose(browser).replaceAll(".*[?&](state=[^&]*).*", "$1");
        Page page = browser.get("/oauth/callback/okta?error=consent_required&error_description=Call+555-1234&" + state);
        assertFailure(page, 403, "Okta did not sign you in");
        assertThat(page.body()).doesNotContain("555-1234");
    }

    @Test
    void metadataOfAnotherIssuer() {
        start(Kind.OKTA);
        provider.onMetadata(document -> document.put("issuer", "https://evil.example"));
        Browser browser = server.browser();
        assertFailure(browser.send(browser.get(authorize()), "provider", name()), 502, "Sign-in with Okta is not set up correctly");
    }

    @Test
    void metadataWithPlainHttpEndpoint() {
        start(Kind.OKTA);
        provider.onMetadata(document -> document.put("token_endpoint", "http://login.example.com/token"));
        Browser browser = server.browser();
        assertFailure(browser.send(browser.get(authorize()), "provider", name()), 502, "Sign-in with Okta is not set up correctly");
    }

    @Test
    void chosenProviderThatDoesNotExist() {
        start(Kind.OKTA);
        Browser browser = server.browser();
        Page page = browser.send(browser.get(authorize()), "provider", "unknown");
        assertThat(page.status()).isEqualTo(422);
        assertUnchanged();
    }

    @Test
    void loginThatAnotherSiteStartsIsRejected() {
        start(Kind.OKTA);
        Browser browser = server.browser();
        Page page = browser.get(authorize());
        assertThat(browser.send(page, "provider", name(), "csrf", null).status()).isEqualTo(403);
        assertThat(server.rows("SELECT * FROM federated_login")).isEmpty();
        assertThat(browser.send(page, "provider", name()).status()).isEqualTo(303);
    }

    private static void answer(HttpServerRequest request, int status, String body) {
        request.response().setStatusCode(status).putHeader("Content-Type", "application/json").end(body);
    }
}
