package dev.gatehouse.it.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.Product;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Both servers, each with a pipe for standard error that is full and not read. */
@Timeout(180)
final class UnreadLogIT {
    private static final Duration START = Duration.ofSeconds(60);
    /** Each request logs about 300 bytes, and a pipe takes 64 KiB. */
    private static final int REQUESTS = 600;
    private static final Duration QUICK = Duration.ofSeconds(2);

    private final Path home = Product.scratch("home");
    private final int port = Ports.free();
    private final int mcpPort = Ports.free();
    private final String issuer = "http://localhost:" + port;
    private final String mcp = "http://localhost:" + mcpPort;
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    private Process start(String ready, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Product.command(arguments)).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(Product.environment(home));
        Process process = builder.start();
        processes.add(process);
        Eventually.holds(ready, START, () -> Http.get(ready).statusCode() == 200);
        return process;
    }

    @Test
    void theAuthorizationServerAnswersOnAndItsAuditIsWholeOrCounted() throws Exception {
        Process server = startAuthorizationServer();
        for (int i = 0; i < REQUESTS; i++) {
            long begun = System.nanoTime();
            assertThat(refuse(i)).isEqualTo(401);
            assertThat(System.nanoTime() - begun).as("request " + i).isLessThan(QUICK.toNanos());
        }
        assertThat(Http.get(issuer + "/health").statusCode()).isEqualTo(200);
        assertThat(server.getErrorStream().available()).as("the pipe is full").isGreaterThan(60_000);

        long told = 0;
        try (BufferedReader reader = new BufferedReader(server.errorReader(StandardCharsets.UTF_8))) {
            while (told < REQUESTS) {
                told += refusals(reader.readLine());
            }
        }
        assertThat(told).isEqualTo(REQUESTS);
    }

    private Process startAuthorizationServer() throws IOException {
        Path configuration = Product.scratch("conf").resolve("authz.json");
        Files.writeString(configuration, new JsonObject().put("port", port)
            .put("rateLimits", new JsonObject().put("tokenPerMinute", 100_000)).encode());
        return start(issuer + "/health", "authz", "-conf", configuration.toString(), "--debug");
    }

    /** A client that does not exist, which is a line of the audit. */
    private int refuse(int number) {
        return Http.postForm(issuer + "/oauth/token", Map.of("grant_type", "client_credentials", "client_id", "nobody-" + number)).statusCode();
    }

    /** Returns the number of rejections that a line reports. */
    private static long refusals(String line) {
        if (!line.contains(" audit - {")) {
            return 0;
        }
        JsonObject record = new JsonObject(line.substring(line.indexOf('{')));
        return record.getString("event").equals("client_refused") ? 1
            : record.getJsonObject("dropped", new JsonObject()).getLong("client_refused", 0L);
    }

    @Test
    void theMcpServerAnswersOn() throws Exception {
        start(mcp + "/.well-known/oauth-protected-resource", "mcp", "--transport", "http", "--port",
            String.valueOf(mcpPort), "--auth-server", issuer, "--debug");
        for (int i = 0; i < REQUESTS; i++) {
            long begun = System.nanoTime();
            assertThat(Http.get(mcp + "/mcp").statusCode()).isEqualTo(401);
            assertThat(System.nanoTime() - begun).as("request " + i).isLessThan(QUICK.toNanos());
        }
        assertThat(Http.get(mcp + "/.well-known/oauth-protected-resource").statusCode()).isEqualTo(200);
    }

    @Test
    void aServerWhoseLogIsNotReadStopsWhenItIsTold() throws Exception {
        Process server = startAuthorizationServer();
        for (int i = 0; i < REQUESTS; i++) {
            refuse(i);
        }
        server.destroy();
        assertThat(server.waitFor(10, TimeUnit.SECONDS)).isTrue();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("authz.db")); Statement statement = connection.createStatement();
             ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM audit_event WHERE event = 'client_refused'")) {
            assertThat(count.getInt(1)).as("events in the audit trail").isEqualTo(REQUESTS);
        }
    }
}
