package dev.gatehouse.authz.federation;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.authz.user.ExternalIdentityStore;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.fixtures.provider.Kind;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.util.List;

/** One person has one account, and no login leads to the account of another person. */
final class AccountLinkingTest extends ProviderTest {

    private static final String PASSWORD_HASH = "$argon2id$v=19$m=64,t=1,p=1$AAAA$AAAA";

    private void addUser(String sub, String username, String email, String passwordHash) {
        Waiting.on(server.running().users().add(new User(sub, username, passwordHash, email, null, false, clock.millis(), null)));
    }

    private List<String> linkedTo() {
        return server.rows("SELECT sub FROM external_identity").stream().map(row -> row.text("sub")).toList();
    }

    private List<String> sessions() {
        return server.rows("SELECT sub FROM browser_session").stream().map(row -> row.text("sub")).toList();
    }

    @Test
    void accountIsCreatedOnlyIfTheEntrySaysSo() {
        start(Kind.OKTA, "createAccounts", false);
        assertFailure(logIn(server.browser()), 403, "You have no account here");
    }

    @Test
    void personOutsideOfTheRulesGetsNothing() {
        start(Kind.OKTA, "allowed", new JsonObject().put("emailDomains", List.of("other.example")));
        assertFailure(logIn(server.browser()), 403, "You may not sign in here");
        provider.add("ada", person(Kind.OKTA, "ada", "ada@sub.other.example"));
        assertFailure(logIn(server.browser()), 403, "You may not sign in here");
        provider.add("ada", person(Kind.OKTA, "ada", "ada@OTHER.example"));
        assertThat(logIn(server.browser()).isConsent()).isTrue();
    }

    @Test
    void personWhoLeavesTheGroupIsRejectedAtTheNextLogin() {
        start(Kind.OKTA, "allowed", new JsonObject().put("groups", List.of("Engineers")));
        assertThat(logIn(server.browser()).isConsent()).isTrue();
        provider.add("ada", person(Kind.OKTA, "ada", "ada@example.com").put("groups", List.of("Everyone")));
        assertThat(logIn(server.browser()).body()).contains("You may not sign in here");
        assertThat(sessions()).hasSize(1);
    }

    @Test
    void linkedIdentityOfTheCommandLineIsFound() {
        start(Kind.OKTA, "createAccounts", false);
        ExternalIdentityStore identities = new ExternalIdentityStore(server.running().database());
        Waiting.on(identities.link(new ExternalIdentity(provider.issuer(), "", "sub-of-ada"), "anna", clock.millis()));
        assertThat(logIn(server.browser()).isConsent()).isTrue();
        assertThat(sessions()).containsExactly("usr_anna");
        assertThat(Waiting.on(identities.unlink(new ExternalIdentity(provider.issuer(), "", "sub-of-ada")))).contains("usr_anna");
        assertThat(logIn(server.browser()).body()).contains("You have no account here");
    }

    @Test
    void sameAddressAloneLeadsToNoAccount() {
        start(Kind.OKTA);
        addUser("usr_ada", "ada", "Ada@Example.com", PASSWORD_HASH);
        Page page = logIn(server.browser());
        assertThat(page.status()).isEqualTo(403);
        assertThat(page.body()).contains("There is already an account with your email address", "link Okta on your account page");
        assertThat(linkedTo()).isEmpty();
        assertThat(sessions()).isEmpty();
    }

    @Test
    void verifiedAddressLinksIfTheEntrySaysSo() {
        start(Kind.OKTA, "linkByEmail", true, "createAccounts", false);
        addUser("usr_ada", "ada", "Ada@Example.com", PASSWORD_HASH);
        assertThat(logIn(server.browser()).isConsent()).isTrue();
        assertThat(linkedTo()).containsExactly("usr_ada");
        assertThat(sessions()).containsExactly("usr_ada");
    }

    @Test
    void linkedAddressIsNoticed() {
        start(Kind.OKTA, "linkByEmail", true, "createAccounts", false);
        server.restart(new JsonObject().put("mail", new JsonObject().put("host", "localhost").put("port", Ports.free()).put("security", "none")
            .put("from", "gatehouse@example.com")));
        assertThat(logIn(server.browser()).status()).as("no account").isEqualTo(403);
        assertThat(server.rows("SELECT * FROM outgoing_mail")).isEmpty();
        addUser("usr_ada", "ada", "ada@example.com", PASSWORD_HASH);
        assertThat(logIn(server.browser()).isConsent()).isTrue();
        assertThat(server.rows("SELECT * FROM outgoing_mail")).hasSize(1);
        assertThat(logIn(server.browser()).isConsent()).isTrue();
        assertThat(server.rows("SELECT * FROM outgoing_mail")).as("the notice of a new browser, and none of a link").hasSize(2);
    }

