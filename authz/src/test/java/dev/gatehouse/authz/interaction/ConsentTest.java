package dev.gatehouse.authz.interaction;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.Client.RegistrationKind;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.ClientMetadata;
import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.authz.support.FrontServer;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;

final class ConsentTest extends BrowserTest {

    @Test
    void pageSaysWhoWantsWhatAndWhereAndEscapesIt() {
        Page page = login(server.browser(), authorize("resource", "http://localhost:8001/mcp"));
        assertThat(page.body()).contains("The &lt;b&gt;confidential&lt;/b&gt; app", "127.0.0.1:41100", "http://localhost:8001/mcp",
            "Signed in as <strong>anna</strong>", "Read your data", "Change your data", "runs on your own computer");
        assertThat(login(server.browser(), authorize("redirect_uri", FrontServer.WEB_CALLBACK)).body())
            .contains("app.example.com").doesNotContain("runs on your own computer");
    }

    @Test
    void refusalReturnsToTheClientWithoutACode() {
        Browser browser = server.browser();
        Page consent = login(browser, authorize());
        Page answer = browser.send(consent, "decision", "deny");
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.answer()).containsEntry("error", "access_denied").containsEntry("state", "xyz").containsEntry("iss", server.issuer());
        assertThat(server.codes()).isZero();
        assertThat(approve(browser, consent).status()).as("a refused request stays refused").isEqualTo(403);
        assertThat(server.codes()).isZero();
    }

    @Test
    void consentCanBeNarrowedButNotWidenedByTheForm() {
        Browser browser = server.browser();
        approve(browser, login(browser, authorize()), "scope", "mcp:read");
        assertThat(scopesOfNewestCode()).isEqualTo("mcp:read");
        Page readOnly = browser.get(authorize("scope", "mcp:read", "prompt", "consent"));
        Page refused = approve(browser, readOnly, "scope", "mcp:write");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(server.codes()).isEqualTo(1);
        assertThat(approve(browser, readOnly).answer()).containsKey("code");
    }

    @Test
    void broaderScopeShowsAndBringsWhatItImplies() {
        Browser browser = server.browser();
        Page consent = login(browser, authorize("scope", "mcp:write"));
        assertThat(consent.fields().get("scope").split("\n")).containsExactlyInAnyOrder("mcp:read", "mcp:write");
        assertThat(consent.body()).contains("Create, change and delete notes in your name. Includes: Read your data.")
            .containsPattern("name=\"scope\" disabled value=\"mcp:read\"[^>]* checked><input type=\"hidden\" name=\"scope\" value=\"mcp:read\">")
            .containsPattern("name=\"scope\" value=\"mcp:write\"[^>]* checked>\\s").contains("Always included");
        approve(browser, consent, "scope", "mcp:write");
        assertThat(scopesOfNewestCode().split(" ")).containsExactlyInAnyOrder("mcp:read", "mcp:write");
        assertThat(browser.get(authorize("scope", "mcp:read")).answer()).as("has been allowed with it").containsKey("code");
    }

    @Test
    void aScopeThatIsImpliedIsKeptWhenTheOtherIsLeftOut() {
        Browser browser = server.browser();
        Page consent = login(browser, authorize());
        approve(browser, consent, "scope", "mcp:read");
        assertThat(scopesOfNewestCode()).isEqualTo("mcp:read");
        assertThat(browser.get(authorize("scope", "mcp:read", "prompt", "consent")).body()).as("alone it is a choice").doesNotContain("disabled");
    }

    @Test
    void theServiceIsShownByItsConfiguredNameWithItsUrl() {
        server.restart(new JsonObject().put("resources", new JsonArray().add(new JsonObject().put("resource", "http://localhost:8001/mcp")
            .put("name", "Notes & <more>"))));
        assertThat(login(server.browser(), authorize("resource", "http://localhost:8001/mcp")).body())
            .contains("<bdi>Notes &amp; &lt;more&gt;</bdi> <small>http://localhost:8001/mcp</small>");
        assertThat(login(server.browser(), authorize("resource", "http://localhost:1/mcp")).body())
            .contains("<bdi>localhost:1</bdi> <small>http://localhost:1/mcp</small>");
    }

    @Test
    void aServiceWithoutAnAddressIsShownByItsIdentifier() {
        server.restart(new JsonObject().put("resources", new JsonArray().add(new JsonObject().put("resource", "urn:example:notes"))));
        Browser browser = server.browser();
        Page consent = login(browser, authorize("resource", "urn:example:notes"));
        assertThat(consent.status()).isEqualTo(200);
        assertThat(consent.body()).contains("<bdi>urn:example:notes</bdi>");
        assertThat(approve(browser, consent).answer()).containsKey("code");
        assertThat(browser.get(authorize("resource", "urn:example:notes", "prompt", "consent")).body()).as("and once more").contains("<bdi>urn:example:notes</bdi>");
    }

    @Test
    void aPageHasOneNoticeAtMost() {
        assertThat(login(server.browser(), authorize()).body()).containsOnlyOnce("notice caution").contains("Is this you?");
        assertThat(login(server.browser(), authorize("redirect_uri", FrontServer.WEB_CALLBACK)).body()).doesNotContain("notice caution");
        server.running().add(new Client("dcr_two", "Two", List.of(), Set.of(ClientAuthMethod.NONE), List.of("http://127.0.0.1/callback"),
            Set.of("authorization_code"), Scopes.of("mcp:read"), List.of(), 0, RegistrationKind.DYNAMIC, ClientMetadata.NONE, ClientPolicy.DEFAULT));
        assertThat(login(server.browser(), authorize("client_id", "dcr_two", "scope", "mcp:read")).body()).containsOnlyOnce("notice caution")
            .contains("Unverified.", "registered itself", "runs on your own computer");
    }

    @Test
    void termsAndPolicyAreLinksWhoseHostIsShown() {
        ClientMetadata metadata = ClientMetadata.NONE.with("tos_uri", "https://app.example/terms?a=1&b=\"2").with("policy_uri", "javascript:alert(1)");
        Client plain = Waiting.on(server.running().clients().find("confidential")).orElseThrow();
        Waiting.on(server.running().clients().update(plain.withMetadata(metadata.with("tos_uri", "https://app.example/terms?a=1&b=2")), 0));
        Page page = login(server.browser(), authorize());
        assertThat(page.body()).contains("<a href=\"https://app.example/terms?a=1&amp;b=2\" target=\"_blank\" rel=\"noopener noreferrer\">app.example</a>")
            .doesNotContain("javascript:", "Privacy policy");
    }

    @Test
    void charactersThatHideOrTurnTextAreShownEscaped() {
        Client plain = Waiting.on(server.running().clients().find("public")).orElseThrow();
        server.running().add(new Client("evil\u200B", "Cla\u202Eedu\u200B\u001B[2J", List.of(), plain.authMethods(), plain.redirectUris(), plain.grantTypes(),
            plain.scopes(), List.of(), 0, plain.kind(), plain.metadata(), plain.policy()));
        Browser browser = server.browser();
        Page login = browser.get(authorize("client_id", "evil\u200B"));
        Page consent = browser.follow(logIn(browser, login, "anna", "correct horse"));
        approve(browser, consent);
        Page account = browser.get("/account");
        for (Page page : List.of(login, consent, account)) {
            assertThat(page.body()).contains("Cla\\u202eedu\\u200b\\u001b[2J").doesNotContain("\u202E", "\u001B");
        }
        assertThat(consent.body()).contains("<dd>evil\\u200b</dd>");
        assertThat(browser.follow(browser.send(account, "act", "end")).body()).as("forms send what was meant").contains("None.");
    }

    @Test
    void stepUpShowsWhatIsNew() {
        Browser browser = server.browser();
        Page first = login(browser, authorize("client_id", "public", "scope", "mcp:read"));
        assertThat(first.body()).as("all is new to a stranger").doesNotContain("asks for more", "Allowed before", ">New<");
        approve(browser, first);
        Page wider = browser.get(authorize("client_id", "public", "scope", "mcp:read mcp:write"));
        assertThat(wider.body()).contains("asks for more").containsPattern("Read your data</label> <span class=\"tag\">Allowed before<")
            .containsPattern("Change your data</label> <span class=\"tag\">New<");
        Page elsewhere = browser.get(authorize("client_id", "public", "resource", "http://localhost:8002/mcp"));
        assertThat(elsewhere.body()).as("another resource").doesNotContain("asks for more", "Allowed before", ">New<");
        approve(browser, wider);
        assertThat(browser.get(authorize("client_id", "public")).body()).doesNotContain("asks for more").contains("Allowed before");
    }

    @Test
    void operatorDecidesWhetherUsersOfAClientAreAsked() {
        Client client = Waiting.on(server.running().clients().find("confidential")).orElseThrow();
        decide(client, ClientPolicy.Consent.NEVER);
        Browser browser = server.browser();
        assertThat(login(browser, authorize()).answer()).containsKey("code");
        assertThat(browser.get(authorize("prompt", "consent")).isConsent()).isTrue();
        decide(client, ClientPolicy.Consent.ALWAYS);
        Eventually.holds(() -> browser.get(authorize()).isConsent());
        approve(browser, browser.get(authorize()));
        assertThat(browser.get(authorize()).isConsent()).as("asked each time").isTrue();
        decide(client, ClientPolicy.Consent.DEFAULT);
        Eventually.holds(() -> browser.get(authorize()).status() == 303);
    }

    private void decide(Client client, ClientPolicy.Consent consent) {
        JsonObject policy = new JsonObject().put("consent", consent.name());
        Waiting.on(server.running().clients().update(client.withPolicy(ClientPolicy.of(policy)), server.clock().millis()));
    }

    @Test
    void usersOfAClientThatDescribesItselfAreAskedWhateverTheOperatorHasDecided() {
        Client plain = Waiting.on(server.running().clients().find("confidential")).orElseThrow();
        server.running().add(new Client("dcr_one", plain.name(), plain.secrets(), plain.authMethods(), plain.redirectUris(), plain.grantTypes(),
            plain.scopes(), List.of(), 0, RegistrationKind.DYNAMIC, plain.metadata(),
            ClientPolicy.of(new JsonObject().put("consent", ClientPolicy.Consent.NEVER.name()))));
        assertThat(login(server.browser(), authorize("client_id", "dcr_one")).isConsent()).isTrue();
        decide(plain, ClientPolicy.Consent.NEVER);
        assertThat(login(server.browser(), authorize()).answer()).containsKey("code");
    }

    @Test
    void permissionForAClientThatIsGoneMeanwhileIsRefused() {
        Browser browser = server.browser();
        Page gone = login(browser, authorize());
        Waiting.on(server.running().database().write(statements -> statements.update("DELETE FROM client WHERE client_id = $1", "confidential")));
        assertThat(approve(browser, gone).status()).isEqualTo(403);
        assertThat(server.codes()).isZero();
        assertThat(approve(browser, browser.get(authorize("client_id", "public"))).answer()).containsKey("code");
    }

    @Test
    void nothingChosenIsAskedAgain() {
        Browser browser = server.browser();
        Page consent = login(browser, authorize());
        Page again = approve(browser, consent, "scope", null);
        assertThat(again.status()).isEqualTo(422);
        assertThat(again.isConsent()).isTrue();
        assertThat(approve(browser, again).answer()).containsKey("code");
    }

    @Test
    void formSentTwiceYieldsOneCode() {
        Browser browser = server.browser();
        Page consent = login(browser, authorize());
        assertThat(approve(browser, consent).answer()).containsKey("code");
        assertThat(approve(browser, consent).status()).isEqualTo(403);
        assertThat(server.codes()).isEqualTo(1);
    }

    @Test
    void formWithoutItsTokenOrFromAnotherSiteOrSessionIsRefused() {
        Browser browser = server.browser();
        Page consent = login(browser, authorize());
        Page other = login(server.browser(), authorize());
        assertThat(approve(browser, consent, "csrf", null).status()).isEqualTo(403);
        assertThat(approve(browser, consent, "csrf", other.fields().get("csrf")).status()).isEqualTo(403);
        assertThat(approve(browser, other).status()).as("another session's form").isEqualTo(403);
        Map<String, String> fields = consent.fields();
        fields.put("decision", "approve");
        assertThat(browser.post("/oauth/consent", fields, "Origin", "https://evil.test").status()).isEqualTo(403);
        assertThat(browser.post("/oauth/consent", fields, "Sec-Fetch-Site", "cross-site").status()).isEqualTo(403);
        assertThat(server.codes()).isZero();
        assertThat(approve(browser, consent).answer()).containsKey("code");
    }

    @Test
    void tamperedHiddenFieldsChangeNothing() {
        Browser browser = server.browser();
        Page answer = approve(browser, login(browser, authorize()), "redirect_uri", "https://evil.test/", "client_id", "public",
            "code_challenge", "x", "resource", "https://evil.test/mcp", "state", "abc");
        assertThat(answer.location()).startsWith(FrontServer.CALLBACK);
        assertThat(answer.answer()).containsEntry("state", "xyz");
        assertThat(server.rows("SELECT client_id, resources FROM authorization_code").get(0).text("client_id")).isEqualTo("confidential");
    }

    @Test
    void twoTabsBothFinishWithEachItsOwnLogin() {
        Browser browser = server.browser();
        Page first = browser.get(authorize("state", "one"));
        Page second = browser.get(authorize("state", "two"));
        Page secondConsent = browser.follow(logIn(browser, second, "anna", "correct horse"));
        Page firstConsent = browser.follow(logIn(browser, first, "anna", "correct horse"));
        assertThat(approve(browser, secondConsent).answer()).containsEntry("state", "two").containsKey("code");
        assertThat(approve(browser, firstConsent).answer()).containsEntry("state", "one").containsKey("code");
    }

    @Test
    void formShownToOnePersonDoesNotCountForAnother() {
        Browser browser = server.browser();
        Page annas = login(browser, authorize());
        Page bobs = browser.follow(logIn(browser, browser.get(authorize("prompt", "login")), "bob", "battery staple"));
        assertThat(approve(browser, annas).status()).isEqualTo(403);
        assertThat(approve(browser, bobs).answer()).containsKey("code");
        assertThat(server.rows("SELECT sub FROM authorization_grant").get(0).text("sub")).isEqualTo("usr_bob");
    }

    @Test
    void sameRequestIsNotAskedTwice() {
        Browser browser = server.browser();
        approve(browser, login(browser, authorize()));
        assertThat(browser.get(authorize()).answer()).containsKey("code");
        assertThat(browser.get(authorize("scope", "mcp:read")).answer()).as("less").containsKey("code");
        assertThat(browser.get(authorize("prompt", "none")).answer()).containsKey("code");
        assertThat(browser.get(authorize("prompt", "consent")).isConsent()).isTrue();
    }

    @Test
    void anythingNewIsAsked() {
        Browser browser = server.browser();
        approve(browser, login(browser, authorize("scope", "mcp:read")));
        assertThat(browser.get(authorize()).isConsent()).as("wider scope").isTrue();
        assertThat(browser.get(authorize("scope", "mcp:read", "redirect_uri", FrontServer.WEB_CALLBACK)).isConsent()).as("redirect").isTrue();
        assertThat(browser.get(authorize("scope", "mcp:read", "resource", "http://localhost:8002/mcp")).isConsent()).as("resource").isTrue();
        assertThat(browser.get(authorize("scope", "mcp:read", "prompt", "none", "resource", "http://localhost:8002/mcp")).answer())
            .containsEntry("error", "consent_required");
        assertThat(browser.get(authorize("scope", "mcp:read")).answer()).containsKey("code");
    }

    @Test
    void usersOfPublicClientsAreAlwaysAsked() {
        Browser browser = server.browser();
        approve(browser, login(browser, authorize("client_id", "public")));
        assertThat(browser.get(authorize("client_id", "public")).isConsent()).isTrue();
        assertThat(browser.get(authorize("client_id", "public", "prompt", "none")).answer()).containsEntry("error", "consent_required");
    }

    private String scopesOfNewestCode() {
        return server.rows("SELECT scopes FROM authorization_code").get(0).text("scopes");
    }
}
