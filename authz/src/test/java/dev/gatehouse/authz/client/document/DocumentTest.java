package dev.gatehouse.authz.client.document;

import static dev.gatehouse.authz.support.Requests.authorize;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.authz.support.DocumentServer;
import dev.gatehouse.authz.support.FrontServer;
import dev.gatehouse.fixtures.Page;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server, a place where clients publish documents, and what people and clients do there. */
abstract class DocumentTest {

    static final String CALLBACK = "http://127.0.0.1:41100/callback";

    final DocumentServer documents = new DocumentServer();
    FrontServer server;

    @BeforeEach
    void start() {
        server = new FrontServer(configuration());
    }

    @AfterEach
    void stop() {
        server.close();
        documents.close();
    }

    JsonObject configuration() {
        return new JsonObject();
    }

    /** Settings of the section on documents. */
    static JsonObject documents(Object... settings) {
        JsonObject section = new JsonObject();
        for (int i = 0; i < settings.length; i += 2) {
            section.put((String) settings[i], settings[i + 1]);
        }
        return new JsonObject().put("registration", new JsonObject().put("documents", section));
    }

    /** Sends an authorization request of this client and returns the response. */
    Page ask(String clientId, String... changes) {
        return server.browser().get(request(clientId, changes));
    }

    static String request(String clientId, String... changes) {
        String[] all = new String[changes.length + 2];
        all[0] = "client_id";
        all[1] = clientId;
        System.arraycopy(changes, 0, all, 2, changes.length);
        return authorize(all);
    }

    void assertAccepted(String clientId) {
        Page page = ask(clientId);
        assertThat(page.isLogin()).as(page.body()).isTrue();
    }

    /** The server shows an error page of its own and nothing changed. Returns the page's text. */
    String assertRefused(String clientId) {
        int before = interactions();
        Page page = ask(clientId);
        assertThat(page.status()).as(page.body()).isEqualTo(400);
        assertThat(page.location()).isNull();
        assertThat(server.rows("SELECT client_id FROM client WHERE kind = 'metadata_document'")).isEmpty();
        assertThat(interactions()).isEqualTo(before);
        return page.body();
    }

    private int interactions() {
        return server.rows("SELECT interaction_hash FROM interaction").size();
    }

    Page login(Browser browser, String url) {
        Page form = browser.get(url);
        return form.isLogin() ? browser.follow(browser.send(form, "username", "anna", "password", "correct horse")) : form;
    }

    /** The consent page of this client for anna. */
    Page consent(Browser browser, String clientId, String... changes) {
        Page page = login(browser, request(clientId, changes));
        assertThat(page.isConsent()).as(page.status() + page.body()).isTrue();
        return page;
    }

    /** Anna allows the client what it asks for. Returns the answer of the token endpoint. */
    Answer connect(Browser browser, String clientId) {
        String verifier = Approval.newVerifier();
        Page answer = browser.send(consent(browser, clientId, "code_challenge", Approval.challengeOf(verifier)), "decision", "approve");
        assertThat(answer.status()).as(answer.body()).isEqualTo(303);
        return server.running().post("/oauth/token", "grant_type", "authorization_code", "code", answer.answer().get("code"),
            "client_id", clientId, "redirect_uri", CALLBACK, "code_verifier", verifier);
    }

    Answer refresh(String clientId, String refreshToken) {
        return server.running().post("/oauth/token", "grant_type", "refresh_token", "refresh_token", refreshToken, "client_id", clientId);
    }
}
