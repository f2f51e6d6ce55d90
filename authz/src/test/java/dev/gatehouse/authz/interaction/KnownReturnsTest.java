package dev.gatehouse.authz.interaction;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.authz.support.BrowserTest;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** Errors of clients that registered themselves go to an address that a person of this browser has agreed to, and no other. */
final class KnownReturnsTest extends BrowserTest {

    private static final String CALLBACK = "http://127.0.0.1:41100/callback";

    @Test
    void errorsGoToTheClientOnceAPersonOfThisBrowserHasAgreedToIt() {
        String client = register();
        Browser browser = server.browser();
        assertStaysHere(browser.get(ask(client, "prompt", "none")));
        assertThat(approve(browser, login(browser, ask(client, "scope", "mcp:read"))).answer()).containsKey("code");
        assertThat(browser.get(ask(client, "prompt", "none")).answer()).containsEntry("error", "consent_required").containsEntry("state", "xyz");
        assertThat(browser.get(ask(client, "scope", "nothing")).answer()).containsEntry("error", "invalid_scope");
        assertThat(browser.get(ask(register(), "prompt", "none")).answer()).as("registered anew").containsEntry("error", "consent_required");
        assertThat(browser.get(ask(client, "prompt", "none", "redirect_uri", "http://127.0.0.1:5/callback")).answer())
            .as("another port of this machine").containsEntry("error", "consent_required");
        browser.cookies().keySet().removeIf(name -> name.contains("session"));
        assertThat(browser.get(ask(client, "prompt", "none")).answer()).as("logged out").containsEntry("error", "login_required");
    }

    @Test
    void silentRequestOfAClientThatProvesItselfIsGrantedWhatThePersonGaveItBeforeAndNoMore() {
        String client = register("client_secret_basic");
        Browser browser = server.browser();
        approve(browser, login(browser, ask(client, "scope", "mcp:read")));
        assertThat(browser.get(ask(client, "prompt", "none", "scope", "mcp:read")).answer()).containsKey("code");
        assertThat(browser.get(ask(client, "prompt", "none", "scope", "mcp:read mcp:write")).answer()).containsEntry("error", "consent_required");
        assertThat(browser.get(ask(client, "prompt", "none", "scope", "mcp:read", "resource", "http://localhost:8009/other")).answer())
            .containsEntry("error", "consent_required");
        assertThat(browser.get(ask(client, "scope", "mcp:read")).isConsent()).as("where a page may be shown, it is").isTrue();
        assertThat(browser.get(ask(register("client_secret_basic"), "prompt", "none", "scope", "mcp:read")).answer()).containsEntry("error", "consent_required");
        Waiting.on(server.running().database().write(statements -> statements.update("UPDATE authorization_grant SET revoked_at = 1")));
        assertStaysHere(browser.get(ask(client, "prompt", "none", "scope", "mcp:read")));
    }

    @Test
    void consentElsewhereOfOthersOrEndedDoesNotCount() {
        String client = register();
        Browser browser = server.browser();
        approve(browser, login(browser, ask(client, "scope", "mcp:read")));
        assertStaysHere(server.browser().get(ask(client, "prompt", "none")));
        Browser bob = server.browser();
        bob.follow(logIn(bob, bob.get(authorize("redirect_uri", "http://localhost:41100/callback")), "bob", "battery staple"));
        assertStaysHere(bob.get(ask(client, "prompt", "none")));
        assertStaysHere(browser.get(ask(client, "prompt", "none", "redirect_uri", "https://app.example.com/cb")));
        Waiting.on(server.running().database().write(statements -> statements.update("UPDATE authorization_grant SET revoked_at = 1")));
        assertStaysHere(browser.get(ask(client, "prompt", "none")));
    }

    private static void assertStaysHere(Page page) {
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.location()).isNull();
        assertThat(page.body()).contains("This request is not valid");
    }

    private static String ask(String client, String... changes) {
        String[] all = new String[changes.length + 2];
        all[0] = "client_id";
        all[1] = client;
        System.arraycopy(changes, 0, all, 2, changes.length);
        return authorize(all);
    }

    private String register() {
        return register("none");
    }

    private String register(String method) {
        return server.running().postJson("/oauth/register", new JsonObject().put("client_name", "Itself").put("token_endpoint_auth_method", method)
            .put("redirect_uris", new JsonArray().add(CALLBACK).add("https://app.example.com/cb"))).json().getString("client_id");
    }
}
