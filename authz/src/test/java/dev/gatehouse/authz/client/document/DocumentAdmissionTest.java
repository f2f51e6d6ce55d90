package dev.gatehouse.authz.client.document;

import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.document.DocumentStore.DocumentDecision;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.FrontServer;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The hosts whose documents are accepted, and the number of documents. */
@Tag("slow")
final class DocumentAdmissionTest extends DocumentTest {

    private void restartWith(JsonObject configuration) {
        server.close();
        server = new FrontServer(configuration);
    }

    private String publish() {
        return documents.publish("/client.json", documents.document("/client.json"), "Cache-Control", "max-age=3600");
    }

    @Test
    void onlyAllowedHostsAreTakenExactlyAsWritten() {
        restartWith(documents("allowedHosts", new JsonArray().add("LOCALHOST")));
        assertAccepted(publish());
        restartWith(documents("allowedHosts", new JsonArray().add("host").add("xlocalhost").add("localhost.example.com")));
        assertThat(assertRefused(publish())).contains("does not allow");
        assertThat(documents.asked("/client.json")).as("fetched from the allowed one only").isEqualTo(1);
    }

    @Test
    void deniedHostsAreRefusedExactlyAsWritten() {
        restartWith(documents("deniedHosts", new JsonArray().add("localhost")));
        assertRefused(publish());
        restartWith(documents("deniedHosts", new JsonArray().add("ocalhost").add("example.com")));
        assertAccepted(publish());
    }

    @Test
    void approvedDocumentIsTakenThoughItsHostIsNotAllowed() {
        restartWith(documents("allowedHosts", new JsonArray().add("app.example.com")));
        String client = publish();
        assertRefused(client);
        decide(client, DocumentDecision.APPROVED);
        Eventually.holds(() -> ask(client).isLogin());
        decide(client, DocumentDecision.NONE);
        Eventually.holds(() -> ask(client).status() == 400);
    }

    @Test
    void blockedDocumentIsRefusedAndAllThatItWasGivenEnds() {
        String client = publish();
        Answer tokens = connect(server.browser(), client);
        decide(client, DocumentDecision.BLOCKED);
        Eventually.holds(() -> ask(client).status() == 400);
        assertThat(refresh(client, tokens.json().getString("refresh_token")).status()).isEqualTo(401);
        Eventually.holds(() -> !server.running()
            .post("/oauth/introspect", "token", tokens.json().getString("access_token")).json().getBoolean("active"));
        decide(client, DocumentDecision.NONE);
        Eventually.holds(() -> ask(client).isLogin());
    }

    private void decide(String client, DocumentDecision decision) {
        Waiting.on(new DocumentStore(server.running().database()).decide(client, decision, server.clock().millis()));
    }

    @Test
    void whereDocumentsAreOffSuchIdentifiersAreUnknown() {
        String client = publish();
        connect(server.browser(), client);
        server.restart(documents("enabled", false));
        assertThat(ask(client).body()).contains("no application is registered");
        JsonObject metadata = server.running().send(server.running().request("/.well-known/oauth-authorization-server", null)).json();
        assertThat(metadata.containsKey("client_id_metadata_document_supported")).isFalse();
    }

    @Test
    void oneSourceMayCauseSoManyFetchesAndNoMore() {
        restartWith(documents("fetchesPerMinute", 3, "minimumCacheSeconds", 60));
        String known = publish();
        assertAccepted(known);
        for (int i = 0; i < 2; i++) {
            assertThat(ask(documents.url("/unknown/" + i)).status()).isEqualTo(400);
        }
        assertThat(ask(documents.url("/unknown/2")).status()).isEqualTo(429);
        assertThat(ask(documents.url("/unknown/2")).header("Retry-After")).isNotNull();
        Answer token = server.running().post("/oauth/token", "grant_type", "refresh_token", "refresh_token", "x", "client_id", documents.url("/unknown/3"));
        assertThat(token.status()).isEqualTo(429);
        Answer named = server.running().postAs(basic(documents.url("/unknown/4"), "x"), "/oauth/introspect", "token", "x");
        assertThat(named.status()).as("however the client is named").isEqualTo(429);
        assertThat(documents.asked("/unknown/2") + documents.asked("/unknown/3") + documents.asked("/unknown/4")).isZero();
        assertAccepted(known);
    }

    @Test
    void unknownDocumentAtTheTokenEndpointIsAnInvalidClient() {
        Answer answer = server.running().post("/oauth/token", "grant_type", "refresh_token", "refresh_token", "x", "client_id", documents.url("/unknown"));
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.json().getString("error")).isEqualTo("invalid_client");
    }
}
