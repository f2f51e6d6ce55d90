package dev.gatehouse.authz.page;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.Map;

/** Pages as programs read them, which is for the demo profile only. */
final class PageModelTest extends BrowserTest {

    private static final String[] MODEL = {"Accept", PageModel.MEDIA_TYPE};
    private static final String OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob";

    @Test
    void demoAnswersTheModelWithWhatTheFormHoldsAndTheSameHeaders() {
        Browser browser = server.browser();
        Page html = browser.get(authorize());
        Page login = browser.get(html.response().uri().toString(), MODEL);
        assertThat(html.header("Content-Type")).startsWith("text/html");
        assertThat(login.header("Content-Type")).isEqualTo(PageModel.MEDIA_TYPE);
        JsonObject model = new JsonObject(login.body());
        assertThat(model.getString("page")).isEqualTo("login");
        assertThat(model.getString("action")).isEqualTo(html.form().action());
        assertThat(fields(model)).containsOnlyKeys("interaction", "csrf");
        assertThat(model.getJsonArray("inputs")).containsExactly("username", "password");
        for (String header : new String[] {"Cache-Control", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy"}) {
            assertThat(login.header(header)).as(header).isEqualTo(html.header(header));
        }
    }

    @Test
    void wrongPasswordIsNamedInTheModelAndGivesNoSession() {
        Browser browser = server.browser();
        JsonObject login = new JsonObject(browser.get(authorize(), MODEL).body());
        Page wrong = post(browser, login, "username", "anna", "password", "wrong");
        assertThat(new JsonObject(wrong.body()).getString("text")).contains("password");
        assertThat(post(browser, login, "username", "anna", "password", "correct horse").status()).isEqualTo(303);
        assertThat(server.codes()).isZero();
    }

    @Test
    void modelIsUselessWithoutTheCookieItCameWith() {
        Browser browser = server.browser();
        JsonObject login = new JsonObject(browser.get(authorize("redirect_uri", OUT_OF_BAND), MODEL).body());
        Page foreign = post(server.browser(), login, "username", "anna", "password", "correct horse");
        assertThat(foreign.status()).isEqualTo(403);
        JsonObject consent = new JsonObject(browser.get(post(browser, login, "username", "anna", "password", "correct horse").location(), MODEL).body());
        assertThat(consent.getString("page")).isEqualTo("consent");
        Page stolen = post(server.browser(), consent, "decision", "approve");
        assertThat(stolen.status()).isEqualTo(403);
        assertThat(new JsonObject(stolen.body()).getString("page")).isEqualTo("message");
        assertThat(server.codes()).isZero();
        Page code = post(browser, consent, "decision", "approve");
        assertThat(new JsonObject(code.body()).getString("code")).startsWith("ghc_");
        assertThat(server.codes()).isEqualTo(1);
    }

    @Test
    void modelIsUselessWithoutItsCsrfToken() {
        Browser browser = server.browser();
        JsonObject login = new JsonObject(browser.get(authorize(), MODEL).body());
        assertThat(post(browser, login, "csrf", "forged", "username", "anna", "password", "correct horse").status()).isEqualTo(403);
        assertThat(post(browser, login, "username", "anna", "password", "correct horse").status()).isEqualTo(303);
    }

    @Test
    void productionNeverServesTheModel() {
        Waiting.on(server.running().database().write(statements -> statements.update("DELETE FROM user_account WHERE username = 'testuser'")
            .compose(gone -> statements.update("DELETE FROM client WHERE client_id = 'mcp-test-client'"))));
        server.restart(new JsonObject().put("profile", "production").put("issuer", "https://login.example").put("trustedProxies", new JsonArray().add("127.0.0.1"))
            .put("fetching", new JsonObject().put("loopback", false)).put("anyLoopbackResource", false).put("introspection", new JsonObject().put("openOnLoopback", false)));
        Browser browser = server.browser();
        for (String accept : new String[] {PageModel.MEDIA_TYPE, PageModel.MEDIA_TYPE + ", */*;q=0.1", "text/html"}) {
            Page login = browser.get(authorize(), "Accept", accept);
            assertThat(login.isLogin()).as(accept).isTrue();
            assertThat(login.header("Content-Type")).as(accept).startsWith("text/html");
            Page error = browser.get(authorize("client_id", "nobody"), "Accept", accept);
            assertThat(error.status()).as(accept).isEqualTo(400);
            assertThat(error.header("Content-Type")).as(accept).startsWith("text/html");
        }
    }

    private Page post(Browser browser, JsonObject model, String... answers) {
        Map<String, String> sent = fields(model);
        for (int i = 0; i < answers.length; i += 2) {
            sent.put(answers[i], answers[i + 1]);
        }
        return browser.post(model.getString("action"), sent, "Accept", PageModel.MEDIA_TYPE, "Origin", server.issuer());
    }

    private static Map<String, String> fields(JsonObject model) {
        Map<String, String> fields = new LinkedHashMap<>();
        model.getJsonArray("fields").stream().map(JsonObject.class::cast)
            .forEach(field -> fields.merge(field.getString("name"), field.getString("value"), (one, other) -> one + "\n" + other));
        return fields;
    }
}
