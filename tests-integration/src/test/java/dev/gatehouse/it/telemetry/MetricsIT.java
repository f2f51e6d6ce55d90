package dev.gatehouse.it.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;

/** The metrics of both servers in Prometheus. */
@Timeout(180)
final class MetricsIT {

    private static final String DURATION = "http_server_request_duration_seconds_count";
    private static final int PORT = Ports.free();
    private static RunningGatehouse gatehouse;
    private static Tokens tokens;

    @BeforeAll
    static void start() {
        gatehouse = RunningGatehouse.upWith("--metrics-port", String.valueOf(PORT));
        tokens = MetricsReference.exercise(gatehouse);
    }

    @AfterAll
    static void stop() {
        gatehouse.close();
    }

    private static Scrape scrape() {
        return Scrape.of("http://127.0.0.1:" + PORT + "/metrics");
    }

    @Test
    void theTableOfTheDocumentationIsWhatIsServed() throws IOException {
        Scrape scrape = scrape();
        assertThat(scrape.families()).hasSizeGreaterThan(10);
        String documented = Files.readString(MetricsReference.FILE);
        assertThat(MetricsReference.withFreshTable(documented, scrape)).as("run ./gatehouse-dev docs").isEqualTo(documented);
    }

    @Test
    void eachEndpointHasItsRateItsErrorsAndItsDuration() {
        Scrape before = scrape();
        Http.postForm(gatehouse.issuer() + "/oauth/introspect", Map.of("token", tokens.access()));
        Http.postForm(gatehouse.issuer() + "/oauth/token", Map.of("grant_type", "no-such-grant"));
        Http.get(gatehouse.mcpOrigin() + "/sse");
        Scrape after = scrape();
        assertThat(added(before, after, DURATION, "service", "authz", "http_route", "/oauth/introspect", "http_request_method", "POST",
            "http_response_status_code", "200")).isEqualTo(1);
        assertThat(added(before, after, DURATION, "service", "authz", "http_route", "/oauth/token", "http_response_status_code", "400")).isEqualTo(1);
        assertThat(added(before, after, DURATION, "service", "mcp", "http_route", "/sse", "http_response_status_code", "401")).isEqualTo(1);
        assertThat(added(before, after, "gatehouse_refusals_total", "http_route", "/oauth/token", "error", "unsupported_grant_type")).isEqualTo(1);
        assertThat(added(before, after, "gatehouse_refusals_total", "service", "mcp", "http_route", "/sse", "error", "unauthorized")).isEqualTo(1);
        assertThat(after.sum("http_server_request_duration_seconds_bucket", "http_route", "/oauth/introspect", "le", "+Inf"))
            .isEqualTo(after.sum(DURATION, "http_route", "/oauth/introspect"));
    }

    @Test
    void grantsCachesCommitsAndCallsOfToolsAreCounted() {
        Scrape before = scrape();
        Tokens fresh = gatehouse.tokens();
        McpSession session = McpSession.open(gatehouse.mcp(), fresh.access());
        session.tool("list_secure_notes", new JsonObject());
        session.tool("get_secure_note", new JsonObject().put("note_id", "unknown"));
        Scrape after = scrape();
        assertThat(added(before, after, "gatehouse_token_requests_total", "grant_type", "authorization_code", "result", "issued")).isEqualTo(1);
        assertThat(added(before, after, "gatehouse_mcp_tool_call_duration_seconds_count", "tool", "list_secure_notes", "outcome", "success")).isEqualTo(1);
        assertThat(added(before, after, "gatehouse_mcp_tool_call_duration_seconds_count", "tool", "get_secure_note", "outcome", "error")).isEqualTo(1);
        assertThat(added(before, after, "gatehouse_introspection_duration_seconds_count", "result", "active")).isEqualTo(1);
        assertThat(added(before, after, "gatehouse_cache_lookups_total", "cache", "tokens", "result", "hit")).isGreaterThan(2);
        assertThat(added(before, after, "gatehouse_mcp_sessions")).isEqualTo(1);
        // A scrape may fall between the two numbers of a commit.
        Eventually.holds("each commit has a transaction", Duration.ofSeconds(5), () -> {
            Scrape now = scrape();
            double commits = added(before, now, "gatehouse_store_commit_duration_seconds_count", "store", "authz.db");
            return commits > 0 && added(before, now, "gatehouse_store_commit_transactions_sum", "store", "authz.db") >= commits;
        });
        session.delete();
        assertThat(scrape().sum("gatehouse_mcp_sessions")).isEqualTo(before.sum("gatehouse_mcp_sessions"));
    }

    @Test
    void labelsHoldNoPathNoTokenAndNoPersonAndDoNotGrowWithRequests() {
        String invented = "/invented-" + tokens.access();
        Http.get(gatehouse.issuer() + invented);
        Http.postForm(gatehouse.issuer() + "/oauth/token", Map.of("grant_type", "invented-grant"));
        int series = scrape().samples().size();
        for (int i = 0; i < 50; i++) {
            Http.get(gatehouse.issuer() + invented + i);
            Http.get(gatehouse.mcpOrigin() + invented + i);
            Http.get(gatehouse.issuer() + "/oauth/register/some-id-" + i);
            Http.postForm(gatehouse.issuer() + "/oauth/token", Map.of("grant_type", "invented-grant" + i));
        }
        Scrape after = scrape();
        assertThat(after.samples().size() - series).as("series of three routes, with their buckets").isLessThan(100);
        assertThat(after.text()).doesNotContain("invented", "some-id-", tokens.access(), tokens.refresh(), "testuser", "mcp-test-client", "127.0.0.1");
        assertThat(after.sum(DURATION, "service", "authz", "http_route", "/oauth/register/:clientId")).isEqualTo(50);
        assertThat(after.sum(DURATION, "service", "authz", "http_route", "unmatched", "http_response_status_code", "404")).isGreaterThanOrEqualTo(51);
    }

    @Test
    void metricsAreOnAPortOfTheirOwn() {
        assertThat(Http.get("http://127.0.0.1:" + PORT + "/metrics").headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(Http.get(gatehouse.issuer() + "/metrics").statusCode()).isEqualTo(404);
        assertThat(Http.get(gatehouse.mcpOrigin() + "/metrics").statusCode()).isEqualTo(404);
        assertThat(Http.get("http://127.0.0.1:" + PORT + "/oauth/token").statusCode()).isEqualTo(404);
    }

    private static double added(Scrape before, Scrape after, String name, String... labels) {
        return after.sum(name, labels) - before.sum(name, labels);
    }
}
