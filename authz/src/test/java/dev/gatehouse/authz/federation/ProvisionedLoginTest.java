package dev.gatehouse.authz.federation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.scim.ScimClient;
import dev.gatehouse.authz.support.FrontServer;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.provider.Kind;
import dev.gatehouse.fixtures.provider.LookAlike;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Users whom a SCIM client has created log in at the identity provider of that client. */
final class ProvisionedLoginTest extends ProviderTest {

    private void start(String match, boolean createAccounts) {
        provider = new LookAlike(Kind.OKTA, clock);
        provider.add("ada", person(Kind.OKTA, "ada", "ada@example.com").put("preferred_username", "Ada@Example.com"));
        server = new FrontServer(new JsonObject().put("identityProviders", new JsonArray().add(provider.entry().put("createAccounts", createAccounts)
            .put("provisioning", new JsonObject().put("clientId", "okta-scim").put("match", match)))));
    }

    private String linked() {
        return server.rows("SELECT sub FROM external_identity").stream().map(row -> row.text("sub")).findFirst().orElse(null);
    }

    @Test
    void externalIdentifierIsTheSubjectOfTheProvider() {
        start("externalId", false);
        JsonObject user = ScimClient.register(server.running(), "okta-scim").createUser("somebody.else@example.com", "sub-of-ada");
        Page consent = logIn(server.browser());
        assertThat(consent.isConsent()).as(consent.body()).isTrue();
        assertThat(linked()).isEqualTo(user.getString("id"));
        assertThat(logIn(server.browser()).isConsent()).as("the second login finds the link").isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"userName", "email"})
    void userNameAndVerifiedAddressMatchIfTheEntrySaysSo(String match) {
        start(match, false);
        JsonObject user = ScimClient.register(server.running(), "okta-scim").createUser("ada@example.com", "other");
        assertThat(logIn(server.browser()).isConsent()).isTrue();
        assertThat(linked()).isEqualTo(user.getString("id"));
    }

    @Test
    void addressThatIsNotVerifiedMatchesNoUser() {
        start("email", false);
        ScimClient.register(server.running(), "okta-scim").createUser("ada@example.com", "other");
        provider.add("ada", person(Kind.OKTA, "ada", "ada@example.com").put("email_verified", false));
        assertThat(logIn(server.browser()).status()).isEqualTo(403);
        assertThat(linked()).isNull();
    }

    @Test
    void userOfAnotherClientIsNotMatched() {
        start("externalId", false);
        ScimClient.register(server.running(), "other-scim").createUser("ada2@example.com", "sub-of-ada");
        assertThat(logIn(server.browser()).status()).isEqualTo(403);
        assertThat(linked()).isNull();
    }

    @Test
    void accountThatExistedBeforeIsNotTakenOver() {
        start("userName", false);
        provider.add("ada", person(Kind.OKTA, "ada", "nobody@example.com").put("preferred_username", "anna"));
        ScimClient.register(server.running(), "okta-scim").patch("/Users/usr_anna", "{'op': 'add', 'path': 'externalId', 'value': 'sub-of-ada'}").requireOk();
        assertThat(logIn(server.browser()).status()).isEqualTo(403);
        assertThat(linked()).isNull();
    }

    @Test
    void accountWithAnotherIdentityOfTheProviderIsNotTakenOver() {
        start("userName", true);
        ScimClient.register(server.running(), "okta-scim").createUser("ada@example.com", "other");
        logIn(server.browser());
        String first = linked();
        provider.add("eve", person(Kind.OKTA, "eve", "eve@example.com").put("preferred_username", "ada@example.com"));
        assertThat(logIn(server.browser(), "eve").status()).isEqualTo(403);
        assertThat(server.rows("SELECT * FROM external_identity")).hasSize(1);
        assertThat(linked()).isEqualTo(first);
    }

    @Test
    void userWhomTheClientHasDeactivatedDoesNotLogIn() {
        start("externalId", false);
        ScimClient scim = ScimClient.register(server.running(), "okta-scim");
        JsonObject user = scim.createUser("ada@example.com", "sub-of-ada");
        scim.patch("/Users/" + user.getString("id"), "{'op': 'replace', 'value': {'active': false}}").requireOk();
        assertThat(logIn(server.browser()).status()).isEqualTo(403);
        assertThat(server.rows("SELECT * FROM browser_session")).isEmpty();
        scim.patch("/Users/" + user.getString("id"), "{'op': 'replace', 'value': {'active': true}}").requireOk();
        assertThat(logIn(server.browser()).isConsent()).isTrue();
    }
}
