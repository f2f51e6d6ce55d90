package dev.gatehouse.authz.account;

import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.authz.user.ExternalIdentityStore;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** Forms of the account that come from elsewhere, and forms about the objects of another user. */
final class AccountForgeryTest extends BrowserTest {

    private static final ExternalIdentity IDENTITY = new ExternalIdentity("https://idp.example", "", "anna-there");

    @Override
    protected JsonObject configuration() {
        return new JsonObject().put("mail", new JsonObject().put("host", "localhost").put("port", Ports.free()).put("security", "none").put("from", "gatehouse@example.com"));
    }

    private List<String> state() {
        return List.of("browser_session WHERE sub = 'usr_anna'", "authorization_grant WHERE revoked_at IS NULL AND sub = 'usr_anna'", "consent WHERE sub = 'usr_anna'", "external_identity",
            "known_browser WHERE sub = 'usr_anna'").stream().map(table -> table + server.rows("SELECT COUNT(*) AS n FROM " + table).get(0).number("n")).toList();
    }

    private Map<String, String> fields(Page account, String act) {
        Map<String, String> fields = account.fields();
        fields.putAll(Map.of("act", act, "client", "confidential", "redirect", "http://127.0.0.1:41100/callback", "scope", "mcp:read", "issuer", IDENTITY.issuer(), "subject", IDENTITY.subject(),
            "session", server.rows("SELECT session_hash FROM browser_session WHERE sub = 'usr_anna'").get(0).text("session_hash"), "grants", "yes", "current", "correct horse", "provider", "none"));
        return fields;
    }

    private Browser anna() {
        Browser browser = loggedIn();
        assertThat(Waiting.on(new ExternalIdentityStore(server.running().database()).link(IDENTITY, "anna", 1))).isTrue();
        return browser;
    }

    private Browser bob() {
        Browser browser = server.browser();
        logIn(browser, browser.get("/account"), "bob", "battery staple");
        return browser;
    }

    @ParameterizedTest
    @ValueSource(strings = {"end", "narrow", "endsession", "everywhere", "unlink", "link", "logout"})
    void noFormOfTheAccountIsForged(String act) {
        Browser browser = anna();
        Page account = browser.get("/account");
        Page foreign = bob().get("/account");
        List<String> before = state();
        Map<String, String> fields = fields(account, act);
        assertThat(browser.post("/account", fields, "Sec-Fetch-Site", "cross-site").status()).isEqualTo(403);
        assertThat(browser.post("/account", fields, "Sec-Fetch-Site", "same-site").status()).isEqualTo(403);
        assertThat(browser.post("/account", fields, "Origin", "https://evil.example").status()).isEqualTo(403);
        assertThat(browser.post("/account", fields, "Origin", "null").status()).isEqualTo(403);
        fields.put("csrf", foreign.fields().get("csrf"));
        assertThat(browser.post("/account", fields, "Sec-Fetch-Site", "same-origin").status()).isEqualTo(403);
        fields.remove("csrf");
        assertThat(browser.post("/account", fields, "Sec-Fetch-Site", "same-origin").status()).isEqualTo(403);
        assertThat(server.browser().post("/account", fields(account, act), "Sec-Fetch-Site", "same-origin").status()).isEqualTo(403);
        assertThat(state()).isEqualTo(before);
    }

    /** The pages of the account that change how the user signs in. */
    @ParameterizedTest
    @ValueSource(strings = {"password", "factor", "passkeys", "email"})
    void noFormOfAPageOfTheAccountIsForged(String name) {
        Browser browser = anna();
        String path = "/account/" + name;
        Page foreign = bob().get(path);
        List<String> before = wayIn();
        Map<String, String> fields = browser.get(path).fields();
        fields.putAll(Map.of("current", "correct horse", "new", "purple monkey dishwasher", "repeated", "purple monkey dishwasher", "email", "evil@example.com", "act", "codes", "remove", "x",
            "passkey", "{}", "code", "123456"));
        String own = fields.get("csrf");
        assertThat(own).isNotBlank();
        assertThat(browser.post(path, fields, "Sec-Fetch-Site", "cross-site").status()).isEqualTo(403);
        assertThat(browser.post(path, fields, "Sec-Fetch-Site", "same-site").status()).isEqualTo(403);
        assertThat(browser.post(path, fields, "Origin", "https://evil.example").status()).isEqualTo(403);
        assertThat(browser.post(path, fields, "Origin", "null").status()).isEqualTo(403);
        fields.put("csrf", foreign.fields().get("csrf"));
        assertThat(browser.post(path, fields, "Sec-Fetch-Site", "same-origin").status()).isEqualTo(403);
        fields.remove("csrf");
        assertThat(browser.post(path, fields, "Sec-Fetch-Site", "same-origin").status()).isEqualTo(403);
        fields.put("csrf", own);
        assertThat(server.browser().post(path, fields, "Sec-Fetch-Site", "same-origin").status()).as("another browser").isIn(303, 403);
        assertThat(wayIn()).isEqualTo(before);
    }

    private List<String> wayIn() {
        return List.of(server.rows("SELECT password_hash FROM user_account WHERE sub = 'usr_anna'").get(0).text("password_hash"),
            server.rows("SELECT COUNT(*) AS n FROM totp_secret").get(0).number("n") + " apps", server.rows("SELECT COUNT(*) AS n FROM passkey").get(0).number("n") + " passkeys",
            server.rows("SELECT COUNT(*) AS n FROM recovery_code").get(0).number("n") + " codes", server.rows("SELECT COUNT(*) AS n FROM mail_token").get(0).number("n") + " links");
    }

    @ParameterizedTest
    @ValueSource(strings = {"end", "narrow", "endsession", "everywhere", "unlink"})
    void formReachesNoObjectOfAnotherUser(String act) {
        anna();
        Browser browser = bob();
        Page account = browser.get("/account");
        List<String> before = state();
        assertThat(browser.post("/account", fields(account, act), "Sec-Fetch-Site", "same-origin").status()).isIn(303, 422);
        assertThat(state()).isEqualTo(before);
    }
}
