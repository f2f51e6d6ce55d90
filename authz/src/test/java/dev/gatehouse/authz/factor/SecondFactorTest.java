package dev.gatehouse.authz.factor;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.session.LoginFailureStore;
import dev.gatehouse.authz.support.Authenticator;
import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.Waiting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

import java.time.Duration;
import java.util.List;

final class SecondFactorTest extends BrowserTest {

    private static final String PASSWORD = "correct horse";

    private List<String> recovery;

    @Test
    void loginAsksForACodeAndOpensNoSessionBefore() {
        Authenticator app = enrolled();
        Browser browser = server.browser();
        int sessions = server.rows("SELECT * FROM browser_session").size();
        Page asked = login(browser, authorize());
        assertThat(asked.document().selectFirst("form#factor")).isNotNull();
        assertThat(server.rows("SELECT * FROM browser_session")).hasSize(sessions);
        assertThat(browser.get(authorize()).isLogin()).as("the password alone is no session").isTrue();
        Page wrong = browser.send(asked, "code", "000000");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.body()).contains("The code is wrong");
        server.clock().advance(Duration.ofSeconds(30));
        Page consent = browser.follow(browser.send(asked, "code", app.code()));
        assertThat(approve(browser, consent).answer()).containsKey("code");
        assertThat(server.rows("SELECT methods FROM authorization_grant WHERE methods = 'pwd otp mfa'")).hasSize(1);
        assertThat(server.rows("SELECT * FROM pending_login")).hasSize(0);
    }

    @Test
    void codeCountsOnce() {
        Authenticator app = enrolled();
        server.clock().advance(Duration.ofSeconds(30));
        String code = app.code();
        Browser first = server.browser();
        assertThat(first.follow(first.send(login(first, authorize()), "code", code)).isConsent()).isTrue();
        Browser second = server.browser();
        Page asked = login(second, authorize());
        assertThat(second.send(asked, "code", code).status()).isEqualTo(422);
        assertThat(second.send(asked, "code", app.codeIn(-1)).status()).as("an earlier one neither").isEqualTo(422);
        assertThat(second.follow(second.send(asked, "code", app.codeIn(1))).isConsent()).isTrue();
        assertThat(second.send(asked, "code", app.codeIn(2)).status()).as("the pending login counts once too").isEqualTo(400);
    }

    @Test
    void recoveryCodeReplacesTheAppOnce() {
        enrolled();
        assertThat(recovery).hasSize(10);
        Browser first = server.browser();
        assertThat(first.follow(first.send(login(first, authorize()), "code", recovery.get(3).toUpperCase())).isConsent()).isTrue();
        Browser second = server.browser();
        Page asked = login(second, authorize());
        assertThat(second.send(asked, "code", recovery.get(3)).status()).isEqualTo(422);
        assertThat(second.follow(second.send(asked, "code", recovery.get(4).replace("-", " "))).isConsent()).isTrue();
        assertThat(second.get("/account/factor").body()).contains("8 left");
    }

    @Test
    void wrongCodesLockAndAKnownBrowserHasItsOwnLimit() {
        Browser owner = loggedIn();
        Authenticator app = enrol(owner);
        owner.send(owner.get("/account"), "act", "logout");
        Browser stranger = server.browser();
        Page asked = login(stranger, authorize());
        for (int i = 0; i < 8; i++) {
            assertThat(stranger.send(asked, "code", "000000").status()).isEqualTo(422);
        }
        server.clock().advance(Duration.ofSeconds(30));
        Page locked = stranger.send(asked, "code", app.code());
        assertThat(locked.status()).as("a right code reveals nothing now").isEqualTo(429);
        assertThat(locked.header("Retry-After")).isEqualTo("30");
        assertThat(stranger.get(authorize()).isLogin()).isTrue();
        assertThat(owner.follow(owner.send(login(owner, authorize()), "code", app.code())).isConsent()).as("the owner").isTrue();
        Waiting.on(new LoginFailureStore(server.running().database()).unlock("anna"));
        assertThat(stranger.follow(stranger.send(asked, "code", app.codeIn(1))).isConsent()).as("unlocked").isTrue();
    }

    @Test
    void pendingLoginIsBoundToItsBrowserItsTimeAndItsPassword() {
        Authenticator app = enrolled();
        server.clock().advance(Duration.ofSeconds(60));
        Browser browser = server.browser();
        Page asked = login(browser, authorize());
        Browser other = server.browser();
        other.get(authorize());
        assertThat(other.get(asked.uri().toString()).status()).isEqualTo(403);
        assertThat(other.send(asked, "code", app.code()).status()).isEqualTo(403);
        assertThat(browser.send(asked, "code", app.code(), "csrf", null).status()).isEqualTo(403);
        assertThat(browser.post("/oauth/factor", asked.fields(), "Origin", "https://evil.test").status()).isEqualTo(403);
        Waiting.on(server.running().users().changePassword("anna", "$none", server.clock().millis()));
        assertThat(browser.send(asked, "code", app.code()).status()).as("another password").isEqualTo(400);
        server.clock().advance(Duration.ofSeconds(601));
        assertThat(browser.get(asked.uri().toString()).status()).isEqualTo(400);
        assertThat(server.rows("SELECT * FROM browser_session")).isEmpty();
    }

    @Test
    void appIsAddedOnlyWithItsCodeAndThePassword() {
        Browser browser = loggedIn();
        Page form = browser.get("/account/factor");
        Authenticator app = Authenticator.of(form, server.clock());
        assertThat(form.document().select("svg.qr path")).hasSize(1);
        assertThat(form.document().select("script")).isEmpty();
        assertThat(browser.send(form, "code", "000000", "current", PASSWORD).status()).isEqualTo(422);
        assertThat(browser.send(form, "code", app.code(), "current", "wrong").status()).isEqualTo(422);
        assertThat(browser.send(form, "code", app.code(), "current", PASSWORD, "csrf", "x").status()).isEqualTo(403);
        Browser bobs = server.browser();
        bobs.follow(logIn(bobs, bobs.get("/account"), "bob", "battery staple"));
        Page bobsForm = bobs.get("/account/factor");
        assertThat(bobs.send(bobsForm, "offer", form.fields().get("offer"), "code", app.code(), "current", "battery staple").status())
            .as("an offer of another user").isEqualTo(422);
        assertThat(server.rows("SELECT * FROM totp_secret")).isEmpty();
        Page again = browser.send(form, "code", "000000", "current", PASSWORD);
        assertThat(Authenticator.of(again, server.clock()).secret()).as("the same key again").isEqualTo(app.secret());
        assertThat(browser.send(again, "code", app.code(), "current", PASSWORD).document().select(".recovery code")).hasSize(10);
        assertThat(server.rows("SELECT * FROM totp_secret")).hasSize(1);
    }

    @Test
    void removalAndNewCodesNeedASessionWithTheFactorAndThePassword() {
        Browser before = loggedIn();
        Authenticator app = enrol(before);
        server.clock().advance(Duration.ofSeconds(30));
        Page own = before.get("/account/factor");
        Page asked = before.follow(before.send(own, "act", "remove", "current", PASSWORD));
        assertThat(asked.document().selectFirst("form#factor")).as("a session of before the factor").isNotNull();
        assertThat(server.rows("SELECT * FROM totp_secret")).hasSize(1);
        Page now = before.follow(before.send(asked, "code", app.code()));
        assertThat(before.send(now, "act", "remove", "current", "wrong").status()).isEqualTo(422);
        assertThat(server.rows("SELECT * FROM totp_secret")).hasSize(1);
        Page codes = before.send(now, "act", "codes", "current", PASSWORD);
        assertThat(codes.document().select(".recovery code").eachText()).hasSize(10).doesNotContainAnyElementsOf(recovery);
        Page removed = before.follow(before.send(before.get("/account/factor"), "act", "remove", "current", PASSWORD));
        assertThat(removed.body()).contains("Your second factor was removed.");
        assertThat(server.rows("SELECT * FROM totp_secret")).isEmpty();
        assertThat(server.rows("SELECT * FROM recovery_code")).isEmpty();
        assertThat(login(server.browser(), authorize()).isConsent()).isTrue();
    }

    @Test
    @DisabledIfEnvironmentVariable(named = "GATEHOUSE_TEST_STORE", matches = "postgresql", disabledReason = "opens the SQLite file")
    void storeHoldsNoKeyNoCodeAndNoLoginIdentifier() {
        Authenticator app = enrolled();
        Page asked = login(server.browser(), authorize());
        assertThat(server.dump()).isNotEmpty().doesNotContain(app.secret(), recovery.get(0), recovery.get(0).replace("-", ""), asked.fields().get("login"));
    }

    private Authenticator enrolled() {
        return enrol(loggedIn());
    }

    private Authenticator enrol(Browser browser) {
        Page form = browser.get("/account/factor");
        Authenticator app = Authenticator.of(form, server.clock());
        recovery = browser.send(form, "code", app.code(), "current", PASSWORD).document().select(".recovery code").eachText();
        return app;
    }
}
