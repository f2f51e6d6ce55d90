package dev.gatehouse.authz.mail;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.mail.MailOptions.Security;
import dev.gatehouse.authz.support.Authenticator;
import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.authz.support.FrontServer;
import dev.gatehouse.authz.support.MailServer;
import dev.gatehouse.authz.support.MailServer.Received;
import dev.gatehouse.authz.support.SoftAuthenticator;
import dev.gatehouse.authz.user.ExternalIdentityStore;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Mails of the account pages, received by a real SMTP server. */
final class AccountMailTest extends BrowserTest {

    private static final String PASSWORD = "correct horse";
    private static final String NEW = "purple monkey dishwasher";
    private MailServer mails;

    @Override
    protected JsonObject configuration() {
        mails = new MailServer();
        return new JsonObject().put("mail", mail(mails.port()));
    }

    private static JsonObject mail(int port) {
        return new JsonObject().put("host", "localhost").put("port", port).put("security", "none").put("from", "gatehouse@example.com");
    }

    @BeforeEach
    void addAddress() {
        run("UPDATE user_account SET email = 'anna@example.com' WHERE username = 'anna'");
    }

    @AfterEach
    void stopMails() {
        mails.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"anna", "ANNA@Example.com"})
    void forgottenPasswordIsReplacedByTheLinkOnce(String name) {
        Browser old = loggedIn();
        Browser browser = server.browser();
        assertThat(ask(browser, name).body()).contains("Look into your mailbox");
        Received mail = mails.await(1).get(0);
        assertThat(mail.to()).isEqualTo("anna@example.com");
        assertThat(mail.text()).contains("account anna", "within 30 minutes");
        Page form = browser.get(mail.link());
        assertThat(form.body()).contains("Set a new password");
        assertThat(browser.send(form, "new", NEW, "repeated", "another").status()).isEqualTo(422);
        assertThat(browser.send(form, "new", "password", "repeated", "password").body()).contains("is common");
        assertThat(browser.post("/account/reset", form.fields(), "Origin", "https://evil.test").status()).isEqualTo(403);
        assertThat(old.get(authorize()).isLogin()).as("nothing has changed").isFalse();
        assertThat(browser.send(form, "new", NEW, "repeated", NEW).body()).contains("Your password has changed");
        assertThat(old.get(authorize()).isLogin()).as("the sessions have ended").isTrue();
        assertThat(browser.get(mail.link()).status()).isEqualTo(400);
        assertThat(browser.send(form, "new", PASSWORD, "repeated", PASSWORD).status()).as("a used link").isEqualTo(400);
        assertThat(logIn(browser, browser.get(authorize()), "anna", PASSWORD).status()).isEqualTo(422);
        assertThat(browser.follow(logIn(browser, browser.get(authorize()), "anna", NEW)).isConsent()).isTrue();
        assertThat(mails.await(2).get(1).text()).contains("was changed by a link");
    }

    @Test
    void sessionsStayIfTheUserChoosesSo() {
        Browser other = loggedIn();
        Browser browser = server.browser();
        ask(browser, "anna");
        Page form = browser.get(mails.await(1).get(0).link());
        assertThat(browser.send(form, "new", NEW, "repeated", NEW, "others", null).status()).isEqualTo(200);
        assertThat(other.get(authorize()).isLogin()).isFalse();
    }

    @Test
    void answerIsTheSameForAllNamesAndOnlyAccountsWithAPasswordGetAMail() {
        run("UPDATE user_account SET email = 'bob@example.com', disabled = 1 WHERE username = 'bob'");
        Browser browser = server.browser();
        String known = shown(ask(browser, "anna"));
        mails.await(1);
        // alice has an address and no password.
        for (String name : List.of("nobody-knows", "unknown@example.com", "bob", "bob@example.com", "alice", "alice@example.com", "x".repeat(300), "a\r\nBcc: b@c.example")) {
            assertThat(shown(ask(browser, name))).as(name).isEqualTo(known);
        }
        assertThat(ask(browser, "anna").status()).isEqualTo(200);
        assertThat(mails.await(2)).as("only anna's").allMatch(mail -> mail.to().equals("anna@example.com"));
        assertThat(server.rows("SELECT DISTINCT sub FROM mail_token")).hasSize(1);
    }

    @Test
    void mailServerThatIsDownChangesNoAnswer() {
        String known = shown(ask(server.browser(), "anna"));
        server.restart(new JsonObject().put("mail", mail(Ports.free())));
        assertThat(shown(ask(server.browser(), "anna"))).isEqualTo(known);
        assertThat(login(server.browser(), authorize()).isConsent()).isTrue();
    }

    @Test
    void linkEndsWithItsTimeAndWithTheStateOfTheAccount() {
        Browser browser = server.browser();
        ask(browser, "anna");
        ask(browser, "anna");
        List<Received> both = mails.await(2);
        server.clock().advance(Duration.ofMinutes(29));
        Page form = browser.get(both.get(0).link());
        assertThat(form.status()).isEqualTo(200);
        Waiting.on(server.running().users().changePassword("anna", "$argon2id$other", server.clock().millis()));
        assertThat(browser.send(form, "new", NEW, "repeated", NEW).status()).as("another password").isEqualTo(400);
        assertThat(browser.get("/account/reset?token=" + "A".repeat(43)).status()).isEqualTo(400);
        ask(browser, "anna");
        String last = mails.await(3).get(2).link();
        server.clock().advance(Duration.ofMinutes(30));
        assertThat(browser.get(last).status()).as("too late").isEqualTo(400);
        assertThat(browser.get(last.replace("/reset", "/email")).status()).isNotEqualTo(200);
        assertThat(server.rows("SELECT password_hash FROM user_account WHERE username = 'anna'").get(0).text("password_hash")).isEqualTo("$argon2id$other");
    }

    @Test
    void userGetsThreeLinksWithinAnHour() {
        Browser browser = server.browser();
        for (int i = 0; i < 5; i++) {
            assertThat(ask(browser, "anna").status()).isEqualTo(200);
            mails.await(Math.min(i + 1, 3));
        }
        // The page comes before the search. The mail of another user shows that the last searches are over.
        run("UPDATE user_account SET email = 'bob@example.com' WHERE username = 'bob'");
        ask(browser, "bob");
        assertThat(mails.await(4).get(3).to()).isEqualTo("bob@example.com");
        server.clock().advance(Duration.ofMinutes(61));
        ask(browser, "anna");
        assertThat(mails.await(5)).hasSize(5);
    }

    @Test
    void newAddressCountsAfterItsConfirmation() {
        Browser browser = loggedIn();
        Page form = browser.get("/account/email");
        assertThat(form.body()).contains("anna@example.com");
        assertThat(browser.send(form, "email", "new@example.com", "current", "wrong").status()).isEqualTo(422);
        assertThat(browser.send(form, "email", "no address", "current", PASSWORD).status()).isEqualTo(422);
        assertThat(browser.send(form, "email", "new@example.com", "current", PASSWORD).status()).isEqualTo(303);
        Received mail = mails.await(1).get(0);
        assertThat(mail.to()).isEqualTo("new@example.com");
        assertThat(email()).isEqualTo("anna@example.com");
        Browser bobs = server.browser();
        bobs.follow(logIn(bobs, bobs.get("/account"), "bob", "battery staple"));
        assertThat(bobs.get(mail.link()).status()).as("another user").isEqualTo(400);
        assertThat(server.browser().get(mail.link()).status()).as("no session").isEqualTo(303);
        Page confirm = browser.get(mail.link());
        assertThat(confirm.body()).contains("new@example.com");
        assertThat(email()).as("opening the link changes nothing").isEqualTo("anna@example.com");
        assertThat(browser.follow(browser.send(confirm)).body()).contains("Your email address has changed.");
        assertThat(email()).isEqualTo("new@example.com");
        assertThat(mails.await(2).get(1).to()).as("a notice to the former address").isEqualTo("anna@example.com");
        assertThat(browser.send(confirm).status()).isEqualTo(400);
    }

    @Test
    void eachChangeOfTheWaysInIsNoticedAndARefusedOneIsNot() {
        Browser browser = loggedIn();
        Page form = browser.get("/account/password");
        assertThat(browser.send(form, "current", "wrong", "new", NEW, "repeated", NEW).status()).isEqualTo(422);
        assertThat(browser.send(form, "current", PASSWORD, "new", NEW, "repeated", NEW).status()).isEqualTo(303);
        assertThat(mails.await(1).get(0).text()).contains("Subject: Your password was changed", "account anna", "tell your administrator").doesNotContain(NEW, PASSWORD);
        Page enrolment = browser.get("/account/factor");
        Authenticator app = Authenticator.of(enrolment, server.clock());
        assertThat(browser.send(enrolment, "code", "000000", "current", NEW).status()).isEqualTo(422);
        Page codes = browser.send(enrolment, "code", app.code(), "current", NEW);
        assertThat(mails.await(2).get(1).text()).contains("An authenticator app was added");
        String code = codes.document().selectFirst(".recovery code").text();
        Browser other = server.browser();
        Page asked = other.follow(logIn(other, other.get("/account"), "anna", NEW));
        assertThat(other.send(asked, "code", code).status()).isEqualTo(303);
        assertThat(subjects(4)).contains("A recovery code was used", "A new sign-in to your account");
        assertThat(other.send(other.get("/account/factor"), "act", "codes", "current", NEW).status()).isEqualTo(200);
        assertThat(other.send(other.get("/account/factor"), "act", "remove", "current", NEW).status()).isEqualTo(303);
        assertThat(subjects(6)).contains("You have new recovery codes", "Your authenticator app was removed");
        Page passkeys = other.get("/account/passkeys");
        SoftAuthenticator key = new SoftAuthenticator(server.issuer());
        assertThat(other.send(passkeys, "passkey", key.create(passkeys), "current", NEW).status()).isEqualTo(200);
        assertThat(subjects(7)).contains("A passkey was added");
        Waiting.on(new ExternalIdentityStore(server.running().database()).link(new ExternalIdentity("https://issuer.example", "", "u-1"), "anna", 1));
        assertThat(unlink(other, "wrong").status()).isEqualTo(422);
        assertThat(unlink(other, NEW).status()).isEqualTo(303);
        assertThat(subjects(8)).contains("A sign-in service was unlinked from your account");
        assertThat(mails.received()).allMatch(mail -> mail.to().equals("anna@example.com"));
    }

    private static Page unlink(Browser browser, String password) {
        Map<String, String> fields = browser.get("/account").fields();
        fields.putAll(Map.of("act", "unlink", "issuer", "https://issuer.example", "subject", "u-1", "current", password));
        return browser.post("/account", fields, "Sec-Fetch-Site", "same-origin");
    }

    private List<String> subjects(int count) {
        return mails.await(count).stream().map(mail -> mail.text().replaceAll("(?s).*\\nSubject: ([^\\n]*)\\n.*", "$1")).toList();
    }

    @Test
    void loginInANewBrowserIsNoticedAndInAKnownOneNot() {
        Browser first = server.browser();
        login(first, authorize());
        login(server.browser(), authorize());
        Received notice = mails.await(1).get(0);
        assertThat(notice.to()).isEqualTo("anna@example.com");
        assertThat(notice.text()).contains("The account anna", "127.0.0.1");
        first.follow(logIn(first, first.get(authorize("prompt", "login")), "anna", PASSWORD));
        login(server.browser(), authorize());
        assertThat(mails.await(2)).as("neither the first login nor a known browser").hasSize(2);
    }

    @Test
    @DisabledIfEnvironmentVariable(named = "GATEHOUSE_TEST_STORE", matches = "postgresql", disabledReason = "opens the SQLite file")
    void neitherStoreNorAuditTrailHoldsALink() {
        Browser browser = server.browser();
        ask(browser, "anna");
        String link = mails.await(1).get(0).link();
        Page form = browser.get(link);
        browser.send(form, "new", NEW, "repeated", "another");
        assertThat(browser.send(form, "new", NEW, "repeated", NEW).status()).isEqualTo(200);
        Eventually.holds("the reset is in the audit trail", Duration.ofSeconds(20), () ->
            !server.rows("SELECT * FROM audit_event WHERE event = 'password_reset'").isEmpty());
        assertThat(server.dump()).isNotEmpty().doesNotContain(link.substring(link.indexOf('=') + 1), NEW);
    }

    @Test
    void withoutMailThereIsNoSuchPage() {
        assertThat(server.browser().get(authorize()).body()).contains("Forgot your password?");
        stop();
        server = new FrontServer(new JsonObject());
        Browser browser = server.browser();
        assertThat(browser.get(authorize()).body()).doesNotContain("Forgot your password?");
        assertThat(browser.get("/account/reset").status()).isEqualTo(404);
    }

    @Test
    void settingsAreChecked() {
        assertThat(new MailOptions(null, 587, Security.STARTTLS, null, null, null).problems()).isEmpty();
        assertThat(new MailOptions("smtp.example", 587, Security.STARTTLS, "u", "f", "a@b.example").problems()).isEmpty();
        assertThat(new MailOptions("smtp.example", 587, Security.NONE, "u", null, "Name <a@b.example>").problems()).hasSize(3);
        assertThat(new MailOptions("localhost", 587, Security.NONE, null, null, "a@b.example").problems()).isEmpty();
    }

    private Page ask(Browser browser, String name) {
        Page form = browser.get("/account/reset");
        return browser.send(form, "name", name.replace("\r\n", "%0d%0a"));
    }

    /** The page without its request number. */
    private static String shown(Page page) {
        assertThat(page.status()).isEqualTo(200);
        return page.body().replaceAll("(?s)Request <code>.*?</code>", "");
    }

    private String email() {
        return server.rows("SELECT email FROM user_account WHERE username = 'anna'").get(0).text("email");
    }

    private void run(String sql) {
        Waiting.on(server.running().database().write(statements -> statements.update(sql)));
    }
}
