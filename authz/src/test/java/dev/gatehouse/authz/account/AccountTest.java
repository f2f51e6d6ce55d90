package dev.gatehouse.authz.account;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.FrontServer;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.util.Map;

final class AccountTest extends BrowserTest {

    @Test
    void ownersSeeWhatTheyGaveAndEndingItKillsTheTokensAtOnce() {
        Browser browser = server.browser();
        String token = token(browser);
        assertThat(server.running().isActive(token)).isTrue();
        Page account = browser.get("/account");
        assertThat(account.body()).contains("The &lt;b&gt;public&lt;/b&gt; app", "Read your data, Change your data", "127.0.0.1:41100");
        Page after = browser.follow(act(browser, account, "end"));
        assertThat(after.body()).contains("None.").doesNotContain("End access");
        assertThat(server.running().isActive(token)).isFalse();
        assertThat(server.rows("SELECT * FROM consent")).isEmpty();
    }

    @Test
    void applicationThatCalledFromSeveralLoopbackPortsIsOneAndEndsOnAll() {
        Browser browser = server.browser();
        String first = token(browser);
        String second = anotherToken(browser, FrontServer.CALLBACK.replace("41100", "41101"));
        Page account = browser.get("/account");
        assertThat(account.body().split("name=\"redirect\"", -1)).as("one form").hasSize(2);
        assertThat(browser.follow(act(browser, account, "end")).body()).contains("None.");
        assertThat(server.running().isActive(first)).isFalse();
        assertThat(server.running().isActive(second)).isFalse();
    }

    @Test
    void peopleSeeAndEndOnlyTheirOwn() {
        Browser annas = server.browser();
        String token = token(annas);
        Browser bobs = server.browser();
        Page account = bobs.follow(logIn(bobs, bobs.get("/account"), "bob", "battery staple"));
        assertThat(account.body()).contains("Signed in as <strong>bob</strong>", "None.");
        Map<String, String> fields = account.fields();
        fields.putAll(Map.of("act", "end", "client", "public", "redirect", FrontServer.CALLBACK));
        assertThat(bobs.post("/account", fields, "Sec-Fetch-Site", "same-origin").status()).isEqualTo(303);
        assertThat(server.running().isActive(token)).isTrue();
    }

    @Test
    void endedConsentIsAskedForAgain() {
        Browser browser = server.browser();
        approve(browser, login(browser, authorize()));
        assertThat(browser.get(authorize()).answer()).containsKey("code");
        act(browser, browser.get("/account"), "end");
        assertThat(browser.get(authorize()).isConsent()).isTrue();
    }

    @Test
    void aRememberedConsentWithoutAccessIsShownAndCanBeEnded() {
        Browser browser = server.browser();
        approve(browser, login(browser, authorize()));
        Waiting.on(server.running().database().write(statements -> statements.update("DELETE FROM authorization_grant")));
        Page account = browser.get("/account");
        assertThat(account.body()).contains("The &lt;b&gt;confidential&lt;/b&gt; app", "can get access again without asking you");
        assertThat(browser.follow(act(browser, account, "end")).body()).contains("None.");
        assertThat(browser.get(authorize()).isConsent()).isTrue();
    }

    @Test
    void endingAccessForgetsTheOtherBrowsersOfThePerson() {
        Browser other = loggedIn();
        Browser browser = loggedIn();
        login(browser(), "/account", "bob", "battery staple");
        assertThat(server.rows("SELECT * FROM known_browser")).hasSize(3);
        act(browser, browser.get("/account"), "end");
        assertThat(server.rows("SELECT sub, browser_hash FROM known_browser").stream().map(row -> row.text("sub"))).containsExactlyInAnyOrder("usr_anna", "usr_bob");
        assertThat(server.rows("SELECT browser_hash FROM known_browser WHERE sub = 'usr_anna'").get(0).text("browser_hash"))
            .isEqualTo(SecretToken.hash(browserCookie(browser))).isNotEqualTo(SecretToken.hash(browserCookie(other)));
    }

    @Test
    void aPasswordThatAnAdministratorChangesEndsConsentsAndKnownBrowsers() {
        Browser browser = server.browser();
        approve(browser, login(browser, authorize()));
        login(browser(), "/account", "bob", "battery staple");
        String hash = server.rows("SELECT password_hash FROM user_account WHERE username = 'anna'").get(0).text("password_hash");
        assertThat(Waiting.on(server.running().users().changePassword("anna", hash, server.clock().millis()))).isTrue();
        assertThat(server.rows("SELECT * FROM consent")).isEmpty();
        assertThat(server.rows("SELECT sub FROM known_browser").stream().map(row -> row.text("sub"))).containsExactly("usr_bob");
        assertThat(login(browser, authorize()).isConsent()).as("asked again").isTrue();
    }

