package dev.gatehouse.authz;

import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

@Tag("slow")
class GracefulStopTest {

    @Test
    void everyTokenThatWasHandedOutWhileStoppingIsGoodAfterwards() {
        RunningServer first = RunningServer.start();
        String client = basic("mcp-test-client", "mcp-test-secret");
        first.postAs(client, "/oauth/token", "grant_type", "client_credentials").requireOk();
        HttpClient http = HttpClient.newHttpClient();
        List<CompletableFuture<HttpResponse<String>>> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            sent.add(http.sendAsync(first.request("/oauth/token", client).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials")).build(), HttpResponse.BodyHandlers.ofString()));
        }
        sent.get(0).join();
        Waiting.on(first.undeploy());
        List<String> tokens = sent.stream().map(GracefulStopTest::tokenOrNull).filter(Objects::nonNull).toList();
        first.close();
        assertThat(tokens).isNotEmpty();
        try (RunningServer second = RunningServer.start(first.directory(), new JsonObject(), 1)) {
            assertThat(tokens).allMatch(second::isActive);
        }
    }

    /** The rest of such a body is never read, so the end of its response is the end of the request. */
    @Test
    void aRequestWhoseBodyWasRefusedDelaysNoStop() {
        RunningServer server = RunningServer.start(new JsonObject().put("stopping", new JsonObject().put("graceSeconds", 60)));
        String client = basic("mcp-test-client", "mcp-test-secret");
        assertThat(server.postAs(client, "/oauth/token", "grant_type", "x".repeat(100_000)).status()).isEqualTo(413);
        server.postAs(client, "/oauth/token", "grant_type", "client_credentials").requireOk();
        long begun = System.nanoTime();
        Waiting.on(server.undeploy());
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
        server.close();
    }

    private static String tokenOrNull(CompletableFuture<HttpResponse<String>> answer) {
        HttpResponse<String> response = answer.exceptionally(refused -> null).join();
        return response == null || response.statusCode() != 200 ? null : new JsonObject(response.body()).getString("access_token");
    }
}
