package dev.gatehouse.authz.page;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

final class PageTest extends BrowserTest {

    private static final String OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob";

    @Override
    protected JsonObject configuration() {
        return new JsonObject().put("rateLimits", new JsonObject().put("authorizePerMinute", 20));
    }

    @Test
    void everyPageIsGuarded() {
        Browser browser = server.browser();
        Page login = browser.get(authorize("redirect_uri", OUT_OF_BAND));
        Page wrong = logIn(browser, login, "anna", "wrong");
        Page consent = browser.follow(logIn(browser, login, "anna", "correct horse"));
        Page code = approve(browser, consent);
        Page error = browser.get(authorize("client_id", "nobody"));
        Page account = browser.get("/account");
        Page device = browser.get("/device");
        Page logout = browser.get("/oauth/logout");
        assertThat(account.body()).contains("Your applications");
        assertThat(logout.body()).contains("Log out?");
        for (Page page : new Page[] {login, wrong, consent, code, error, account, device, logout}) {
            assertGuarded(page);
        }
        assertThat(code.header("Content-Security-Policy")).contains("script-src 'self';");
        assertThat(login.header("Content-Security-Policy")).doesNotContain("script");
        assertThat(consent.body()).containsPattern("<script src=\"/assets/again-[A-Za-z0-9_-]+.js\" defer>");
        assertThat(consent.header("Content-Security-Policy")).contains("script-src 'self';");
        assertThat(code.body()).containsPattern("<input id=\"code\" readonly value=\"ghc_[A-Za-z0-9_-]{43}\"");
    }

