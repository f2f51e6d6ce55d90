package dev.gatehouse.authz.scope;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.authz.user.GroupStore;
import dev.gatehouse.authz.user.GroupStore.Change;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

/** Pages show only the scopes that the groups of the person allow. */
final class PersonScopesTest extends BrowserTest {

    private static final String DEVICE = "urn:ietf:params:oauth:grant-type:device_code";

    @Override
    protected JsonObject configuration() {
        JsonObject writers = new JsonObject().put("groups", new JsonArray().add("Editors")).put("scopes", new JsonArray().add("mcp:write"));
        JsonObject readers = new JsonObject().put("groups", new JsonArray().add("Readers")).put("scopes", new JsonArray().add("mcp:read"))
            .put("clients", new JsonArray().add("public").add("safe"));
        return new JsonObject().put("groupScopes", new JsonArray().add(writers).add(readers));
    }

    private void join(String group, String username) {
        GroupStore groups = new GroupStore(server.running().database());
        Waiting.on(groups.create(group, 1));
        assertThat(Waiting.on(groups.setMember(group, username, true, 1))).isEqualTo(Change.DONE);
    }

    private JsonObject begin(String id) {
        server.running().add(new Client(id, "The " + id, List.of(), Set.of(ClientAuthMethod.NONE), List.of(), Set.of(DEVICE, "refresh_token"),
            Scopes.of("mcp:read", "mcp:write"), List.of(), server.clock().millis()));
        return server.running().post("/oauth/device_authorization", "client_id", id).requireOk().json();
    }

    private Answer poll(String id, JsonObject begun) {
        return server.running().post("/oauth/token", "grant_type", DEVICE, "client_id", id, "device_code", begun.getString("device_code"));
    }

    @Test
    void consentPageShowsAndGrantsOnlyWhatThePersonCanHave() {
        Browser browser = server.browser();
        Page consent = login(browser, authorize());
        assertThat(consent.body()).contains("Read your data").doesNotContain("Change your data");
        assertThat(approve(browser, consent, "scope", "mcp:write").status()).isEqualTo(422);
        assertThat(server.codes()).isZero();
        assertThat(approve(browser, consent).answer()).containsKey("code");
        assertThat(server.rows("SELECT scopes FROM authorization_code").get(0).text("scopes")).isEqualTo("mcp:read");
        assertThat(browser.get(authorize()).answer()).as("the consent is remembered").containsKey("code");
        join("Editors", "anna");
        assertThat(browser.get(authorize()).body()).as("asked for what is new").contains("Change your data");
    }

    @Test
    void requestOfWhichThePersonCanHaveNothingIsInvalid() {
        Browser browser = server.browser();
        assertThat(login(browser, authorize("client_id", "public")).answer()).containsEntry("error", "invalid_scope").containsEntry("state", "xyz");
        assertThat(browser.get(authorize("client_id", "public", "prompt", "none")).answer()).containsEntry("error", "invalid_scope");
        assertThat(server.codes()).isZero();
        assertThat(browser.get(authorize("client_id", "public", "prompt", "login")).isLogin()).as("another account may have it").isTrue();
        join("Readers", "anna");
        assertThat(browser.get(authorize("client_id", "public")).isConsent()).isTrue();
    }

    @Test
    void deviceGetsOnlyWhatThePersonCanHave() {
        JsonObject begun = begin("tv");
        Browser browser = loggedIn();
        Page page = browser.get(begun.getString("verification_uri_complete"));
        assertThat(page.body()).contains("Read your data").doesNotContain("Change your data");
        assertThat(browser.send(page, "decision", "approve").body()).contains("Device connected");
        join("Editors", "anna");
        JsonObject tokens = poll("tv", begun).requireOk().json();
        assertThat(tokens.getString("scope")).as("what the page showed").isEqualTo("mcp:read");
    }

    @Test
    void deviceOfWhichThePersonCanHaveNothingWaitsForAnotherPerson() {
        JsonObject begun = begin("safe");
        Browser browser = loggedIn();
        Page refused = browser.get(begun.getString("verification_uri_complete"));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body()).contains("Your account cannot connect this device");
        poll("safe", begun).requireError(400, "authorization_pending");
        join("Readers", "anna");
        browser.send(browser.get(begun.getString("verification_uri_complete")), "decision", "approve");
        assertThat(poll("safe", begun).requireOk().json().getString("scope")).isEqualTo("mcp:read");
    }
}
