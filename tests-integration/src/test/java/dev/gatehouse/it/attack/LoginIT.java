package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
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

/** Forwarded, fixed and guessed logins (OAuth 2.1 §7.11; RFC 9700 §4.16). */
@Gatehouse
final class LoginIT {
    private static final String ALLOW = "allow|approve|authori[sz]e";
    private final RunningGatehouse gatehouse;
    private final OAuthClient client;

    LoginIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
        client = gatehouse.client().at("http://127.0.0.1:41100/callback");
    }

    @Test
    void everyPageForbidsFramingScriptsAndCaching() {
        Journey journey = gatehouse.journey();
        String url = url();
        assertHardened(journey.browser().open(url));
        assertHardened(journey.login(url));
        assertHardened(journey.browser().open(client.authorizationUrl(Pkce.fresh(), "client_id", "nobody")));
        assertHardened(gatehouse.journey().login(client.at("urn:ietf:wg:oauth:2.0:oob")
            .authorizationUrl(Pkce.fresh())));
    }

    @Test
    void sessionCookieIsOutOfReach() {
        Journey journey = gatehouse.journey();
        Page login = journey.browser().open(url());
        Page consent = journey.browser().submit(login, journey.credentials());
        List<String> cookies = new ArrayList<>(login.response().headers().allValues("Set-Cookie"));
        cookies.addAll(consent.response().headers().allValues("Set-Cookie"));
        assertThat(cookies).isNotEmpty().allSatisfy(cookie -> assertThat(cookie).containsIgnoringCase("; HttpOnly")
            .containsIgnoringCase("; SameSite=Lax").containsIgnoringCase("; Path=/")
                .doesNotContainIgnoringCase("Domain="));
    }

    @Test
    void sessionOfBeforeTheLoginIsNotTheSessionBehindIt() {
        Journey journey = gatehouse.journey();
        journey.browser().open(url());
        Map<String, String> before = Map.copyOf(journey.browser().cookies());
        journey.allow(url());
        Map<String, String> behind = Map.copyOf(journey.browser().cookies());
        assertThat(behind).isNotEqualTo(before);

        Browser fixed = new Browser(gatehouse.issuer());
        fixed.cookies().putAll(before);
        assertThat(fixed.open(url()).asksForPassword()).as("the old cookie opens nothing").isTrue();
        Browser same = new Browser(gatehouse.issuer());
        same.cookies().putAll(behind);
        assertThat(same.open(url()).asksForPassword()).as("the new one does").isFalse();
    }

    @Test
    void wrongPasswordAndUnknownUserLookAlike() {
        Page wrong = refusedLogin("testuser", "wrong");
        Page unknown = refusedLogin("nobody-" + Pkce.random(), "wrong");
        assertThat(unknown.status()).isEqualTo(wrong.status());
        assertThat(unknown.document().select("[role=alert], .error, .alert").text())
            .isEqualTo(wrong.document().select("[role=alert], .error, .alert").text()).isNotEmpty();
        assertThat(new Journey(new Browser(gatehouse.issuer()), "testuser", "testpass").allow(url())).isNotNull();
    }

    @Test
    void loginLinkOpenedInAnotherBrowserLeadsNowhere() {
        Browser attacker = new Browser(gatehouse.issuer());
        Page login = attacker.open(url());
        Browser victim = new Browser(gatehouse.issuer());
        Page refused = victim.submit(login, Map.of("username", "testuser", "password", "testpass"));
        assertThat(refused.status()).isBetween(400, 499);
        assertThat(attacker.open(login.uri().toString()).body()).doesNotContain("ghc_");
    }

    @Test
    void twoTabsBothFinish() {
        Journey journey = gatehouse.journey();
        OAuthClient other = client.at("http://127.0.0.1:41101/callback");
        Page first = journey.browser().open(client.authorizationUrl(Pkce.fresh(), "resource",
            "http://localhost:5990/mcp"));
        Page second = journey.browser().open(other.authorizationUrl(Pkce.fresh(), "resource",
            "http://localhost:5991/mcp"));
        Page secondConsent = journey.browser().submit(second, journey.credentials());
        Page firstConsent = journey.browser().submit(first, journey.credentials());
        URI firstEnd = journey.browser().submit(firstConsent, firstConsent.button(ALLOW)).redirect();
        URI secondEnd = journey.browser().submit(secondConsent, secondConsent.button(ALLOW)).redirect();
        assertThat(firstEnd.toString()).startsWith(client.redirectUri());
        assertThat(secondEnd.toString()).startsWith(other.redirectUri());
    }

    private String url() {
        // A resource of its own each time, so that no earlier consent is remembered for it.
        return client.authorizationUrl(Pkce.fresh(), "resource", "http://localhost:5992/" + Pkce.random());
    }

    private Page refusedLogin(String username, String password) {
        Browser browser = new Browser(gatehouse.issuer());
        return browser.submit(browser.open(url()), Map.of("username", username, "password", password));
    }

    private static void assertHardened(Page page) {
        assertThat(page.header("Content-Security-Policy")).contains("frame-ancestors 'none'")
            .contains("default-src 'none'").doesNotContain("unsafe-inline").doesNotContain("unsafe-eval");
        assertThat(page.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.header("Cache-Control")).contains("no-store");
        assertThat(page.document().select("script:not([src]), [onclick], [onload], [style]")).isEmpty();
    }
}
