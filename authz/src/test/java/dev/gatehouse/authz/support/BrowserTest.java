package dev.gatehouse.authz.support;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Page;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A front channel of its own for each test, and what people do with it. */
public abstract class BrowserTest {

    protected FrontServer server;

    @BeforeEach
    protected void start() {
        server = new FrontServer(configuration());
    }

    @AfterEach
    protected void stop() {
        server.close();
    }

    protected JsonObject configuration() {
        return new JsonObject();
    }

    /** Logs anna in, and gives what comes behind the login. */
    protected Page login(Browser browser, String url) {
        Page form = browser.get(url);
        assertThat(form.isLogin()).as(form.body()).isTrue();
        return browser.follow(logIn(browser, form, "anna", "correct horse"));
    }

    protected static Page logIn(Browser browser, Page form, String username, String password) {
        return browser.send(form, "username", username, "password", password);
    }

    protected static Page approve(Browser browser, Page consent, String... changes) {
        assertThat(consent.isConsent()).as(consent.status() + consent.body()).isTrue();
        String[] all = new String[changes.length + 2];
        all[0] = "decision";
        all[1] = "approve";
        System.arraycopy(changes, 0, all, 2, changes.length);
        return browser.send(consent, all);
    }

    /** A browser in which anna is logged in, and has answered one request. */
    protected Browser loggedIn() {
        Browser browser = server.browser();
        Page answer = approve(browser, login(browser, authorize("scope", "mcp:read", "prompt", "consent", "resource", "http://localhost:8001/first")));
        assertThat(answer.answer()).containsKey("code");
        return browser;
    }
}
