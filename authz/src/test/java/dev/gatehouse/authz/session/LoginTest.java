package dev.gatehouse.authz.session;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.authz.user.Argon2id;
import dev.gatehouse.authz.user.PasswordHasher.PasswordHashOptions;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.Waiting;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

final class LoginTest extends BrowserTest {

    @Test
    void wrongPasswordUnknownUserAndDisabledUserLookAlike() {
        Waiting.on(server.running().users().setDisabled("bob", true, server.clock().millis()));
        String wrong = problem(refuse("anna", "wrong"));
        assertThat(wrong).isNotEmpty();
        assertThat(problem(refuse("nobody", "wrong"))).isEqualTo(wrong);
        assertThat(problem(refuse("bob", "battery staple"))).isEqualTo(wrong);
        assertThat(problem(refuse("alice", "$none"))).as("an account without a password").isEqualTo(wrong);
        assertThat(server.rows("SELECT * FROM browser_session")).isEmpty();
        Browser browser = server.browser();
        assertThat(login(browser, authorize()).isConsent()).isTrue();
    }

    @Test
    void typedNameIsKeptAndEscapedAndThePasswordIsNot() {
        Page page = refuse("\"><script>alert(1)</script>", "hunter2");
        assertThat(page.body()).contains("value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\"").doesNotContain("hunter2", "<script>");
    }

    @Test
    void emptyFieldsAreAskedForAgain() {
        Browser browser = server.browser();
        Page page = logIn(browser, browser.get(authorize()), "anna", "");
        assertThat(page.status()).isEqualTo(422);
        assertThat(page.body()).contains("value=\"anna\"");
        assertThat(server.rows("SELECT * FROM login_failure")).isEmpty();
    }

    @Test
    void passwordAboveTheLimitIsRefusedBeforeAnyHash() {
        String longest = "x".repeat(128);
        setHash(new Argon2id(new PasswordHashOptions(64, 1, 1, 2)).hash(longest));
        Browser browser = server.browser();
        assertThat(browser.follow(logIn(browser, browser.get(authorize()), "anna", longest)).isConsent()).isTrue();
        setHash(new Argon2id(new PasswordHashOptions(64, 1, 1, 2)).hash(longest + "x"));
        refuse("anna", longest + "x");
        // A hash that cannot be computed shows whether the server tries.
        setHash("$argon2id$broken");
        refuse("anna", longest + "x");
        Browser other = server.browser();
        assertThat(logIn(other, other.get(authorize()), "anna", longest).status()).as("a permitted length is hashed").isEqualTo(500);
    }

    private void setHash(String hash) {
        Waiting.on(server.running().database().write(statements -> statements.update("UPDATE user_account SET password_hash = $1 WHERE username = 'anna'", hash)));
    }

    @Test
    void lastLoginIsRecorded() {
        login(server.browser(), authorize());
        assertThat(server.rows("SELECT last_login_at FROM user_account WHERE sub = 'usr_anna'").get(0).number("last_login_at"))
            .isEqualTo(server.clock().millis());
    }

    @Test
    void formWithoutItsTokenOrWithAnothersIsRefused() {
        Browser browser = server.browser();
        Page form = browser.get(authorize());
        Page another = browser.get(authorize());
        String stolen = another.body().replaceAll("(?s).*name=\"csrf\" value=\"([^\"]*)\".*", "$1");
        assertThat(browser.send(form, "username", "anna", "password", "correct horse", "csrf", null).status()).isEqualTo(403);
        assertThat(browser.send(form, "username", "anna", "password", "correct horse", "csrf", stolen).status()).isEqualTo(403);
        assertThat(server.rows("SELECT * FROM browser_session")).isEmpty();
        assertThat(logIn(browser, form, "anna", "correct horse").status()).isEqualTo(303);
    }

    @Test
    void formSentByAnotherSiteIsRefused() {
        Browser browser = server.browser();
        Page form = browser.get(authorize());
        for (String[] headers : new String[][] {{"Origin", "https://evil.test"}, {"Sec-Fetch-Site", "cross-site"},
            {"Sec-Fetch-Site", "same-site"}, {"Origin", "null"}, {"Origin", "https://evil.test", "Sec-Fetch-Site", "same-origin"}}) {
            assertThat(postLogin(browser, form, headers).status()).as(String.join(" ", headers)).isEqualTo(403);
        }
        for (String[] headers : new String[][] {{}, {"Origin", server.issuer()}, {"Origin", "null", "Sec-Fetch-Site", "same-origin"}}) {
            assertThat(postLogin(browser, form, headers).status()).as(String.join(" ", headers)).isEqualTo(303);
        }
    }

    @Test
    void forwardedLinkCannotBeFinishedInAnotherBrowser() {
        Browser attacker = server.browser();
        Page form = attacker.get(authorize());
        Browser victim = server.browser();
        assertThat(logIn(victim, form, "anna", "correct horse").status()).isEqualTo(403);
        victim.get(authorize());
        assertThat(logIn(victim, form, "anna", "correct horse").status()).isEqualTo(403);
        String interaction = form.body().replaceAll("(?s).*name=\"interaction\" value=\"([^\"]*)\".*", "$1");
        assertThat(victim.get("/oauth/login?interaction=" + interaction).status()).isEqualTo(403);
        assertThat(victim.get("/oauth/consent?interaction=" + interaction).status()).isEqualTo(403);
        assertThat(server.codes()).isZero();
        assertThat(logIn(attacker, form, "bob", "battery staple").status()).isEqualTo(303);
    }

    @Test
    void browserIdentifierOfAnotherIsNoSession() {
        Browser victim = loggedIn();
        Browser attacker = server.browser();
        victim.cookies().forEach((name, value) -> {
            if (name.contains("browser")) {
                attacker.cookies().put(name, value);
            }
        });
        assertThat(attacker.get(authorize()).isLogin()).isTrue();
    }

    @Test
    void interactionExpires() {
        Browser browser = server.browser();
        Page form = browser.get(authorize());
        server.clock().advance(Duration.ofSeconds(599));
        assertThat(logIn(browser, form, "anna", "correct horse").status()).isEqualTo(303);
        Page late = browser.get(authorize("prompt", "login"));
        server.clock().advance(Duration.ofSeconds(600));
        assertThat(logIn(browser, late, "anna", "correct horse").status()).isEqualTo(400);
    }

    @Test
    void clientDeletedMeanwhileEndsTheInteraction() {
        Browser browser = server.browser();
        Page form = browser.get(authorize("client_id", "public"));
        Waiting.on(server.running().clients().delete("public", server.clock().millis()));
        // The running server hears of it through its feed; asking until it does is the only sign.
        Page page = logIn(browser, form, "anna", "correct horse");
        for (int i = 0; i < 100_000 && page.status() != 400; i++) {
            page = browser.get(authorize("client_id", "public"));
        }
        assertThat(page.status()).isEqualTo(400);
    }

    private Page refuse(String username, String password) {
        Browser browser = server.browser();
        Page page = logIn(browser, browser.get(authorize()), username, password);
        assertThat(page.status()).isEqualTo(422);
        assertThat(page.isLogin()).isTrue();
        return page;
    }

    private static String problem(Page page) {
        return page.body().replaceAll("(?s).*role=\"alert\">([^<]*)<.*", "$1");
    }

    private Page postLogin(Browser browser, Page form, String... headers) {
        Map<String, String> fields = form.fields();
        fields.put("username", "anna");
        fields.put("password", "correct horse");
        return browser.post("/oauth/login", fields, headers);
    }
}
