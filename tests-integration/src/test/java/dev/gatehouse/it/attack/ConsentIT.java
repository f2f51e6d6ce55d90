package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Forged, replayed, tampered and widened consents (RFC 9700 §4.7). */
@Gatehouse
final class ConsentIT {
    private static final String ALLOW = "allow|approve|authori[sz]e";
    private final RunningGatehouse gatehouse;
    private final OAuthClient client;

    ConsentIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
        client = gatehouse.client().at("http://127.0.0.1:41100/callback");
    }

    @Test
    void consentWithoutItsTokenIsRefused() {
        Journey journey = gatehouse.journey();
        Page consent = journey.login(url());
        Map<String, String> allow = consent.button(ALLOW);
        List<Map.Entry<String, String>> hidden = hidden(consent);
        assertThat(hidden).isNotEmpty();
        List<Map.Entry<String, String>> forged = hidden.stream().map(f -> Map.entry(f.getKey(), "forged")).toList();

        assertRefused(journey.browser().post(consent, consent.form(), with(allow, List.of()), sameOrigin()));
        assertRefused(journey.browser().post(consent, consent.form(), with(allow, forged), sameOrigin()));
        assertThat(journey.browser().submit(consent, allow).redirect().toString()).startsWith(client.redirectUri());
    }

    @Test
    void consentFromAnotherSiteIsRefused() {
        Journey journey = gatehouse.journey();
        Page consent = journey.login(url());
        List<Map.Entry<String, String>> fields = with(consent.button(ALLOW), consent.form().fields());

        assertRefused(journey.browser().post(consent, consent.form(), fields, "Origin", "https://evil.test"));
        assertRefused(journey.browser().post(consent, consent.form(), fields, "Sec-Fetch-Site", "cross-site"));
        assertThat(journey.browser().submit(consent, consent.button(ALLOW)).redirect()).isNotNull();
    }

    @Test
    void consentOfOneSessionIsRefusedInAnother() {
        Page victims = gatehouse.journey().login(url());
        Journey attacker = gatehouse.journey();
        attacker.login(url());
        List<Map.Entry<String, String>> fields = with(victims.button(ALLOW), victims.form().fields());
        assertRefused(attacker.browser().post(victims, victims.form(), fields, sameOrigin()));
    }

    @Test
    void consentSentTwiceYieldsOneCode() {
        Journey journey = gatehouse.journey();
        Page consent = journey.login(url());
        Map<String, String> allow = consent.button(ALLOW);
        assertThat(Http.query(journey.browser().submit(consent, allow).redirect())).containsKey("code");
        Page again = journey.browser().submit(consent, allow);
        assertThat(again.redirect() == null || !Http.query(again.redirect()).containsKey("code")).isTrue();
    }

    @Test
    void tamperedHiddenFieldsDoNotChangeTheRequest() {
        Journey journey = gatehouse.journey();
        Page consent = journey.login(client.authorizationUrl(Pkce.fresh(), "scope", "mcp:read"));
        Map<String, String> tampered = new java.util.HashMap<>(consent.button(ALLOW));
        tampered.putAll(Map.of("redirect_uri", "http://evil.test/", "client_id", "another", "code_challenge", "x",
            "resource", "http://evil.test/mcp"));
        URI redirect = journey.browser().submit(consent, tampered).redirect();
        assertThat(redirect == null || redirect.toString().startsWith(client.redirectUri())).isTrue();
    }

    @Test
    void consentCannotBeWidenedByTheForm() {
        Journey journey = gatehouse.journey();
        Pkce pkce = Pkce.fresh();
        Page consent = journey.login(client.authorizationUrl(pkce, "scope", "mcp:read"));
        String name = consent.document().select("input[value=mcp:read]").attr("name");
        Map<String, String> widened = new java.util.HashMap<>(consent.button(ALLOW));
        widened.put(name.isEmpty() ? "scope" : name, "mcp:write");
        Page answer = journey.browser().submit(consent, widened);
        if (answer.redirect() != null && Http.query(answer.redirect()).containsKey("code")) {
            String body = client.redeem(Http.query(answer.redirect()).get("code"), pkce).body();
            assertThat(body).doesNotContain("mcp:write");
        }
    }

    @Test
    void consentPageSaysWhoWantsWhatAndWhere() {
        Page consent = gatehouse.journey().login(url());
        String text = consent.document().text();
        assertThat(text).contains("127.0.0.1:41100").contains("http://localhost:5992/").contains(OAuthClient.TEST_ID);
        assertThat(consent.document().select("input[type=checkbox]").eachAttr("value"))
            .contains("mcp:read", "mcp:write");
        assertThat(text).as("scopes in plain words").containsIgnoringCase("note");
    }

    private String url() {
        // A resource of its own each time, so that no earlier consent is remembered for it.
        return client.authorizationUrl(Pkce.fresh(), "resource", "http://localhost:5992/" + Pkce.random());
    }

    private String[] sameOrigin() {
        return new String[] {"Origin", gatehouse.issuer(), "Sec-Fetch-Site", "same-origin"};
    }

    private static List<Map.Entry<String, String>> hidden(Page page) {
        return page.form().element().select("input[type=hidden][name]").stream()
            .map(input -> Map.entry(input.attr("name"), input.attr("value"))).toList();
    }

    private static List<Map.Entry<String, String>> with(Map<String, String> button, List<Map.Entry<String,
        String>> fields) {
        List<Map.Entry<String, String>> all = new ArrayList<>(fields);
        all.addAll(button.entrySet());
        return all;
    }

    private static void assertRefused(Page page) {
        assertThat(page.status()).as(page.body()).isIn(400, 403);
        assertThat(page.header("Location")).isNull();
    }
}
