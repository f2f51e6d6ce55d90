package dev.gatehouse.authz.authorize;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.authz.support.FrontServer;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.authz.support.Requests;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Locale;

/** The checks of the authorization request: RFC 6749 §4.1.1 and §4.1.2.1, RFC 7636, RFC 8707, RFC 9207, OpenID Connect Core §3.1.2. */
@Order(1)
final class AuthorizationRequestTest extends BrowserTest {

    @ParameterizedTest
    @CsvSource(nullValues = "absent", value = {"client_id, absent", "client_id, nobody", "client_id, <script>alert(1)</script>",
        "redirect_uri, absent", "redirect_uri, https://evil.test/", "redirect_uri, http://127.0.0.1:41100/callback#x",
        "redirect_uri, http://127.0.0.1:41100/other", "redirect_uri, javascript:alert(1)"})
    void untrustedClientOrRedirectIsAPageAndNeverARedirect(String name, String value) {
        Page page = server.browser().get(authorize(name, value));
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.location()).isNull();
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.body()).doesNotContain("<script>alert").contains("Request <code>");
        assertThat(server.rows("SELECT * FROM interaction")).isEmpty();
        assertThat(server.browser().get(authorize()).isLogin()).isTrue();
    }

    /** A client that the server has removed can register again before it opens a browser. */
    @ParameterizedTest
    @CsvSource({"client_id, nobody, invalid_client", "redirect_uri, https://evil.test/, invalid_request"})
    void programThatTakesNoPageIsToldOfAnUntrustedClientOrRedirectInJson(String name, String value, String error) {
        Page told = server.browser().get(authorize(name, value), "Accept", "application/json");
        assertThat(told.status()).isEqualTo(400);
        assertThat(told.location()).isNull();
        assertThat(told.header("Content-Type")).startsWith("application/json");
        assertThat(told.header("Cache-Control")).isEqualTo("no-store");
        assertThat(told.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(new JsonObject(told.body()).getString("error")).isEqualTo(error);
        assertThat(server.rows("SELECT * FROM interaction")).isEmpty();
        assertThat(server.browser().get(authorize(), "Accept", "application/json").isLogin()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json, text/html", "*/*", "nonsense"})
    void browserIsShownAPage(String accept) {
        Page page = server.browser().get(authorize("client_id", "nobody"), "Accept", accept);
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.header("Content-Type")).startsWith("text/html");
    }

    /** Nothing is stored of it; the client hears of it by its own state. */
    @Test
    void stateNonceAndHintThatAreTooLongAreRefused() {
        for (String[] tooLong : new String[][] {{"state", "s".repeat(4_097)}, {"nonce", "n".repeat(1_025)}, {"login_hint", "l".repeat(513)}}) {
            Page page = server.browser().get(authorize(tooLong));
            assertThat(page.location()).as(tooLong[0]).contains("error=invalid_request");
        }
        assertThat(server.rows("SELECT * FROM interaction")).isEmpty();
        assertThat(server.browser().get(authorize("state", "s".repeat(4_096), "nonce", "n".repeat(1_024))).isLogin()).isTrue();
    }

    @Test
    void moreThanTenResourcesAreRefused() {
        String many = authorize() + "&resource=http%3A%2F%2Flocalhost%3A8001%2Fmcp".repeat(11);
        assertThat(server.browser().get(many).location()).contains("error=invalid_target");
        assertThat(server.rows("SELECT * FROM interaction")).isEmpty();
        assertThat(server.browser().get(authorize() + "&resource=http%3A%2F%2Flocalhost%3A8001%2Fmcp".repeat(8)).isLogin()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_id=confidential", "redirect_uri=http%3A%2F%2F127.0.0.1%3A41100%2Fcallback"})
    void clientOrRedirectSentTwiceIsAPage(String again) {
        Page page = server.browser().get(authorize() + "&" + again);
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.location()).isNull();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "absent", value = {"response_type, absent, invalid_request",
        "response_type, token, unsupported_response_type", "response_type, code token, unsupported_response_type",
        "response_mode, fragment, invalid_request", "code_challenge, absent, invalid_request",
        "code_challenge, 'a b', invalid_request", "code_challenge_method, absent, invalid_request",
        "code_challenge_method, plain, invalid_request", "code_challenge_method, s256, invalid_request",
        "scope, mcp:admin, invalid_scope", "scope, '\"', invalid_scope", "resource, https://evil.test/mcp, invalid_target",
        "resource, http://localhost:8001/mcp#x, invalid_target", "resource, mcp, invalid_target",
        "request, e30.e30., request_not_supported", "request_uri, https://evil.test/r, request_uri_not_supported",
        "prompt, none login, invalid_request", "prompt, dance, invalid_request", "max_age, -1, invalid_request",
        "prompt, none, login_required"})
    void faultReturnsToTheClient(String name, String value, String error) {
        Page page = server.browser().get(authorize(name, value));
        assertThat(page.status()).isEqualTo(303);
        assertThat(page.location()).startsWith(FrontServer.CALLBACK + "?error=" + error + "&");
        assertThat(page.answer()).containsEntry("state", "xyz").containsEntry("iss", server.issuer()).doesNotContainKey("code");
        assertThat(server.rows("SELECT * FROM interaction")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"scope=mcp%3Aread", "response_type=code", "code_challenge=abc", "code_challenge_method=S256", "prompt=login"})
    void otherParameterSentTwiceReturnsToTheClient(String again) {
        Page page = server.browser().get(authorize("prompt", "login") + "&" + again);
        assertThat(page.answer()).containsEntry("error", "invalid_request").containsEntry("state", "xyz");
    }

    @Test
    void stateSentTwiceIsNotGivenBack() {
        assertThat(server.browser().get(authorize() + "&state=abc").answer())
            .containsEntry("error", "invalid_request").doesNotContainKey("state");
    }

    @Test
    void repeatedResourceAndUnknownAndEmptyParametersAreFine() {
        Page page = server.browser().get(authorize("resource", "http://localhost:8001/mcp", "foo", "bar", "prompt", "", "max_age", "")
            + "&resource=http%3A%2F%2Flocalhost%3A8002%2Fmcp");
        assertThat(page.isLogin()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8001/messages", "http://localhost:8001/MCP", "http://localhost:8001/mcp?x=1", "https://localhost:8001/mcp",
        "http://localhost:8001//mcp", "http://localhost:8001/./mcp", "http://localhost:8001/%6dcp", "http://localhost:8001/mcp//",
        "http://127.0.0.1:8001/SSE", "http://localhost:8001/?x"})
    void aResourceThatIsMisspelledIsRefusedBeforeTheLogin(String resource) {
        assertThat(server.browser().get(authorize("resource", resource)).answer()).containsEntry("error", "invalid_target");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:8001/mcp", "http://localhost:8001", "http://localhost:8001/", "http://[::1]:8001/mcp/",
        "HTTP://LOCALHOST:8001/mcp", "http://127.0.0.1:8001/sse", "http://localhost:8001/sse/", "http://localhost:8001/other", "http://localhost:8002/messages"})
    void aNameOfTheMcpServerOrOfAnotherOneOnThisMachineIsTaken(String resource) {
        assertThat(server.browser().get(authorize("resource", resource)).isLogin()).isTrue();
    }

    @Test
    void oneForeignResourceAmongSeveralRefusesAll() {
        assertThat(server.browser().get(authorize("resource", "http://localhost:8001/mcp") + "&resource=https%3A%2F%2Fevil.test").answer())
            .containsEntry("error", "invalid_target");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%+ &=?#\"'<>\\äöü€😀", " leading and trailing ", "a%20b"})
    void stateComesBackByteForByte(String state) {
        assertThat(server.browser().get(authorize("state", state, "response_type", "token")).answer()).containsEntry("state", state);
        Browser browser = server.browser();
        assertThat(approve(browser, login(browser, authorize("state", state))).answer()).containsEntry("state", state).containsKey("code");
    }

    @Test
    void longStateComesBackWholeAndAbsentStateNotAtAll() {
        Browser browser = server.browser();
        String state = "s%+".repeat(700);
        assertThat(approve(browser, login(browser, authorize("state", state))).answer()).containsEntry("state", state);
        assertThat(server.browser().get(authorize("state", null, "response_type", "token")).answer()).doesNotContainKey("state");
    }

    @Test
    void registeredQueryIsKept() {
        Browser browser = server.browser();
        Page answer = approve(browser, login(browser, authorize("redirect_uri", FrontServer.WEB_CALLBACK)));
        assertThat(answer.location()).startsWith(FrontServer.WEB_CALLBACK + "&code=");
        assertThat(answer.answer()).containsEntry("tenant", "a b").containsEntry("iss", server.issuer()).hasSize(4);
    }

    @Test
    void onlyRegisteredRedirectNeedNotBeSent() {
        server.addClient("single", ClientAuthMethod.NONE, "http://127.0.0.1/callback");
        Browser browser = server.browser();
        Page answer = approve(browser, login(browser, authorize("client_id", "single", "redirect_uri", null)));
        assertThat(answer.location()).startsWith("http://127.0.0.1/callback?code=");
    }

    @Test
    void formIsTakenLikeAQuery() {
        Browser browser = server.browser();
        Page redirect = browser.post("/oauth/authorize", Requests.query(authorize("state", "a b&c")), "Sec-Fetch-Site", "cross-site");
        assertThat(redirect.status()).isEqualTo(303);
        Page consent = browser.follow(logIn(browser, browser.follow(redirect), "anna", "correct horse"));
        assertThat(approve(browser, consent).answer()).containsEntry("state", "a b&c");
    }

    @Test
    void otherMethodsAndOriginsGetNothing() {
        Page page = server.browser().get(authorize(), "Origin", "https://app.example.com");
        assertThat(page.isLogin()).isTrue();
        assertThat(page.response().headers().map().keySet()).noneMatch(name -> name.toLowerCase(Locale.ROOT).startsWith("access-control"));
    }

    @Test
    void guidesOwnLineShowsTheLoginForm() {
        Page page = server.browser().get("/oauth/authorize?client_id=mcp-test-client&redirect_uri=http://localhost:3000/callback"
            + "&response_type=code&scope=mcp:read&code_challenge=test&code_challenge_method=S256");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.isLogin()).isTrue();
    }
}
