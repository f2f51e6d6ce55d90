package dev.gatehouse.authz.factor;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Authenticator;
import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.authz.support.SoftAuthenticator;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Page;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

final class PasskeyTest extends BrowserTest {

    private static final String PASSWORD = "correct horse";

    @Test
    void passkeyAloneLogsInWithTheStrongestContext() {
        SoftAuthenticator key = registered();
        Browser browser = server.browser();
        Page asked = ask(browser, authorize("acr_values", "phr"));
        assertThat(asked.header("Content-Security-Policy")).contains("script-src 'self'");
        Page consent = browser.follow(browser.send(asked, "passkey", key.get(asked)));
        assertThat(approve(browser, consent).answer()).containsKey("code");
        assertThat(server.rows("SELECT acr, methods FROM authorization_grant WHERE acr = 'phr' AND methods = 'pop mfa'")).hasSize(1);
        assertThat(server.rows("SELECT used_at FROM passkey").get(0).number("used_at")).isEqualTo(server.clock().millis());
    }

    @Test
    void passkeyIsTheSecondFactorAfterThePassword() {
        SoftAuthenticator key = registered();
        key.verifies = false;
        Browser browser = server.browser();
        Page asked = login(browser, authorize());
        assertThat(asked.document().selectFirst("form#factor")).as("recovery codes").isNotNull();
        assertThat(browser.get(authorize()).isLogin()).isTrue();
        Page consent = browser.follow(browser.send(asked, "passkey", key.get(asked)));
        assertThat(approve(browser, consent).answer()).containsKey("code");
        assertThat(server.rows("SELECT methods FROM authorization_grant WHERE methods = 'pwd pop mfa'")).hasSize(1);
    }

    @Test
    void answersThatAreNotForThisServerBrowserTimeOrKeyAreRefused() {
        SoftAuthenticator key = registered();
        Browser browser = server.browser();
        Page asked = ask(browser, authorize());
        key.origin = "https://evil.test";
        assertThat(browser.send(asked, "passkey", key.get(asked)).status()).as("another origin").isEqualTo(422);
        key.origin = server.issuer();
        key.verifies = false;
        asked = ask(browser, authorize());
        assertThat(browser.send(asked, "passkey", key.get(asked)).status()).as("no check of the user").isEqualTo(422);
        key.verifies = true;
        asked = ask(browser, authorize());
        assertThat(browser.send(asked, "passkey", new SoftAuthenticator(server.issuer()).get(asked)).status()).as("an unknown key").isEqualTo(422);
        asked = ask(browser, authorize());
        assertThat(browser.send(asked, "passkey", key.get(asked).replace("signature\":\"ME", "signature\":\"MF")).status()).as("no signature").isEqualTo(422);
        assertThat(browser.send(asked, "passkey", "{}").status()).isEqualTo(422);
        assertThat(browser.send(asked, "passkey", "not JSON").status()).isEqualTo(422);
        assertThat(browser.send(asked, "passkey", "x".repeat(20_000)).status()).isEqualTo(422);
        Browser other = server.browser();
        Page others = ask(other, authorize());
        assertThat(browser.send(asked, "passkey", key.get(others)).status()).as("the challenge of another browser").isEqualTo(422);
        asked = ask(browser, authorize());
        server.clock().advance(Duration.ofSeconds(599));
        Page late = ask(browser, authorize());
        server.clock().advance(Duration.ofSeconds(1));
        assertThat(browser.send(late, "passkey", key.get(asked)).status()).as("an old challenge").isEqualTo(422);
        assertThat(server.rows("SELECT * FROM browser_session WHERE methods LIKE '%pop%'")).isEmpty();
        late = ask(browser, authorize());
        String answer = key.get(late);
        assertThat(browser.follow(browser.send(late, "passkey", answer)).isConsent()).isTrue();
        assertThat(browser.send(ask(browser, authorize("prompt", "login")), "passkey", answer).status()).as("a replay").isEqualTo(422);
    }

