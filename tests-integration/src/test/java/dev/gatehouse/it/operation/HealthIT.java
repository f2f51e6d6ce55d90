package dev.gatehouse.it.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.ChildProcess;
import dev.gatehouse.it.support.DocumentHost;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** The health endpoints for load balancers and service managers. */
@Timeout(180)
@Order(3)
final class HealthIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    private static JsonObject body(String url) {
        return new JsonObject(Http.get(url).body());
    }

    private static void awaitReady(String origin, int status) {
        Eventually.holds(origin + " answers " + status, SOON, () -> Http.get(origin + "/health/ready").statusCode() == status);
    }

    @Test
    void aDatabaseThatIsLockedOrGoneIsNoticedAndSoIsItsReturn() throws Exception {
        try (RunningGatehouse gatehouse = RunningGatehouse.inProcess(new JsonObject(), new JsonObject())) {
            for (String[] server : new String[][] {{gatehouse.issuer(), "authz.db"}, {gatehouse.mcpOrigin(), "notes.db"}}) {
                Path database = gatehouse.home().resolve(server[1]);
                awaitReady(server[0], 200);
                lockWhile(database, () -> awaitReady(server[0], 503));
                awaitReady(server[0], 200);

                Path away = database.resolveSibling("away.db");
                Files.move(database, away, StandardCopyOption.ATOMIC_MOVE);
                awaitReady(server[0], 503);
                HttpResponse<String> health = Http.get(server[0] + "/health");
                assertThat(health.statusCode()).isEqualTo(503);
                assertThat(new JsonObject(health.body()).getJsonObject("checks").getString("store")).isEqualTo("down");
                assertThat(health.body()).doesNotContain(gatehouse.home().toString());
                assertThat(Http.get(server[0] + "/health/live").statusCode()).isEqualTo(200);
                assertThat(database).as("no empty database is made in its place").doesNotExist();

                Files.move(away, database, StandardCopyOption.ATOMIC_MOVE);
                awaitReady(server[0], 200);
            }
            assertThat(gatehouse.tokens().access()).isNotEmpty();
        }
    }

    @Test
    void aDatabaseThatIsEmptiedIsNoticed() throws Exception {
        try (RunningGatehouse gatehouse = RunningGatehouse.configured(new JsonObject(), new JsonObject())) {
            // The MCP server first, which is ready only while the other one is.
            for (String[] server : new String[][] {{gatehouse.mcpOrigin(), "notes.db"}, {gatehouse.issuer(), "authz.db"}}) {
                Path database = gatehouse.home().resolve(server[1]);
                awaitReady(server[0], 200);
                Files.write(database, new byte[0]);
                awaitReady(server[0], 503);
                assertThat(Http.get(server[0] + "/health/live").statusCode()).isEqualTo(200);
                Eventually.holds("the log names it", SOON, () -> gatehouse.output().contains(server[1] + " was emptied or truncated"));
                assertThat(database).as("nothing is written into what is left").isEmptyFile();
            }
        }
    }

    private static void lockWhile(Path database, Runnable look) throws SQLException {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + database); Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            look.run();
            statement.execute("ROLLBACK");
        }
    }

    @Test
    void theMcpServerSaysWhetherItCanValidateTokens() throws IOException {
        try (RunningGatehouse gatehouse = RunningGatehouse.configured(new JsonObject(), new JsonObject())) {
            awaitReady(gatehouse.mcpOrigin(), 200);
            Tokens tokens = gatehouse.tokens();
            gatehouse.killAuthorizationServer();
            awaitReady(gatehouse.mcpOrigin(), 503);
            assertThat(body(gatehouse.mcpOrigin() + "/health").getJsonObject("checks"))
                .isEqualTo(new JsonObject().put("store", "up").put("token_validation", "down"));
            for (String path : new String[] {"/mcp", "/sse"}) {
                HttpResponse<String> refused = Http.get(gatehouse.mcpOrigin() + path, "Authorization", "Bearer " + tokens.access(),
                    "Accept", "text/event-stream");
                assertThat(refused.statusCode()).as(path).isEqualTo(503);
                assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            }
            assertThat(gatehouse.output()).contains("Tokens cannot be verified now: The authorization server " + gatehouse.issuer());
        }
    }

    @Test
    void aCertificateThatIsNotTrustedIsA503AndTheLogSaysSo() {
        int port = Ports.free();
        String origin = "http://localhost:" + port;
        DocumentHost stranger = DocumentHost.start();
        String issuer = stranger.publish("", new JsonObject());
        try (stranger; ChildProcess server = ChildProcess.start(Product.scratch("log").resolve("mcp.log"), Product.environment(Product.scratch("home")),
                 Product.command("mcp", "--transport", "http", "--port", String.valueOf(port), "--auth-server", issuer))) {
            Eventually.holds("it lives", Duration.ofSeconds(60), () -> Http.get(origin + "/health/live").statusCode() == 200);
            for (String path : new String[] {"/mcp", "/sse"}) {
                HttpResponse<String> refused = Http.get(origin + path, "Authorization", "Bearer some-token", "Accept", "text/event-stream");
                assertThat(refused.statusCode()).as(path).isEqualTo(503);
                assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            }
            assertThat(body(origin + "/health").getJsonObject("checks").getString("token_validation")).isEqualTo("down");
            Eventually.holds("the log says why", SOON, () -> server.output().contains("unable to find valid certification path"));
            assertThat(server.output()).contains("fetching.trustFile").doesNotContain("some-token");
        }
    }

    /** A hundred requests while the disk is full, and a handful of lines about it. */
    @Test
    void aStoreThatKeepsNothingIsALineInTheLogAndNotOneForEachRequest() throws Exception {
        try (RunningGatehouse gatehouse = RunningGatehouse.configured(new JsonObject(), new JsonObject())) {
            Tokens tokens = gatehouse.tokens();
            Path database = gatehouse.home().resolve("authz.db");
            Files.move(database, database.resolveSibling("away.db"), StandardCopyOption.ATOMIC_MOVE);
            awaitReady(gatehouse.issuer(), 503);
            for (int i = 0; i < 100; i++) {
                assertThat(gatehouse.client().refresh(tokens.refresh()).statusCode()).isEqualTo(503);
            }
            assertThat(gatehouse.output().lines().filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                .filter(line -> line.contains("authz.db")).count()).isBetween(1L, 8L);
        }
    }
}
