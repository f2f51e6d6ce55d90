package dev.gatehouse.it.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/** The authorization code grant with PKCE, from the authorization request to an active token (OAuth 2.1 §4.1). */
@Gatehouse
final class CodeFlowIT {
    private final RunningGatehouse gatehouse;
    private final OAuthClient client;

    CodeFlowIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
        client = gatehouse.client();
    }

    @Test
    void callbackCarriesCodeStateAndIssuerOnceEach() {
        Pkce pkce = Pkce.fresh();
        URI callback = gatehouse.journey().allow(client.authorizationUrl(pkce));

        assertThat(callback.toString()).startsWith(OAuthClient.CALLBACK + "?");
        Map<String, String> query = Http.query(callback);
        assertThat(query).containsOnlyKeys("code", "state", "iss");
        assertThat(query).containsEntry("state", "state-" + pkce.challenge()).containsEntry("iss", gatehouse.issuer());
        assertThat(query.get("code")).matches("ghc_[A-Za-z0-9_-]{43}");
    }

    @Test
    void tokenResponseIsWhatTheSpecificationSays() {
        Pkce pkce = Pkce.fresh();
        String code = gatehouse.journey().code(client, pkce);
        HttpResponse<String> response = client.redeem(code, pkce);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type").orElse("").toLowerCase(java.util.Locale.ROOT))
            .startsWith("application/json");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        JsonObject json = new JsonObject(response.body());
        assertThat(json.getString("access_token")).matches("gha_[A-Za-z0-9_-]{43}");
        assertThat(json.getString("refresh_token")).matches("ghr_[A-Za-z0-9_-]{43}");
        assertThat(json.getString("token_type")).isEqualToIgnoringCase("Bearer");
        assertThat(json.getInteger("expires_in")).isEqualTo(3600);
    }

    @Test
    void tokenIsBoundToTheDefaultResourceWhenNoneWasAsked() {
        JsonObject claims = new JsonObject(client.introspect(gatehouse.tokens().access()).body());
        assertThat(audience(claims)).isEqualTo(gatehouse.mcp());
    }

    @Test
    void tokenIsBoundToTheResourceThatWasAsked() {
        String other = "http://localhost:5999/mcp";
        JsonObject claims = new JsonObject(client.introspect(gatehouse.tokens("resource", other).access()).body());
        assertThat(audience(claims)).isEqualTo(other);
    }

    @Test
    void redirectUriMayBeAbsentAtTheTokenEndpoint() {
        Pkce pkce = Pkce.fresh();
        String code = gatehouse.journey().code(client, pkce);
        assertThat(client.redeem(code, pkce, "redirect_uri", null).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:51999/callback", "http://[::1]:51999/callback",
        "http://localhost:51999/callback", "http://localhost:65535/callback", "http://localhost:1/callback"})
    void loopbackRedirectMatchesOnAnyPort(String redirectUri) {
        OAuthClient elsewhere = client.at(redirectUri);
        Pkce pkce = Pkce.fresh();
        URI callback = gatehouse.journey().allow(elsewhere.authorizationUrl(pkce));
        assertThat(callback.toString()).startsWith(redirectUri + "?");
        assertThat(elsewhere.redeem(Http.query(callback).get("code"), pkce).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"http://127.0.0.1:33418, http://127.0.0.1:33418/, http://127.0.0.1:33418",
        "http://127.0.0.1:33418/, http://127.0.0.1:33418, http://127.0.0.1:33418/",
        "http://localhost:33418, http://localhost:40001/, http://localhost:40001"})
    void redirectUriWithAndWithoutTheSlashOfItsPathIsOne(String registered, String asked, String redeemed) {
        HttpResponse<String> answer = Http.post(gatehouse.issuer() + "/oauth/register", "application/json", new JsonObject()
            .put("client_name", "Editor").put("redirect_uris", new JsonArray().add(registered)).put("token_endpoint_auth_method", "none").encode());
        JsonObject registration = new JsonObject(answer.body());
        assertThat(registration.getJsonArray("redirect_uris")).as("as it was sent").containsExactly(registered);
        OAuthClient editor = new OAuthClient(gatehouse.issuer(), registration.getString("client_id"), null, asked);
        Pkce pkce = Pkce.fresh();
        URI callback = gatehouse.journey().allow(editor.authorizationUrl(pkce));
        assertThat(callback.toString()).startsWith(asked + "?");
        String code = Http.query(callback).get("code");
        assertThat(editor.redeem(code, pkce, "redirect_uri", redeemed + "/x").statusCode()).isEqualTo(400);
        assertThat(editor.redeem(code, pkce, "redirect_uri", redeemed).statusCode()).isEqualTo(200);
    }

    @Test
    void outOfBandCodeIsShownOnAPageAndRedeems() {
        OAuthClient outOfBand = client.at("urn:ietf:wg:oauth:2.0:oob");
        Pkce pkce = Pkce.fresh();
        Journey journey = gatehouse.journey();
        Page consent = journey.login(outOfBand.authorizationUrl(pkce, "resource", freshResource()));
        Page shown = journey.browser().submit(consent, consent.button("allow|approve|authori[sz]e"));

        assertThat(shown.status()).as(shown.body()).isEqualTo(200);
        String code = shown.body().replaceAll("(?s).*(ghc_[A-Za-z0-9_-]{43}).*", "$1");
        HttpResponse<String> response = outOfBand.redeem(code, pkce);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    @Test
    void consentCanBeNarrowed() {
        Journey journey = gatehouse.journey();
        Pkce pkce = Pkce.fresh();
        OAuthClient loopback = client.at("http://127.0.0.1:41001/callback");
        Page consent = journey.login(loopback.authorizationUrl(pkce, "resource", freshResource()));
        Map<String, String> onlyRead = new java.util.HashMap<>(consent.button("allow|approve|authori[sz]e"));
        onlyRead.put(consent.document().selectFirst("input[type=checkbox][value=mcp:read]").attr("name"), "mcp:read");
        URI callback = journey.browser().submit(consent, onlyRead).redirect();

        HttpResponse<String> response = client.redeem(Http.query(callback).get("code"), pkce, "redirect_uri", null);
        Tokens tokens = Tokens.of(response.body());
        assertThat(tokens.scope()).isEqualTo("mcp:read");
        assertThat(new JsonObject(client.introspect(tokens.access()).body()).getString("scope")).isEqualTo("mcp:read");
    }

    @Test
    void whatABrowserSendsAfterOneScopeWasUntickedGrantsTheOthers() {
        Journey journey = gatehouse.journey();
        Pkce pkce = Pkce.fresh();
        Page consent = journey.login(client.authorizationUrl(pkce, "resource", freshResource()));
        List<Map.Entry<String, String>> unticked = consent.form().fields().stream().filter(field -> !field.getValue().equals("mcp:write")).toList();
        Page.Form form = new Page.Form(consent.form().action(), unticked, consent.form().element());
        URI callback = journey.browser().submit(consent, form, consent.button("allow|approve|authori[sz]e")).redirect();

        assertThat(Tokens.of(client.redeem(Http.query(callback).get("code"), pkce).body()).scope()).isEqualTo("mcp:read");
        Pkce other = Pkce.fresh();
        URI untouched = gatehouse.journey().allow(client.authorizationUrl(other, "resource", freshResource()));
        assertThat(Tokens.of(client.redeem(Http.query(untouched).get("code"), other).body()).scope().split(" "))
            .containsExactlyInAnyOrder("mcp:read", "mcp:write");
    }

    @Test
    void denialGoesBackToTheClient() {
        Pkce pkce = Pkce.fresh();
        URI callback = gatehouse.journey().deny(client.authorizationUrl(pkce, "resource", freshResource()));
        assertThat(Http.query(callback)).containsEntry("error", "access_denied")
            .containsEntry("state", "state-" + pkce.challenge()).containsEntry("iss", gatehouse.issuer())
            .doesNotContainKey("code");
    }

    @Test
    void consentIsRememberedForTheSameRequestAndAskedAgainForAChangedOne() {
        Browser browser = new Browser(gatehouse.issuer());
        Journey journey = new Journey(browser, "testuser", "testpass");
        String resource = freshResource();
        journey.allow(client.authorizationUrl(Pkce.fresh(), "scope", "mcp:read", "resource", resource));

        Page again = browser.open(client.authorizationUrl(Pkce.fresh(), "scope", "mcp:read", "resource", resource));
        assertThat(again.redirect()).as("remembered, so straight back:\n%s", again.body()).isNotNull();
        Page widened = browser.open(client.authorizationUrl(Pkce.fresh(), "resource", resource));
        assertThat(widened.redirect()).as("a wider scope asks").isNull();
        OAuthClient elsewhere = client.at("http://127.0.0.1:41003/callback");
        Page moved = browser.open(elsewhere.authorizationUrl(Pkce.fresh(), "scope", "mcp:read", "resource", resource));
        assertThat(moved.redirect()).as("another redirect asks").isNull();
        Page other = browser.open(client.authorizationUrl(Pkce.fresh(), "scope", "mcp:read", "resource",
            freshResource()));
        assertThat(other.redirect()).as("another resource asks").isNull();
    }

    /** A resource that nothing was consented to before. */
    private static String freshResource() {
        return "http://localhost:5998/" + Pkce.random();
    }

    private static String audience(JsonObject claims) {
        Object audience = claims.getValue("aud");
        return audience instanceof io.vertx.core.json.JsonArray list ? list.getString(0) : (String) audience;
    }
}