    @Test
    void unverifiedAddressLinksNothing() {
        start(Kind.OKTA, "linkByEmail", true);
        addUser("usr_ada", "ada", "ada@example.com", PASSWORD_HASH);
        provider.add("ada", person(Kind.OKTA, "ada", "ada@example.com").put("email_verified", false));
        assertThat(logIn(server.browser()).body()).contains("Your email address is not verified");
        assertThat(linkedTo()).isEmpty();
    }

    @Test
    void addressThatIsGivenToAnotherPersonDoesNotComeWithTheAccount() {
        start(Kind.OKTA, "linkByEmail", true);
        addUser("usr_ada", "ada", "ada@example.com", PASSWORD_HASH);
        assertThat(logIn(server.browser()).isConsent()).isTrue();
        provider.add("heir", person(Kind.OKTA, "heir", "ada@example.com"));
        assertThat(logIn(server.browser(), "heir").body()).contains("There is already an account with your email address");
        assertThat(sessions()).containsExactly("usr_ada");
    }

    @Test
    void addressOfTwoAccountsOrOfAnIssuersAccountLinksNothing() {
        start(Kind.OKTA, "linkByEmail", true);
        addUser("usr_one", "one", "ada@example.com", User.NO_PASSWORD);
        assertThat(logIn(server.browser()).body()).contains("There is already an account with your email address");
        addUser("usr_two", "two", "ada@example.com", PASSWORD_HASH);
        assertThat(logIn(server.browser()).body()).contains("There is already an account with your email address");
        assertThat(linkedTo()).isEmpty();
    }

    @Test
    void nameOfALocalUserIsNotTakenOver() {
        start(Kind.OKTA);
        addUser("usr_ada", "ada@example.com", null, PASSWORD_HASH);
        assertThat(logIn(server.browser()).isConsent()).isTrue();
        assertThat(linkedTo()).hasSize(1).doesNotContain("usr_ada");
        assertThat(sessions()).doesNotContain("usr_ada");
    }

    @Test
    void disabledAccountStaysClosed() {
        start(Kind.OKTA);
        logIn(server.browser());
        Waiting.on(server.running().users().setDisabled("ada@example.com", true, clock.millis()));
        assertThat(logIn(server.browser()).body()).contains("Your account is disabled");
        assertThat(sessions()).isEmpty();
    }

    @Test
    void loggedInUserLinksAnIdentityOnTheAccountPage() {
        start(Kind.OKTA, "createAccounts", false);
        Browser browser = annas();
        Page account = browser.get("/account");
        assertThat(account.body()).contains("Link <bdi>Okta</bdi>", "No sign-in service is linked");
        Page linked = browser.follow(browser.get(provider.signIn(link(browser, account), "ada")));
        assertThat(linked.body()).contains("Linked to your account:", "<h3><bdi>Okta</bdi></h3>").doesNotContain("Link <bdi>Okta</bdi>");
        assertThat(linkedTo()).containsExactly("usr_anna");
        Browser other = server.browser();
        logIn(other);
        assertThat(sessions()).containsOnly("usr_anna");
    }

    @Test
    void identityOfAnotherAccountIsNotLinked() {
        start(Kind.OKTA);
        logIn(server.browser());
        List<String> before = linkedTo();
        Browser browser = annas();
        Page refused = browser.get(provider.signIn(link(browser, browser.get("/account")), "ada"));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body()).contains("This sign-in cannot be linked");
        assertThat(linkedTo()).isEqualTo(before);
    }

    @Test
    void linkNeedsTheTokenOfTheForm() {
        start(Kind.OKTA);
        Browser browser = annas();
        Page account = browser.get("/account");
        assertThat(browser.send(account, "act", "link", "provider", "okta", "csrf", "forged").status()).isEqualTo(403);
        assertThat(server.rows("SELECT * FROM federated_login")).isEmpty();
    }

    private Browser annas() {
        Browser browser = server.browser();
        Page page = browser.get(authorize());
        browser.send(page, "username", "anna", "password", "correct horse");
        return browser;
    }

    private static String link(Browser browser, Page account) {
        return browser.send(account, "act", "link", "provider", "okta").location();
    }
}
