package dev.gatehouse.authz.account;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Page;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
final class PasswordChangeTest extends BrowserTest {

    private static final String NEXT = "a better sentence";

    @Test
    void newPasswordReplacesTheOldOneAndEndsTheOtherSessions() {
        Browser browser = loggedIn();
        Browser other = loggedIn();
        Page done = browser.follow(change(browser, "correct horse", NEXT, NEXT, true));
        assertThat(done.body()).contains("Your password has changed.");
        assertThat(other.get("/account").isLogin()).isTrue();
        assertThat(browser.get("/account").isLogin()).isFalse();
        Browser later = server.browser();
        assertThat(logIn(later, later.get(authorize()), "anna", "correct horse").status()).isEqualTo(422);
        assertThat(logIn(later, later.get(authorize()), "anna", NEXT).status()).isEqualTo(303);
    }

    @Test
    void otherSessionsStayIfTheUserWants() {
        Browser browser = loggedIn();
        Browser other = loggedIn();
        assertThat(change(browser, "correct horse", NEXT, NEXT, false).status()).isEqualTo(303);
        assertThat(other.get("/account").isLogin()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"wrong, a better sentence, a better sentence, current password is wrong", "'', a better sentence, a better sentence, Enter your current password",
        "correct horse, a better sentence, another sentence, differ", "correct horse, short, short, at least 8", "correct horse, Password123, Password123, common"})
    void badPasswordChangesNothing(String current, String next, String repeated, String problem) {
        Browser browser = loggedIn();
        Browser other = loggedIn();
        Page refused = change(browser, current, next, repeated, true);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.document().selectFirst("#problem").text()).contains(problem);
        assertThat(refused.body()).doesNotContain(next);
        assertThat(other.get("/account").isLogin()).isFalse();
        assertThat(change(browser, "correct horse", NEXT, NEXT, true).status()).isEqualTo(303);
    }

    @Test
    void guessesOfTheCurrentPasswordAreLimited() {
        Browser browser = loggedIn();
        for (int i = 0; i < 8; i++) {
            assertThat(change(browser, "wrong", NEXT, NEXT, true).status()).isEqualTo(422);
        }
        Page locked = change(browser, "correct horse", NEXT, NEXT, true);
        assertThat(locked.status()).isEqualTo(429);
        assertThat(locked.header("Retry-After")).isEqualTo("60");
    }

    @Test
    void formOfAnotherSiteOrOfNoSessionChangesNothing() {
        Browser browser = loggedIn();
        Page form = browser.get("/account/password");
        assertThat(browser.send(form, "current", "correct horse", "new", NEXT, "repeated", NEXT, "csrf", "x".repeat(43)).status()).isEqualTo(403);
        Browser stranger = server.browser();
        assertThat(stranger.get("/account/password").location()).endsWith("/account");
        assertThat(stranger.send(form, "current", "correct horse", "new", NEXT, "repeated", NEXT).location()).endsWith("/account");
        Browser later = server.browser();
        assertThat(logIn(later, later.get(authorize()), "anna", "correct horse").status()).isEqualTo(303);
    }

    private static Page change(Browser browser, String current, String next, String repeated, boolean endOthers) {
        return browser.send(browser.get("/account/password"), "current", current, "new", next, "repeated", repeated, "others", endOthers ? "yes" : null);
    }
}
