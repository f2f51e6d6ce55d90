package dev.gatehouse.authz.interaction;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Browser;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.FrontServer;
import dev.gatehouse.authz.support.Page;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.util.Map;

final class AccountTest extends FrontTest {

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
    void logoutKillsTheSessionOnTheServer() {
        Browser browser = loggedIn();
        Browser copy = server.browser();
        copy.cookies.putAll(browser.cookies);
        assertThat(browser.follow(act(browser, browser.get("/account"), "logout")).isLogin()).isTrue();
        assertThat(copy.get(authorize()).isLogin()).isTrue();
        assertThat(server.rows("SELECT * FROM browser_session")).isEmpty();
    }

    @Test
    void formsWithoutTheirTokenOrFromAnotherSiteAreRefused() {
        Browser browser = loggedIn();
        Page account = browser.get("/account");
        assertThat(browser.submit(account, "act", "end", "csrf", null).status()).isEqualTo(403);
        assertThat(browser.submit(account, "act", "logout", "csrf", "x".repeat(43)).status()).isEqualTo(403);
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
        return browser.submit(account, "act", act);
    }

    private String token(Browser browser) {
        String verifier = SecretToken.generate("");
        Page consent = login(browser, authorize("client_id", "public", "code_challenge", SecretToken.hash(verifier)));
        String code = approve(browser, consent).answer().get("code");
        return server.running().post("/oauth/token", "grant_type", "authorization_code", "code", code, "client_id", "public",
            "code_verifier", verifier).requireOk().json().getString("access_token");
    }
}