    @Test
    void aClientThatIsDeletedAndAddedAgainAsksAnew() {
        Browser browser = server.browser();
        approve(browser, login(browser, authorize()));
        Client client = Waiting.on(server.running().clients().find("confidential")).orElseThrow();
        assertThat(Waiting.on(server.running().clients().delete("confidential", server.clock().millis()))).isTrue();
        assertThat(browser.get("/account").body()).contains("None.");
        server.running().add(client);
        Eventually.holds(() -> browser.get(authorize()).isConsent());
    }

    private Browser browser() {
        return server.browser();
    }

    private static void login(Browser browser, String url, String username, String password) {
        assertThat(logIn(browser, browser.get(url), username, password).status()).isEqualTo(303);
    }

    private static String browserCookie(Browser browser) {
        return browser.cookies().entrySet().stream().filter(cookie -> cookie.getKey().contains("browser")).findFirst().orElseThrow().getValue();
    }

    @Test
    void logoutKillsTheSessionOnTheServer() {
        Browser browser = loggedIn();
        Browser copy = server.browser();
        copy.cookies().putAll(browser.cookies());
        assertThat(browser.follow(act(browser, browser.get("/account"), "logout")).isLogin()).isTrue();
        assertThat(copy.get(authorize()).isLogin()).isTrue();
        assertThat(server.rows("SELECT * FROM browser_session")).isEmpty();
    }

    @Test
    void formsWithoutTheirTokenOrFromAnotherSiteAreRefused() {
        Browser browser = loggedIn();
        Page account = browser.get("/account");
        assertThat(browser.send(account, "act", "end", "csrf", null).status()).isEqualTo(403);
        assertThat(browser.send(account, "act", "logout", "csrf", "x".repeat(43)).status()).isEqualTo(403);
        Map<String, String> fields = account.fields();
        fields.put("act", "logout");
        assertThat(browser.post("/account", fields, "Sec-Fetch-Site", "cross-site").status()).isEqualTo(403);
        assertThat(browser.get("/account").isLogin()).isFalse();
    }

    @Test
    void wrongPasswordIsRefusedHereToo() {
        Browser browser = server.browser();
        Page form = browser.get("/account");
        assertThat(logIn(browser, form, "anna", "wrong").status()).isEqualTo(422);
        assertThat(logIn(browser, form, "anna", "correct horse").status()).isEqualTo(303);
    }

    @Test
    void codeAndRefreshTokenOfAConsentThatWasEndedYieldNothing() {
        server.running().add(Clients.publicClient("refreshing"));
        Browser browser = server.browser();
        String verifier = SecretToken.generate("");
        String request = authorize("client_id", "refreshing", "code_challenge", SecretToken.hash(verifier));
        String code = approve(browser, login(browser, request)).answer().get("code");
        act(browser, browser.get("/account"), "end");
        redeem(code, verifier).requireError(400, "invalid_grant");
        JsonObject tokens = redeem(approve(browser, browser.get(request)).answer().get("code"), verifier).requireOk().json();
        JsonObject next = refresh(tokens).requireOk().json();
        act(browser, browser.get("/account"), "end");
        refresh(next).requireError(400, "invalid_grant");
        assertThat(server.running().isActive(next.getString("access_token"))).isFalse();
    }

    private Answer redeem(String code, String verifier) {
        return server.running().post("/oauth/token", "grant_type", "authorization_code", "code", code, "client_id", "refreshing",
            "code_verifier", verifier);
    }

    private Answer refresh(JsonObject tokens) {
        return server.running().post("/oauth/token", "grant_type", "refresh_token", "client_id", "refreshing",
            "refresh_token", tokens.getString("refresh_token"));
    }

    private static Page act(Browser browser, Page account, String act) {
        return browser.send(account, "act", act);
    }

    private String token(Browser browser) {
        String verifier = SecretToken.generate("");
        return redeemPublic(approve(browser, login(browser, publicRequest(verifier, FrontServer.CALLBACK))), verifier);
    }

    private String anotherToken(Browser browser, String redirectUri) {
        String verifier = SecretToken.generate("");
        return redeemPublic(approve(browser, browser.get(publicRequest(verifier, redirectUri))), verifier);
    }

    private static String publicRequest(String verifier, String redirectUri) {
        return authorize("client_id", "public", "redirect_uri", redirectUri, "code_challenge", SecretToken.hash(verifier));
    }

    private String redeemPublic(Page callback, String verifier) {
        return server.running().post("/oauth/token", "grant_type", "authorization_code", "code", callback.answer().get("code"), "client_id", "public",
            "code_verifier", verifier).requireOk().json().getString("access_token");
    }
}