    @Test
    void keyWhoseCountDoesNotGrowIsRefused() {
        SoftAuthenticator key = registered();
        Browser browser = server.browser();
        Page asked = ask(browser, authorize());
        assertThat(browser.follow(browser.send(asked, "passkey", key.get(asked))).isConsent()).isTrue();
        key.counts = false;
        key.get(asked);
        asked = ask(browser, authorize("prompt", "login"));
        String first = key.get(asked);
        assertThat(browser.send(asked, "passkey", first).status()).isEqualTo(303);
        asked = ask(browser, authorize("prompt", "login"));
        assertThat(browser.send(asked, "passkey", key.get(asked)).status()).as("a copy of the key").isEqualTo(422);
    }

    @Test
    void passkeyOfAnotherUserIsNoSecondFactor() {
        SoftAuthenticator annas = registered();
        Browser bobs = server.browser();
        bobs.follow(logIn(bobs, bobs.get("/account"), "bob", "battery staple"));
        SoftAuthenticator key = new SoftAuthenticator(server.issuer());
        register(bobs, key, "battery staple");
        Browser browser = server.browser();
        Page asked = login(browser, authorize());
        assertThat(browser.send(asked, "passkey", key.get(asked)).status()).isEqualTo(422);
        Page again = browser.get(asked.uri().toString());
        assertThat(browser.send(again, "passkey", annas.get(again)).status()).isEqualTo(303);
    }

    @Test
    void passkeyIsAddedWithThePasswordAndItsOwnChallengeAndRemovedByItsUserAlone() {
        Browser browser = loggedIn();
        SoftAuthenticator key = new SoftAuthenticator(server.issuer());
        Page page = browser.get("/account/passkeys");
        assertThat(browser.send(page, "passkey", key.create(page), "current", "wrong").status()).isEqualTo(422);
        assertThat(browser.send(page, "passkey", key.create(page), "current", PASSWORD, "csrf", "x").status()).isEqualTo(403);
        Page others = loggedIn().get("/account/passkeys");
        assertThat(browser.send(page, "passkey", key.create(others), "current", PASSWORD).status()).as("the challenge of another session").isEqualTo(422);
        assertThat(server.rows("SELECT * FROM passkey")).isEmpty();
        register(browser, key, PASSWORD);
        assertThat(server.rows("SELECT name FROM passkey").get(0).text("name")).isEqualTo("My key");
        Browser bobs = server.browser();
        bobs.follow(logIn(bobs, bobs.get("/account"), "bob", "battery staple"));
        Map<String, String> fields = bobs.get("/account/passkeys").fields();
        fields.putAll(Map.of("remove", key.id(), "current", "battery staple"));
        bobs.post("/account/passkeys", fields, "Sec-Fetch-Site", "same-origin");
        assertThat(server.rows("SELECT * FROM passkey")).as("another user").hasSize(1);
        Page asked = browser.follow(browser.send(browser.get("/account/passkeys"), "remove", key.id(), "current", PASSWORD));
        assertThat(asked.document().selectFirst("form#passkey[data-get]")).as("the session lacks the factor").isNotNull();
        Page shown = browser.follow(browser.send(asked, "passkey", key.get(asked)));
        browser.send(shown, "remove", key.id(), "current", PASSWORD);
        assertThat(server.rows("SELECT * FROM passkey")).isEmpty();
    }

