package dev.gatehouse.authz.client.document;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.Client.RegistrationKind;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.ClientMetadata;
import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Set;

/** Clients that registered themselves are unverified and are treated accordingly. */
final class UnverifiedClientTest extends DocumentTest {

    private List<String> unverified;

    @BeforeEach
    void registerClients() {
        server.running().add(new Client("dynamic", "Dynamic <script>alert(1)</script>", List.of(), Set.of(ClientAuthMethod.CLIENT_SECRET_BASIC),
            List.of("http://127.0.0.1/callback", "https://app.example.com/cb"), Set.of("authorization_code"), Scopes.of("mcp:read", "mcp:write"),
            List.of(), 0, RegistrationKind.DYNAMIC, ClientMetadata.NONE, ClientPolicy.DEFAULT));
        unverified = List.of("dynamic", documents.publish("/client.json", documents.document("/client.json")));
    }

    @Test
    void faultyRequestEndsAtAPageBeforeAnybodyLogsIn() {
        for (String client : unverified) {
            Page page = ask(client, "scope", "no:such", "redirect_uri", "https://app.example.com/cb");
            assertThat(page.status()).isEqualTo(400);
            assertThat(page.location()).isNull();
            assertThat(page.body()).contains("Unverified", "back to app.example.com",
                "href=\"https://app.example.com/cb?error=invalid_scope&amp;", "state=xyz");
            assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'", "frame-ancestors 'none'");
        }
        Page vouched = server.browser().get(authorize("scope", "no:such"));
        assertThat(vouched.answer()).as("the operator's own client").containsEntry("error", "invalid_scope");
    }

    @Test
    void everyKindOfFaultEndsAtAPage() {
        for (String client : unverified) {
            for (String[] fault : new String[][] {{"response_type", "token"}, {"code_challenge", null}, {"code_challenge_method", "plain"},
                {"resource", "ftp://x"}, {"request", "x"}, {"prompt", "none login"}, {"response_mode", "fragment"}}) {
                Page page = ask(client, fault);
                assertThat(page.status()).as(fault[0]).isEqualTo(400);
                assertThat(page.location()).isNull();
            }
        }
    }

    @Test
    void silentRequestLeadsAwayOnlyWhereThePersonHasAgreedBefore() {
        for (String client : unverified) {
            Page stranger = ask(client, "prompt", "none");
            assertThat(stranger.location()).isNull();
            assertThat(stranger.body()).contains("error=login_required");
            Browser browser = server.browser();
            browser.send(consent(browser, client), "decision", "approve");
            Page known = browser.get(request(client, "prompt", "none"));
            // The first proves itself when it redeems the code; anybody could redeem one of the other, which is public.
            assertThat(known.answer()).as("after a consent").satisfies(answer -> assertThat(answer.containsKey("code")).isEqualTo(client.equals("dynamic")));
        }
        assertThat(server.browser().get(authorize("prompt", "none")).answer()).containsEntry("error", "login_required");
    }

    @Test
    void refusalByThePersonDoesReachTheClient() {
        for (String client : unverified) {
            Browser browser = server.browser();
            Page answer = browser.send(consent(browser, client), "decision", "deny");
            assertThat(answer.answer()).containsEntry("error", "access_denied");
        }
    }

    @Test
    void consentIsAskedEachTime() {
        for (String client : unverified) {
            Browser browser = server.browser();
            browser.send(consent(browser, client), "decision", "approve");
            consent(browser, client);
            assertThat(server.rows("SELECT client_id FROM consent")).isEmpty();
        }
    }

    @Test
    void consentPageSaysThatNobodyVouchesAndWhereTheAnswerGoes() {
        Page dynamic = consent(server.browser(), "dynamic");
        assertThat(dynamic.body()).contains("Unverified", "registered itself", "127.0.0.1:41100", "runs on your own computer",
            "&lt;script&gt;").doesNotContain("<script>", "Published at");
        Page web = consent(server.browser(), unverified.get(1), "redirect_uri", "https://app.example.com/cb");
        assertThat(web.body()).contains("Unverified", "Published at</dt><dd>localhost", "Answer goes to</dt><dd>app.example.com",
            "Example MCP Client", documents.url("/client.json")).doesNotContain("runs on your own computer", "logo.png");
        assertThat(web.header("Content-Security-Policy")).contains("img-src 'self' data:");
        Page vouched = login(server.browser(), authorize("prompt", "consent"));
        assertThat(vouched.body()).doesNotContain("Unverified");
    }

    @Test
    void whatTheDocumentSaysIsEscaped() {
        String client = documents.publish("/evil.json", documents.document("/evil.json", "client_name", "<img src=x onerror=alert(1)> & Co",
            "redirect_uris", new JsonArray().add(CALLBACK)));
        assertThat(consent(server.browser(), client).body()).contains("&lt;img src=x onerror=alert(1)&gt; &amp; Co").doesNotContain("<img src=x");
    }
}
