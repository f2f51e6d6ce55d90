package dev.gatehouse.authz.session;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.fixtures.Page;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;

@Tag("slow")
@Order(1)
final class LoginThrottleTest extends BrowserTest {

    @Override
    protected JsonObject configuration() {
        return new JsonObject().put("login", new JsonObject().put("failuresPerAccount", 4).put("failuresPerSource", 9)
            .put("windowSeconds", 900).put("lockSeconds", 60));
    }

    @Test
    void accountWaitsAfterItsLimitAndEvenTheRightPasswordWithIt() {
        fail("anna", 4);
        Page locked = attempt("anna", "correct horse");
        assertThat(locked.status()).isEqualTo(429);
        assertThat(locked.header("Retry-After")).isEqualTo("60");
        assertThat(locked.body()).contains("Too many attempts");
        assertThat(server.rows("SELECT * FROM browser_session")).isEmpty();
        assertThat(attempt("bob", "battery staple").status()).as("another account").isEqualTo(303);
        server.clock().advance(Duration.ofSeconds(60));
        assertThat(attempt("anna", "correct horse").status()).as("when the wait is over").isEqualTo(303);
    }

    @Test
    void triesDuringTheWaitDoNotProlongIt() {
        fail("anna", 4);
        for (int i = 0; i < 5; i++) {
            server.clock().advance(Duration.ofSeconds(11));
            assertThat(attempt("anna", "wrong").status()).isEqualTo(429);
        }
        server.clock().advance(Duration.ofSeconds(5));
        assertThat(attempt("anna", "correct horse").status()).isEqualTo(303);
    }

    @Test
    void waitGrowsWithFurtherFailuresUpToABound() {
        fail("anna", 4);
        for (int expected : new int[] {120, 240, 480, 480}) {
            server.clock().advance(Duration.ofSeconds(expected));
            assertThat(attempt("anna", "wrong").status()).isEqualTo(422);
            assertThat(attempt("anna", "wrong").header("Retry-After")).isEqualTo(Integer.toString(expected));
        }
    }

    @Test
    void accountThatDoesNotExistWaitsAlike() {
        fail("nobody", 4);
        assertThat(attempt("nobody", "wrong").status()).isEqualTo(429);
    }

    @Test
    void sourceWaitsWhateverTheAccount() {
        for (int i = 0; i < 9; i++) {
            assertThat(attempt("user" + i, "wrong").status()).isEqualTo(422);
        }
        assertThat(attempt("bob", "battery staple").status()).isEqualTo(429);
        server.clock().advance(Duration.ofSeconds(60));
        assertThat(attempt("bob", "battery staple").status()).isEqualTo(303);
    }

    @Test
    void lockOfASourceSparesABrowserThatThePersonHasUsedBefore() {
        Browser owners = loggedIn();
        for (int i = 0; i < 9; i++) {
            assertThat(attempt("user" + i, "wrong").status()).isEqualTo(422);
        }
        assertThat(attempt("anna", "correct horse").status()).as("a new browser of this source").isEqualTo(429);
        Page form = owners.get(authorize("prompt", "login"));
        assertThat(logIn(owners, form, "bob", "battery staple").status()).as("known for anna alone").isEqualTo(429);
        assertThat(logIn(owners, form, "anna", "correct horse").status()).isEqualTo(303);
    }

    @Test
    void passwordThatIsTooLongIsWrongAndCounts() {
        String marks = "\u0301\u0316".repeat(1_000);
        for (int i = 0; i < 4; i++) {
            assertThat(attempt("anna", marks).status()).isEqualTo(422);
        }
        assertThat(attempt("anna", "correct horse").status()).isEqualTo(429);
        assertThat(attempt("x".repeat(1_000), marks).status()).isEqualTo(422);
    }

    @Test
    void successForgetsTheAccountsFailuresButNotTheSources() {
        fail("anna", 3);
        assertThat(attempt("anna", "correct horse").status()).isEqualTo(303);
        fail("anna", 3);
        assertThat(attempt("anna", "correct horse").status()).isEqualTo(303);
        fail("bob", 3);
        assertThat(attempt("bob", "battery staple").status()).isEqualTo(429);
    }

    @Test
    void strangerDoesNotLockTheOwnerOutOfABrowserOfTheirs() {
        Browser owners = loggedIn();
        fail("anna", 4);
        assertThat(attempt("anna", "correct horse").status()).isEqualTo(429);
        Page form = owners.get(authorize("prompt", "login"));
        assertThat(logIn(owners, form, "anna", "correct horse").status()).isEqualTo(303);
    }

    @Test
    void ownersBrowserHasALimitToo() {
        Browser owners = loggedIn();
        Page form = owners.get(authorize("prompt", "login"));
        for (int i = 0; i < 4; i++) {
            assertThat(logIn(owners, form, "anna", "wrong").status()).isEqualTo(422);
        }
        assertThat(logIn(owners, form, "anna", "correct horse").status()).isEqualTo(429);
        assertThat(attempt("anna", "correct horse").status()).as("elsewhere").isEqualTo(303);
    }

    @Test
    void failuresAreForgottenAfterTheWindow() {
        fail("anna", 3);
        server.clock().advance(Duration.ofSeconds(900));
        fail("anna", 3);
        assertThat(attempt("anna", "correct horse").status()).isEqualTo(303);
    }

    @Test
    void storeHoldsNoTypedNames() {
        fail("hunter2-in-the-wrong-field", 1);
        assertThat(server.rows("SELECT subject FROM login_failure"))
            .isNotEmpty().noneMatch(row -> row.text("subject").contains("hunter2"));
    }

    private void fail(String username, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(attempt(username, "wrong").status()).isEqualTo(422);
        }
    }

    private Page attempt(String username, String password) {
        Browser browser = server.browser();
        return logIn(browser, browser.get(authorize()), username, password);
    }
}