    private static void assertGuarded(Page page) {
        assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")
            .doesNotContain("unsafe");
        assertThat(page.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.header("Cache-Control")).isEqualTo("no-store");
        assertThat(page.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
        assertThat(page.body()).doesNotContainPattern("<script(?! src=)").doesNotContainPattern("(?i) (on[a-z]+|style)=\"");
    }

    @Test
    void rootIsAPageThatSaysWhatThisIsAndLeadsOn() {
        Browser browser = server.browser();
        Page home = browser.get("/");
        assertThat(home.status()).isEqualTo(200);
        assertGuarded(home);
        assertThat(home.body()).contains("This is an authorization server", "href=\"/account\"", "href=\"/device\"",
            server.issuer() + "/.well-known/oauth-authorization-server", "http://localhost:8001/mcp");
        for (Matcher link = Pattern.compile("href=\"(/[a-z][^\"]*|" + server.issuer() + "[^\"]*)\"").matcher(home.body()); link.find();) {
            assertThat(browser.open(link.group(1)).status()).as(link.group(1)).isEqualTo(200);
        }
        Page program = browser.get("/", "Accept", "application/json");
        assertThat(program.status()).isEqualTo(404);
        assertThat(program.header("Content-Type")).contains("json");
    }

    @Test
    void testCredentialsAreShownInTheDemoOnly() {
        assertThat(server.browser().get(authorize()).body()).contains("testuser", "testpass");
        assertThat(server.browser().get("/").body()).contains("mcp-test-client");
        Waiting.on(server.running().database().write(statements -> statements.update("DELETE FROM user_account WHERE username = 'testuser'")
            .compose(gone -> statements.update("DELETE FROM client WHERE client_id = 'mcp-test-client'"))));
        server.restart(new JsonObject().put("profile", "production").put("issuer", "https://login.example").put("trustedProxies", new JsonArray().add("127.0.0.1"))
            .put("fetching", new JsonObject().put("loopback", false)).put("anyLoopbackResource", false).put("introspection", new JsonObject().put("openOnLoopback", false)));
        Page login = server.browser().get("/account");
        assertThat(login.isLogin()).isTrue();
        assertThat(login.body()).doesNotContain("testuser", "testpass", "Demo");
        assertThat(server.browser().get("/").body()).doesNotContain("testuser", "mcp-test-client", "Demo");
    }

    @Test
    void formMayLeadToTheClientAndOnwards() {
        String policy = server.browser().get(authorize()).header("Content-Security-Policy");
        assertThat(policy).contains("form-action 'self' https: http://localhost:* http://127.0.0.1:*;");
        assertThat(server.browser().get(authorize("redirect_uri", "http://[::1]:4000/callback")).header("Content-Security-Policy"))
            .contains("http://127.0.0.1:* http:;");
        assertThat(server.browser().get(authorize("redirect_uri", "com.example.app:/callback")).header("Content-Security-Policy"))
            .contains("http://127.0.0.1:* com.example.app:;");
        server.addClient("odd", ClientAuthMethod.NONE, "http://127.0.0.2/cb", "httpdemo.example.app:/cb");
        assertThat(server.browser().get(authorize("client_id", "odd", "redirect_uri", "http://127.0.0.2/cb")).header("Content-Security-Policy"))
            .contains("http://127.0.0.1:* http://127.0.0.2:*;");
        assertThat(server.browser().get(authorize("client_id", "odd", "redirect_uri", "httpdemo.example.app:/cb")).header("Content-Security-Policy"))
            .contains("http://127.0.0.1:* httpdemo.example.app:;");
    }

    @Test
    void cookiesAreOutOfReach() {
        Browser browser = server.browser();
        Page login = browser.get(authorize());
        assertCookie(login);
        assertCookie(logIn(browser, login, "anna", "correct horse"));
        assertThat(browser.get(authorize()).header("Set-Cookie")).as("once").isNull();
    }

    private static void assertCookie(Page page) {
        assertThat(page.response().headers().allValues("Set-Cookie")).hasSize(1).first().asString()
            .containsIgnoringCase("; HttpOnly").contains("; SameSite=Lax", "; Path=/").doesNotContainIgnoringCase("Domain=");
    }

    @Test
    void assetsMayBeKeptForGoodAndOthersDoNotExist() {
        Browser browser = server.browser();
        String body = browser.get(authorize()).body();
        for (Matcher link = Pattern.compile("href=\"(/assets/[^\"]+)\"").matcher(body); link.find();) {
            Page asset = browser.get(link.group(1));
            assertThat(asset.status()).isEqualTo(200);
            assertThat(asset.header("Cache-Control")).contains("immutable");
        }
        assertThat(browser.get("/assets/..%2f..%2fdb/authz/V001__foundation.sql").status()).isEqualTo(404);
        assertThat(browser.get("/assets/gatehouse.css").status()).isEqualTo(404);
    }

    @Test
    void refusalOfAnOutOfBandRequestIsShownNotSent() {
        Browser browser = server.browser();
        Page consent = login(browser, authorize("redirect_uri", OUT_OF_BAND));
        Page denied = browser.send(consent, "decision", "deny");
        assertThat(denied.status()).isEqualTo(200);
        assertThat(denied.body()).contains("Access denied", "mark denied").doesNotContain("mark done");
        Page invalid = browser.get(authorize("redirect_uri", OUT_OF_BAND, "scope", "mcp:admin"));
        assertThat(invalid.status()).isEqualTo(400);
        assertThat(invalid.location()).isNull();
        assertThat(server.codes()).isZero();
    }

    @Test
    void tooManyRequestsOfOneSourceAreTurnedAwayForAWhile() {
        Browser browser = server.browser();
        for (int i = 0; i < 20; i++) {
            assertThat(browser.get(authorize()).status()).isEqualTo(200);
        }
        Page page = browser.get(authorize());
        assertThat(page.status()).isEqualTo(429);
        assertThat(page.header("Retry-After")).isEqualTo("3");
        assertGuarded(page);
        server.clock().advance(Duration.ofSeconds(3));
        assertThat(browser.get(authorize()).status()).isEqualTo(200);
    }

    @Test
    void formThatIsTooLargeIsRefused() {
        Browser browser = server.browser();
        Page form = browser.get(authorize());
        assertThat(logIn(browser, form, "anna", "x".repeat(30_000)).status()).isEqualTo(413);
        assertThat(logIn(browser, form, "anna", "correct horse").status()).isEqualTo(303);
    }
}
