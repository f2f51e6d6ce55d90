package dev.gatehouse.authz.account;

import static dev.gatehouse.authz.support.Requests.authorize;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.session.BrowserName;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.authz.support.FrontServer;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
final class AccountPageTest extends BrowserTest {

    @Test
    void sessionsAreShownWithBrowserAndAddressAndEndOneByOne() {
        Browser browser = loggedIn();
        Browser other = loggedIn();
        Page account = browser.get("/account");
        assertThat(account.body()).contains("This browser", "127.0.0.1", "Unknown browser");
        assertThat(account.document().select("button[value=endsession]")).hasSize(1);
        Page after = browser.follow(press(browser, account, "endsession"));
        assertThat(after.body()).contains("The session has ended.");
        assertThat(after.document().select("button[value=endsession]")).isEmpty();
        assertThat(other.get("/account").isLogin()).isTrue();
    }

    @Test
    void countryIsThatOfATrustedProxy() {
        server.restart(new JsonObject().put("session", new JsonObject().put("countryHeader", "CF-IPCountry")));
        assertThat(place("CF-IPCountry", "DE")).as("no trusted proxy").isEqualTo("127.0.0.1 (the machine of the server)");
        server.restart(new JsonObject().put("trustedProxies", new JsonArray().add("127.0.0.1").add("::1")));
        assertThat(place("X-Forwarded-For", "203.0.113.9", "CF-IPCountry", "de")).isEqualTo("203.0.113.9 (Germany)");
        assertThat(place("X-Forwarded-For", "203.0.113.9", "CF-IPCountry", "XX")).as("unknown").isEqualTo("203.0.113.9");
        assertThat(place("X-Forwarded-For", "203.0.113.9", "CF-IPCountry", "<b>")).isEqualTo("203.0.113.9");
        assertThat(place("X-Forwarded-For", "203.0.113.9", "X-Country", "DE")).as("another header").isEqualTo("203.0.113.9");
    }

    /** The place of a new session of a login with these headers. */
    private String place(String... headers) {
        Browser browser = server.browser();
        Page form = browser.get("/account");
        Map<String, String> fields = form.fields();
        fields.putAll(Map.of("username", "anna", "password", "correct horse"));
        String text = browser.follow(browser.post("/account", fields, headers)).document().select("h3:has(.tag) + p").text();
        return text.replaceAll(" · .*", "");
    }

    @Test
    void noUserEndsTheSessionOfAnother() {
        Browser annas = loggedIn();
        String session = server.rows("SELECT session_hash FROM browser_session").get(0).text("session_hash");
        Browser bobs = server.browser();
        Page account = bobs.follow(logIn(bobs, bobs.get("/account"), "bob", "battery staple"));
        Map<String, String> fields = account.fields();
        fields.putAll(Map.of("act", "endsession", "session", session));
        assertThat(bobs.post("/account", fields, "Sec-Fetch-Site", "same-origin").status()).isEqualTo(303);
        assertThat(annas.get("/account").isLogin()).isFalse();
    }

    @Test
    void logoutEverywhereEndsSessionsAndOnRequestTheAccessOfApplications() {
        JsonObject tokens = tokens(server.browser(), "mcp:read mcp:write");
        Browser browser = loggedIn();
        Browser other = loggedIn();
        assertThat(browser.follow(press(browser, browser.get("/account"), "everywhere")).isLogin()).isTrue();
        assertThat(other.get("/account").isLogin()).isTrue();
        assertThat(server.running().isActive(tokens.getString("access_token"))).as("applications stay").isTrue();
        Browser again = loggedIn();
        assertThat(again.follow(press(again, again.get("/account"), "everywhere", "grants", "yes")).isLogin()).isTrue();
        assertThat(server.running().isActive(tokens.getString("access_token"))).isFalse();
        refresh(tokens).requireError(400, "invalid_grant");
    }