    @Test
    void stepUpToAPhishingResistantLoginAsksForThePasskeyAndNotForACode() {
        SoftAuthenticator key = registered();
        Browser browser = server.browser();
        Page asked = login(browser, authorize());
        Page account = browser.get(browser.follow(browser.send(asked, "passkey", key.get(asked))).uri().toString());
        Page enrolment = browser.get("/account/factor");
        Authenticator app = Authenticator.of(enrolment, server.clock());
        assertThat(account.isConsent()).isTrue();
        assertThat(browser.send(enrolment, "code", app.code(), "current", PASSWORD).status()).isEqualTo(200);
        server.clock().advance(Duration.ofSeconds(30));
        Browser other = server.browser();
        Page weak = login(other, authorize());
        assertThat(other.follow(other.send(weak, "code", app.code())).isConsent()).as("a code is enough without acr_values").isTrue();
        server.clock().advance(Duration.ofSeconds(30));
        Page step = other.follow(other.get(authorize("acr_values", "phr")));
        assertThat(step.document().selectFirst("input[name=code]")).as(step.body()).isNull();
        assertThat(step.document().selectFirst("form#passkey")).isNotNull();
        Page refused = other.send(step, "code", app.code());
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains("A code is not enough here");
        assertThat(server.rows("SELECT last_step FROM totp_secret").get(0).number("last_step")).as("the code is not used up")
            .isLessThan(server.clock().millis() / 30_000);
        Page consent = other.follow(other.send(refused, "passkey", key.get(refused)));
        assertThat(approve(other, consent).answer()).containsKey("code");
        assertThat(server.rows("SELECT acr FROM authorization_grant WHERE acr = 'phr'")).hasSize(1);
        Browser fresh = server.browser();
        Page first = login(fresh, authorize("acr_values", "phr"));
        assertThat(first.document().selectFirst("input[name=code]")).as("the first login too").isNull();
    }

    @Test
    void userWhoNeedsAFactorAddsAPasskeyDuringTheLogin() {
        server.restart(new JsonObject().put("secondFactor", new JsonObject().put("required", true)));
        Browser browser = server.browser();
        Page offered = login(browser, authorize());
        assertThat(offered.header("Content-Security-Policy")).contains("script-src 'self'");
        SoftAuthenticator key = new SoftAuthenticator(server.issuer());
        SoftAuthenticator stranger = new SoftAuthenticator("https://evil.test");
        Page again = submit(browser, offered, stranger.create(offered));
        assertThat(again.status()).isEqualTo(422);
        Page others = login(server.browser(), authorize());
        assertThat(submit(browser, again, key.create(others)).status()).as("the challenge of another login").isEqualTo(422);
        assertThat(server.rows("SELECT * FROM passkey")).isEmpty();
        assertThat(server.rows("SELECT * FROM browser_session")).isEmpty();
        assertThat(submit(browser, again, key.create(offered)).status()).as("a challenge that was used").isEqualTo(422);
        Page codes = submit(browser, again, key.create(again));
        assertThat(codes.document().select(".recovery code")).as(codes.body()).hasSize(10);
        Page consent = browser.get(codes.document().selectFirst("a.button").attr("href"));
        assertThat(approve(browser, consent).answer()).containsKey("code");
        assertThat(server.rows("SELECT methods FROM authorization_grant WHERE methods = 'pwd pop mfa'")).hasSize(1);
        assertThat(login(server.browser(), authorize()).document().selectFirst("form#factor")).as("the next login asks for it").isNotNull();
    }

    private static Page submit(Browser browser, Page page, String credential) {
        Map<String, String> fields = new HashMap<>();
        page.document().select("form#passkey input").forEach(input -> fields.put(input.attr("name"), input.val()));
        fields.put("passkey", credential);
        return browser.post(page.document().selectFirst("form#passkey").attr("action"), fields, "Sec-Fetch-Site", "same-origin");
    }

    @Test
    void passkeysCanBeOff() {
        server.restart(new JsonObject().put("passkeys", new JsonObject().put("enabled", false)));
        Browser browser = server.browser();
        Page form = browser.get(authorize());
        assertThat(form.body()).doesNotContain("passkey");
        assertThat(browser.send(form, "passkey", "start").status()).isEqualTo(422);
        assertThat(loggedIn().get("/account/passkeys").status()).isEqualTo(404);
    }

    private Page ask(Browser browser, String url) {
        return browser.send(browser.get(url), "username", null, "password", null, "passkey", "start");
    }

    private SoftAuthenticator registered() {
        SoftAuthenticator key = new SoftAuthenticator(server.issuer());
        register(loggedIn(), key, PASSWORD);
        return key;
    }

    private static void register(Browser browser, SoftAuthenticator key, String password) {
        Page page = browser.get("/account/passkeys");
        Page codes = browser.send(page, "passkey", key.create(page), "name", "My key", "current", password);
        assertThat(codes.document().select(".recovery code")).as(codes.body()).hasSize(10);
    }
}
