package dev.gatehouse.authz.session;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

final class SessionTest extends BrowserTest {

    @Override
    protected JsonObject configuration() {
        return new JsonObject().put("session", new JsonObject().put("idleSeconds", 100).put("absoluteSeconds", 250));
    }

    @Test
    void idleSessionEndsAndAUsedOneGoesOnToItsAbsoluteEnd() {
        Browser browser = loggedIn();
        server.clock().advance(Duration.ofSeconds(99));
        assertThat(browser.get(authorize()).isLogin()).isFalse();
        server.clock().advance(Duration.ofSeconds(99));
        assertThat(browser.get(authorize()).isLogin()).isFalse();
        server.clock().advance(Duration.ofSeconds(52));
        assertThat(browser.get(authorize()).isLogin()).as("absolute").isTrue();
        Browser idle = loggedIn();
        server.clock().advance(Duration.ofSeconds(100));
        assertThat(idle.get(authorize()).isLogin()).as("idle").isTrue();
    }

    @Test
    void identifierChangesAtLoginAndTheFormerIsDead() {
        Browser browser = loggedIn();
        Map<String, String> before = Map.copyOf(browser.cookies());
        Page form = browser.get(authorize("prompt", "login"));
        browser.follow(logIn(browser, form, "anna", "correct horse"));
        assertThat(browser.cookies()).isNotEqualTo(before);
        Browser former = server.browser();
        former.cookies().putAll(before);
        assertThat(former.get(authorize()).isLogin()).isTrue();
        assertThat(browser.get(authorize()).isLogin()).isFalse();
        assertThat(server.rows("SELECT * FROM browser_session")).hasSize(1);
    }

    @Test
    void plantedIdentifierIsNeverTakenOver() {
        Browser browser = server.browser();
        Page form = browser.get(authorize());
        String name = browser.cookies().keySet().iterator().next().replace("browser", "session");
        String planted = "A".repeat(43);
        browser.cookies().put(name, planted);
        browser.follow(logIn(browser, form, "anna", "correct horse"));
        assertThat(browser.cookies().get(name)).isNotEqualTo(planted);
        Browser attacker = server.browser();
        attacker.cookies().put(name, planted);
        assertThat(attacker.get(authorize()).isLogin()).isTrue();
    }

    @Test
    void disabledUserHasNoSession() {
        Browser browser = loggedIn();
        Waiting.on(server.running().users().setDisabled("anna", true, server.clock().millis()));
        assertThat(browser.get(authorize()).isLogin()).isTrue();
    }

    @Test
    void freshLoginIsAskedForByPromptAndAge() {
        Browser browser = loggedIn();
        server.clock().advance(Duration.ofSeconds(10));
        assertThat(browser.get(authorize("max_age", "11")).isLogin()).isFalse();
        assertThat(browser.get(authorize("max_age", "9")).isLogin()).isTrue();
        assertThat(browser.get(authorize("max_age", "9", "prompt", "none")).answer()).containsEntry("error", "login_required");
        Page form = browser.get(authorize("prompt", "login"));
        assertThat(form.isLogin()).isTrue();
        String interaction = form.fields().get("interaction");
        assertThat(browser.get("/oauth/consent?interaction=" + interaction).isLogin()).as("no way around").isTrue();
        Page consent = browser.follow(logIn(browser, form, "anna", "correct horse"));
        server.clock().advance(Duration.ofSeconds(30));
        assertThat(approve(browser, consent).answer()).containsKey("code");
    }

    @Test
    void sessionThatEndsBeforeConsentLeadsBackToLogin() {
        Browser browser = server.browser();
        Page consent = login(browser, authorize());
        server.clock().advance(Duration.ofSeconds(100));
        Page again = browser.follow(approve(browser, consent));
        assertThat(again.isLogin()).isTrue();
        assertThat(server.codes()).isZero();
        assertThat(approve(browser, browser.follow(logIn(browser, again, "anna", "correct horse"))).answer()).containsKey("code");
    }

    @Test
    @DisabledIfEnvironmentVariable(named = "GATEHOUSE_TEST_STORE", matches = "postgresql", disabledReason = "opens the SQLite file")
    void storeHoldsNoCookiesIdentifiersOrCodes() {
        Browser browser = server.browser();
        Page form = browser.get(authorize());
        Page consent = browser.follow(logIn(browser, form, "anna", "correct horse"));
        String code = approve(browser, consent).answer().get("code");
        List<String> secrets = new ArrayList<>(browser.cookies().values());
        secrets.addAll(List.of(code, form.fields().get("interaction"), form.fields().get("csrf"), consent.fields().get("csrf"), "correct horse"));
        assertThat(server.dump()).isNotEmpty().doesNotContain(secrets.toArray(String[]::new));
    }
}
