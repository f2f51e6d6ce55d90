package dev.gatehouse.authz.client.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Page;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

final class DocumentFlowTest extends DocumentTest {

    @Test
    void clientThatDescribesItselfGetsTokensAndRefreshesThem() {
        String client = documents.publish("/client.json", documents.document("/client.json"));
        Answer tokens = connect(server.browser(), client);
        assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
        Answer refreshed = refresh(client, tokens.json().getString("refresh_token"));
        assertThat(refreshed.status()).as(refreshed.body()).isEqualTo(200);
        Answer introspected = server.running().post("/oauth/introspect", "token", refreshed.json().getString("access_token"));
        assertThat(introspected.json().getString("client_id")).isEqualTo(client);
    }

    @Test
    void nothingIsStoredBeforeSomebodyConsents() {
        String client = documents.publish("/client.json", documents.document("/client.json"));
        Browser browser = server.browser();
        Page consent = consent(browser, client);
        assertThat(server.rows("SELECT client_id FROM client WHERE kind = 'metadata_document'")).isEmpty();
        browser.send(consent, "decision", "deny");
        assertThat(server.rows("SELECT client_id FROM client WHERE kind = 'metadata_document'")).isEmpty();
        connect(browser, client);
        assertThat(server.rows("SELECT client_id, name FROM client WHERE kind = 'metadata_document'")).hasSize(1);
        assertThat(server.rows("SELECT client_id FROM client_document")).hasSize(1);
    }

    @Test
    void metadataSaysThatDocumentsAreTaken() {
        assertThat(metadata().getBoolean("client_id_metadata_document_supported")).isTrue();
    }

    @Test
    void documentLikeChatGptsIsTaken() {
        String client = documents.publish("/oauth/client.json", documents.document("/oauth/client.json", "client_name", "ChatGPT",
            "token_endpoint_auth_method", "private_key_jwt", "token_endpoint_auth_methods_supported",
            new JsonArray().add("none").add("private_key_jwt"), "token_endpoint_auth_signing_alg", "RS256",
            "jwks_uri", documents.url("/jwks.json"), "client_uri", "https://chatgpt.com/", "logo_uri", null));
        assertThat(connect(server.browser(), client).status()).isEqualTo(200);
    }

    @Test
    void clientThatHasOnlyAKeyMustUseIt() {
        String client = documents.publish("/client.json", documents.document("/client.json", "token_endpoint_auth_method",
            "private_key_jwt", "jwks_uri", documents.url("/jwks.json")));
        Answer answer = connect(server.browser(), client);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.json().getString("error")).isEqualTo("invalid_client");
    }

    @Test
    void endOfOnePersonsGrantLeavesTheOthers() {
        String client = documents.publish("/client.json", documents.document("/client.json"));
        Answer annas = connect(server.browser(), client);
        Browser bob = server.browser();
        bob.follow(bob.send(bob.get(request(client)), "username", "bob", "password", "battery staple"));
        Answer bobs = connect(bob, client);
        server.running().post("/oauth/revoke", "token", annas.json().getString("refresh_token"), "client_id", client);
        assertThat(refresh(client, annas.json().getString("refresh_token")).status()).isEqualTo(400);
        assertThat(refresh(client, bobs.json().getString("refresh_token")).status()).isEqualTo(200);
        Answer again = connect(server.browser(), client);
        assertThat(again.status()).isEqualTo(200);
        assertThat(server.rows("SELECT grant_id FROM authorization_grant WHERE revoked_at IS NULL")).hasSize(2);
    }

    private JsonObject metadata() {
        return server.running().send(server.running().request("/.well-known/oauth-authorization-server", null)).json();
    }
}