    @Test
    void narrowedApplicationHasFewerScopesFromItsNextRefresh() {
        Browser browser = server.browser();
        JsonObject tokens = tokens(browser, "mcp:read mcp:write");
        Page account = browser.get("/account");
        assertThat(account.body()).contains("last used");
        Page after = browser.follow(press(browser, account, "narrow", "scope", "mcp:read"));
        assertThat(after.body()).contains("keeps the chosen permissions").doesNotContain("Change your data");
        JsonObject next = refresh(tokens).requireOk().json();
        assertThat(next.getString("scope")).isEqualTo("mcp:read");
        Map<String, String> fields = after.fields();
        fields.putAll(Map.of("act", "narrow", "scope", "mcp:read\nmcp:write"));
        browser.post("/account", fields, "Sec-Fetch-Site", "same-origin");
        assertThat(refresh(next).requireOk().json().getString("scope")).as("never more").isEqualTo("mcp:read");
    }

    @Test
    void anApplicationKeepsAtLeastOneScopeAndAnotherUsersApplicationIsUntouched() {
        Browser browser = server.browser();
        JsonObject tokens = tokens(browser, "mcp:read mcp:write");
        Page refused = press(browser, browser.get("/account"), "narrow", "scope", null);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body()).contains("Keep at least one permission");
        Browser bobs = server.browser();
        Map<String, String> fields = bobs.follow(logIn(bobs, bobs.get("/account"), "bob", "battery staple")).fields();
        fields.putAll(Map.of("act", "narrow", "scope", "mcp:read", "client", "refreshing", "redirect", FrontServer.CALLBACK));
        bobs.post("/account", fields, "Sec-Fetch-Site", "same-origin");
        assertThat(refresh(tokens).requireOk().json().getString("scope")).isEqualTo("mcp:read mcp:write");
    }

    @Test
    void theOnlyWayToSignInStaysLinked() {
        Browser browser = loggedIn();
        link("anna");
        Page account = browser.get("/account");
        assertThat(account.body()).contains("https://issuer.example");
        assertThat(press(browser, account, "unlink", "current", "wrong").status()).isEqualTo(422);
        assertThat(server.rows("SELECT * FROM external_identity")).hasSize(1);
        assertThat(browser.follow(press(browser, account, "unlink", "current", "correct horse")).body()).contains("no longer linked");
        assertThat(server.rows("SELECT * FROM external_identity")).isEmpty();
        link("anna");
        Page before = browser.get("/account");
        Waiting.on(server.running().database().write(statements -> statements.update("UPDATE user_account SET password_hash = '$none' WHERE username = 'anna'")));
        assertThat(browser.get("/account").document().select("button[value=unlink]")).isEmpty();
        assertThat(press(browser, before, "unlink", "current", "correct horse").body()).contains("your only way to sign in");
        assertThat(server.rows("SELECT * FROM external_identity")).hasSize(1);
    }

    @Test
    void introspectionAndIdTokenTellTheTimeAndTheMethodOfTheLogin() {
        JsonObject tokens = tokens(server.browser(), "openid mcp:read");
        long loggedInAt = server.rows("SELECT authenticated_at FROM browser_session").get(0).number("authenticated_at") / 1000;
        JsonObject introspected = server.running().post("/oauth/introspect", "token", tokens.getString("access_token")).requireOk().json();
        JsonObject idToken = new JsonObject(new String(Base64.getUrlDecoder().decode(tokens.getString("id_token").split("\\.")[1]), UTF_8));
        for (JsonObject told : List.of(introspected, idToken)) {
            assertThat(told.getLong("auth_time")).isEqualTo(loggedInAt);
            assertThat(told.getString("acr")).isEqualTo("1");
            assertThat(told.getJsonArray("amr")).containsExactly("pwd");
        }
        JsonObject own = server.running().post("/oauth/introspect", "token", server.running().post("/oauth/token", "grant_type", "refresh_token",
            "client_id", "refreshing", "refresh_token", tokens.getString("refresh_token")).requireOk().json().getString("access_token")).requireOk().json();
        assertThat(own.getLong("auth_time")).as("a refresh is no login").isEqualTo(loggedInAt);
    }

    @Test
    void aGrantKeepsTheMethodsOfItsOwnLogin() {
        Browser browser = server.browser();
        server.running().add(new Client("tv", "TV", List.of(), Set.of(ClientAuthMethod.NONE), List.of(), Set.of("urn:ietf:params:oauth:grant-type:device_code"),
            Scopes.of("mcp:read"), List.of(), server.clock().millis()));
        JsonObject device = server.running().post("/oauth/device_authorization", "client_id", "tv", "scope", "mcp:read").requireOk().json();
        Page asked = browser.get(device.getString("verification_uri_complete"));
        Page shown = browser.follow(logIn(browser, asked, "anna", "correct horse"));
        // Another login of the same user at the same millisecond, by other methods.
        Waiting.on(server.running().database().write(statements -> statements.update("INSERT INTO browser_session (session_hash, sub, authenticated_at,"
            + " seen_at, expires_at, methods) SELECT 'other', sub, authenticated_at, seen_at, expires_at, 'zzz' FROM browser_session")));
        assertThat(browser.send(shown, "decision", "approve").body()).contains("Device connected");
        Waiting.on(server.running().database().write(statements -> statements.update("DELETE FROM browser_session")));
        server.clock().advance(Duration.ofSeconds(10));
        JsonObject tokens = server.running().post("/oauth/token", "grant_type", "urn:ietf:params:oauth:grant-type:device_code", "client_id", "tv",
            "device_code", device.getString("device_code")).requireOk().json();
        JsonObject told = server.running().post("/oauth/introspect", "token", tokens.getString("access_token")).requireOk().json();
        assertThat(told.getJsonArray("amr")).containsExactly("pwd");
        assertThat(told.getLong("auth_time")).isEqualTo(server.clock().millis() / 1000 - 10);
    }

    @Test
    void browserIsNamedFromWhatItSays() {
        assertThat(BrowserName.of("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")).isEqualTo("Firefox on Linux");
        assertThat(BrowserName.of("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0"))
            .isEqualTo("Edge on Windows");
        assertThat(BrowserName.of("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"))
            .isEqualTo("Safari on iPhone");
        assertThat(BrowserName.of("<script>alert(1)</script>")).isEqualTo("Unknown browser");
        assertThat(BrowserName.of(null)).isEqualTo("Unknown browser");
    }

    private void link(String username) {
        Waiting.on(server.running().database().write(statements -> statements.update(
            "INSERT INTO external_identity (issuer, tenant, subject, sub, created_at) VALUES ('https://issuer.example', '', 'u-1', $1, 1)", "usr_" + username)));
    }

    /** Presses a button in its own form. A null value removes a field. */
    private static Page press(Browser browser, Page page, String act, String... changes) {
        Element button = page.document().selectFirst("button[value=" + act + "]");
        Element form = button.hasAttr("form") ? page.document().getElementById(button.attr("form")) : button.closest("form");
        Map<String, String> fields = new LinkedHashMap<>();
        form.select("input[name]").stream().filter(input -> !input.attr("type").equals("checkbox"))
            .forEach(input -> fields.put(input.attr("name"), input.attr("value")));
        fields.put("act", act);
        for (int i = 0; i < changes.length; i += 2) {
            if (changes[i + 1] != null) {
                fields.put(changes[i], changes[i + 1]);
            }
        }
        return browser.post("/account", fields, "Sec-Fetch-Site", "same-origin");
    }

    private JsonObject tokens(Browser browser, String scopes) {
        server.running().add(new Client("refreshing", "App", List.of(), Set.of(ClientAuthMethod.NONE), List.of("http://127.0.0.1/callback"),
            Set.of("authorization_code", "refresh_token"), Scopes.of("openid", "mcp:read", "mcp:write"), List.of(), server.clock().millis()));
        String verifier = SecretToken.generate("");
        String code = approve(browser, login(browser, authorize("client_id", "refreshing", "scope", scopes, "code_challenge", SecretToken.hash(verifier))))
            .answer().get("code");
        server.clock().advance(Duration.ofSeconds(1));
        return server.running().post("/oauth/token", "grant_type", "authorization_code", "code", code, "client_id", "refreshing",
            "code_verifier", verifier).requireOk().json();
    }

    private Answer refresh(JsonObject tokens) {
        return server.running().post("/oauth/token", "grant_type", "refresh_token", "client_id", "refreshing",
            "refresh_token", tokens.getString("refresh_token"));
    }
}
