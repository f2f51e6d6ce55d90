package dev.gatehouse.authz.client.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Page;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.time.Duration;

/** For how long a document counts, and what comes of its changes. */
final class DocumentCacheTest extends DocumentTest {

    private static final String PATH = "/client.json";

    @Override
    JsonObject configuration() {
        return documents("minimumCacheSeconds", 30, "defaultCacheSeconds", 300, "maximumCacheSeconds", 3600, "failurePauseSeconds", 5);
    }

    private String publish(String... headers) {
        return documents.publish(PATH, documents.document(PATH), headers);
    }

    private void assertAskedAgainAfter(String client, long seconds) {
        assertAccepted(client);
        server.clock().advance(Duration.ofSeconds(seconds - 1));
        assertAccepted(client);
        assertThat(documents.asked(PATH)).as("fresh until").isEqualTo(1);
        server.clock().advance(Duration.ofSeconds(1));
        assertAccepted(client);
        assertThat(documents.asked(PATH)).as("stale from").isEqualTo(2);
    }

    @Test
    void ageThatTheServerNamesCounts() {
        assertAskedAgainAfter(publish("Cache-Control", "public, max-age=120"), 120);
    }

    @Test
    void ageSpentInCachesOnTheWayCountsToo() {
        assertAskedAgainAfter(publish("Cache-Control", "max-age=120", "Age", "20"), 100);
    }

    @Test
    void noStoreIsKeptForOurOwnLowerBoundOnly() {
        assertAskedAgainAfter(publish("Cache-Control", "no-store"), 30);
    }

    @Test
    void longAgeIsCutToOurOwnUpperBound() {
        assertAskedAgainAfter(publish("Cache-Control", "max-age=31536000, immutable"), 3600);
    }

    @Test
    void serverThatSaysNothingGetsTheDefault() {
        assertAskedAgainAfter(publish(), 300);
    }

    @Test
    void entityTagIsSentBackAndNotModifiedRenewsTheCopy() {
        String client = documents.on(PATH, request -> {
            request.response().putHeader("ETag", "\"v1\"").putHeader("Cache-Control", "max-age=60").putHeader("Content-Type", "application/json");
            if ("\"v1\"".equals(request.getHeader("If-None-Match"))) {
                request.response().setStatusCode(304).end();
            } else {
                request.response().end(documents.document(PATH).encode());
            }
        });
        assertAccepted(client);
        for (int i = 0; i < 100; i++) {
            server.clock().advance(Duration.ofSeconds(60));
            assertAccepted(client);
        }
        assertThat(documents.asked(PATH)).isEqualTo(101);
    }

    @Test
    void lastGoodCopyCountsWhileItsServerIsDownAndNeverPastTheUpperBound() {
        String client = publish("Cache-Control", "max-age=60");
        assertAccepted(client);
        documents.on(PATH, request -> request.response().setStatusCode(503).end());
        server.clock().advance(Duration.ofSeconds(3599));
        assertAccepted(client);
        server.clock().advance(Duration.ofSeconds(1));
        assertThat(assertRefused(client)).contains("could not be fetched");
        publish();
        server.clock().advance(Duration.ofSeconds(5));
        assertAccepted(client);
    }

    @Test
    void connectionThatBreaksLeavesTheLastGoodCopy() {
        String client = publish("Cache-Control", "max-age=60");
        assertAccepted(client);
        documents.on(PATH, request -> request.connection().close());
        server.clock().advance(Duration.ofSeconds(61));
        assertAccepted(client);
    }

    @Test
    void documentThatIsGoneOrInvalidCountsNoMore() {
        String client = publish("Cache-Control", "max-age=60");
        assertAccepted(client);
        documents.publish(PATH, documents.document(PATH, "client_secret", "s"));
        server.clock().advance(Duration.ofSeconds(60));
        assertRefused(client);
        publish("Cache-Control", "max-age=60");
        server.clock().advance(Duration.ofSeconds(5));
        assertAccepted(client);
        documents.on(PATH, request -> request.response().setStatusCode(404).end());
        server.clock().advance(Duration.ofSeconds(60));
        assertRefused(client);
    }

    @Test
    void consentedCopyOutlivesARestart() {
        String client = publish("Cache-Control", "max-age=60");
        Answer tokens = connect(server.browser(), client);
        documents.on(PATH, request -> request.response().setStatusCode(503).end());
        server.restart(new JsonObject());
        assertThat(refresh(client, tokens.json().getString("refresh_token")).status()).isEqualTo(200);
        server.clock().advance(Duration.ofSeconds(3600));
        assertThat(refresh(client, tokens.json().getString("refresh_token")).status()).isEqualTo(401);
    }

    @Test
    void changedRedirectUrisCountAtOnceForNewRequests() {
        String client = publish("Cache-Control", "max-age=60");
        assertThat(ask(client, "redirect_uri", "https://app.example.com/cb").isLogin()).isTrue();
        documents.publish(PATH, documents.document(PATH, "redirect_uris", new JsonArray().add("https://app.example.com/new")));
        server.clock().advance(Duration.ofSeconds(60));
        assertThat(ask(client, "redirect_uri", "https://app.example.com/cb").status()).isEqualTo(400);
        assertThat(ask(client, "redirect_uri", "https://app.example.com/new").isLogin()).isTrue();
    }

    @Test
    void changedNameIsShownAndAskedForAnew() {
        String client = publish("Cache-Control", "max-age=60");
        Browser browser = server.browser();
        connect(browser, client);
        documents.publish(PATH, documents.document(PATH, "client_name", "Somebody Else"));
        server.clock().advance(Duration.ofSeconds(60));
        assertThat(consent(browser, client).body()).contains("Somebody Else");
    }

    @Test
    void consentToWhatTheClientWasCalledBeforeDoesNotCount() {
        String client = publish("Cache-Control", "max-age=60");
        Browser browser = server.browser();
        Page shown = consent(browser, client);
        documents.publish(PATH, documents.document(PATH, "client_name", "Somebody Else"));
        server.clock().advance(Duration.ofSeconds(60));
        assertThat(browser.send(shown, "decision", "approve").status()).isEqualTo(403);
        assertThat(server.codes()).isZero();
        assertThat(browser.send(consent(browser, client), "decision", "approve").answer()).containsKey("code");
    }
}
