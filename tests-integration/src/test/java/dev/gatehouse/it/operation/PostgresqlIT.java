package dev.gatehouse.it.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Postgres;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import dev.gatehouse.it.telemetry.OtlpReceiver;
import dev.gatehouse.it.telemetry.OtlpReceiver.ReceivedSpan;
import dev.gatehouse.it.telemetry.Scrape;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Two processes of each server over one PostgreSQL database, which also stops answering. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgresqlIT {

    private Postgres postgres;
    private RunningGatehouse gatehouse;
    private OAuthClient first;
    private OAuthClient second;
    private String secondMcp;
    private final OtlpReceiver collector = new OtlpReceiver();
    private final int metrics = Ports.free();

    @BeforeAll
    void start() {
        Assumptions.assumeTrue(Postgres.isAvailable(), "No PostgreSQL here: install it, or name the directory of its programs in GATEHOUSE_POSTGRES");
        postgres = Postgres.own();
        JsonObject store = new JsonObject().put("store", new JsonObject().put("url", postgres.createDatabase()));
        gatehouse = RunningGatehouse.configured(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url(), "OTEL_METRICS_EXPORTER", "none",
            "OTEL_BSP_SCHEDULE_DELAY", "100"), store.copy().put("metrics", new JsonObject().put("port", metrics)), store.copy());
        first = gatehouse.client();
        second = new OAuthClient(gatehouse.secondNode(), first.id(), first.secret(), first.redirectUri());
        secondMcp = gatehouse.secondMcpServer();
    }

    @AfterAll
    void stop() {
        if (gatehouse != null) {
            gatehouse.close();
        }
        if (postgres != null) {
            postgres.close();
        }
        collector.close();
    }

    @Test
    void transactionsAndTheirWaitsAreMeasuredAndTraced() {
        Scrape before = Scrape.of("http://127.0.0.1:" + metrics + "/metrics");
        gatehouse.tokens();
        Scrape after = Scrape.of("http://127.0.0.1:" + metrics + "/metrics");
        for (String count : List.of("gatehouse_store_commit_duration_seconds_count", "gatehouse_store_commit_transactions_sum")) {
            assertThat(after.sum(count, "store", "authz") - before.sum(count, "store", "authz")).as(count).isPositive();
        }
        String wait = "vertx_pool_queue_time_seconds_count";
        assertThat(after.sum(wait, "pool_type", "sql", "pool_name", "authz")).isGreaterThan(before.sum(wait, "pool_type", "sql", "pool_name", "authz"));
        assertThat(after.text()).contains("gatehouse_store_queue_length{queue=\"write\",store=\"authz\"}").doesNotContain("vertx_sql_");
        Eventually.holds("the spans arrive", Duration.ofSeconds(30), () -> collector.spans().stream().anyMatch(span -> span.name().equals("write authz")
            && span.attributes().getOrDefault("db.query.text", "").contains("INSERT")));
        List<ReceivedSpan> spans = collector.spans().stream().filter(span -> span.attributes().containsKey("db.query.text")).toList();
        assertThat(spans).allSatisfy(span -> assertThat(span.attributes()).containsEntry("db.system.name", "postgresql").containsKey("db.namespace"))
            .noneMatch(span -> span.attributes().get("db.query.text").contains("testuser"));
        assertThat(collector.spans()).as("a statement has no span of its own").noneMatch(span -> span.attributes().containsKey("db.statement"));
    }

    @Test
    void whatOneNodeStoresTheOthersServe() {
        Tokens tokens = gatehouse.tokens();
        assertThat(second.active(tokens.access())).isTrue();
        JsonObject note = McpSession.open(gatehouse.mcp(), tokens.access())
            .tool("create_secure_note", new JsonObject().put("title", "One").put("content", "Text with \u00e9 and \u2603"));
        assertThat(note.getBoolean("isError", false)).as(note.encode()).isFalse();
        McpSession other = McpSession.open(secondMcp, tokens.access());
        assertThat(other.tool("search_secure_notes", new JsonObject().put("query", "One")).encode()).contains("One");
        Tokens refreshed = Tokens.of(second.refresh(tokens.refresh()).body());
        assertThat(first.revoke(refreshed.refresh()).statusCode()).isEqualTo(200);
        Eventually.holds("the other node knows of the revocation", Duration.ofSeconds(2), () -> !second.active(refreshed.access()));
        assertThat(second.refresh(refreshed.refresh()).statusCode()).isEqualTo(400);
    }

    @Test
    void sessionOfOneNodeIsUnknownOnTheOther() {
        String access = gatehouse.tokens().access();
        McpSession session = McpSession.open(gatehouse.mcp(), access);
        HttpResponse<String> elsewhere = Http.send(McpSession.message(secondMcp, access, session.request("tools/list", new JsonObject()).encode())
            .header("Mcp-Session-Id", session.id()).header("MCP-Protocol-Version", McpSession.VERSION));
        assertThat(elsewhere.statusCode()).isEqualTo(404);
        assertThat(session.call("tools/list", new JsonObject()).getJsonObject("result").getJsonArray("tools")).isNotEmpty();
        assertThat(McpSession.open(secondMcp, access).call("tools/list", new JsonObject()).getJsonObject("result").getJsonArray("tools")).isNotEmpty();
    }

    @Test
    void keysThatACommandRotatesArePublishedByBothNodes() {
        String before = jwks(second.issuer());
        Product.Result rotated = gatehouse.run("key", "rotate", "-conf", gatehouse.configuration());
        assertThat(rotated.exitCode()).as(rotated.toString()).isZero();
        Eventually.holds("both nodes publish the new key", Duration.ofSeconds(10), () -> !jwks(second.issuer()).equals(before)
            && jwks(first.issuer()).equals(jwks(second.issuer())));
    }

    @Test
    void aProductionSetupMayUseTheDatabase() throws IOException {
        Path home = Product.scratch("home");
        Path target = Product.scratch("production").resolve("new");
        URI database = URI.create(postgres.createDatabase());
        String[] account = database.getUserInfo().split(":", 2);
        Path password = Files.writeString(home.resolve("password"), account[1]);
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        String address = "@127.0.0.1:" + database.getPort() + database.getPath();
        String[] setup = {"init", "production", "--directory", target.toString(), "--issuer", "https://auth.example.com", "--resource",
            "https://mcp.example.com/mcp", "--proxies", "127.0.0.1", "--registration", "open", "--trust-file", "none", "--store-password-file", password.toString(), "--store"};
        for (String wrong : List.of(database.toString(), "postgresql://" + account[0] + address.replace("127.0.0.1", "db.example.com") + "?sslmode=require",
            "postgresql://" + account[0] + "@127.0.0.1:1/nothing")) {
            Product.Result refused = Product.run(home, with(setup, wrong));
            assertThat(refused.exitCode()).as(refused.toString()).isEqualTo(1);
            assertThat(target).as(refused.err()).doesNotExist();
        }
        Product.Result done = Product.run(home, with(setup, "postgresql://" + account[0] + address + "?sslmode=disable"));
        assertThat(done.exitCode()).as(done.err()).isZero();
        Product.Result client = Product.run(home, "client", "show", "mcp-server", "-conf", target.resolve("authz.json").toString());
        assertThat(client.out()).as(client.err()).contains("https://mcp.example.com/sse");
        assertThat(home.resolve("authz.db")).doesNotExist();
        assertThat(Files.readString(target.resolve("resource.json"))).contains(address).doesNotContain(account[1]);
    }

    private static String[] with(String[] arguments, String last) {
        return Stream.concat(Stream.of(arguments), Stream.of(last)).toArray(String[]::new);
    }

    private static String jwks(String issuer) {
        return Http.get(issuer + "/oauth/jwks").body();
    }

    /** Tokens from before the outage remain valid. A failed request changes nothing: the code can still be redeemed. */
    @Test
    void databaseThatStopsAnsweringIsA503InTimeAndNeedsNoRestart() {
        Tokens tokens = gatehouse.tokens();
        postgres.signal("STOP");
        long begun = System.nanoTime();
        HttpResponse<String> refused = first.refresh(tokens.refresh());
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
        assertThat(Http.get(first.issuer() + "/health/live").statusCode()).isEqualTo(200);
        postgres.signal("CONT");
        Eventually.holds("both nodes issue again", Duration.ofSeconds(20), () -> first.clientCredentials().statusCode() == 200
            && second.clientCredentials().statusCode() == 200);
        HttpResponse<String> again = second.refresh(tokens.refresh());
        assertThat(again.statusCode()).as(again.body()).isEqualTo(200);

        postgres.crash();
        HttpResponse<String> gone = second.clientCredentials();
        assertThat(gone.statusCode()).as(gone.body()).isEqualTo(503);
        assertThat(gone.headers().firstValue("Retry-After")).isPresent();
        postgres.start();
        Eventually.holds("both nodes issue after the crash", Duration.ofSeconds(20), () -> first.clientCredentials().statusCode() == 200
            && second.clientCredentials().statusCode() == 200);
        assertThat(second.active(Tokens.of(again.body()).access())).isTrue();
    }
}
