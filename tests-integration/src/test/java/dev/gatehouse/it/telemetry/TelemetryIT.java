package dev.gatehouse.it.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.fixtures.Postgres;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import dev.gatehouse.it.telemetry.OtlpReceiver.ReceivedSpan;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/** Traces, metrics and logs of both servers at a collector. */
@Timeout(180)
final class TelemetryIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final OtlpReceiver RECEIVER = new OtlpReceiver();
    private static final int AUTHZ = Ports.free();
    private static final int MCP = Ports.free();
    private static RunningGatehouse gatehouse;

    @BeforeAll
    static void start() {
        gatehouse = RunningGatehouse.configured(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", RECEIVER.url(), "OTEL_BSP_SCHEDULE_DELAY", "100",
            "OTEL_METRIC_EXPORT_INTERVAL", "500", "GATEHOUSE_LOG_FORMAT", "json"),
            metrics(AUTHZ).put("audit", new JsonObject().put("otlp", new JsonObject().put("enabled", true))), metrics(MCP));
    }

    private static String store(String name) {
        return Postgres.isChosen() ? name : name + ".db";
    }

    private static JsonObject metrics(int port) {
        return new JsonObject().put("metrics", new JsonObject().put("port", port));
    }

    @AfterAll
    static void stop() {
        gatehouse.close();
        RECEIVER.close();
    }

    private static ReceivedSpan await(String traceId, Predicate<ReceivedSpan> wanted) {
        Eventually.holds("the span arrives", SOON, () -> RECEIVER.spans(traceId).stream().anyMatch(wanted));
        return RECEIVER.spans(traceId).stream().filter(wanted).findFirst().orElseThrow();
    }

    @Test
    void oneTraceLeadsFromTheClientThroughTheToolAndTheAuthorizationServerToTheDatabases() {
        Tokens tokens = gatehouse.tokens();
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        McpSession session = McpSession.open(gatehouse.mcp(), tokens.access());
        // Another token, so that the call asks the authorization server about it.
        Tokens other = gatehouse.tokens();
        String call = session.request("tools/call", new JsonObject().put("name", "list_secure_notes").put("arguments", new JsonObject())).encode();
        assertThat(Http.send(McpSession.message(gatehouse.mcp(), other.access(), call).header("Mcp-Session-Id", session.id())
            .header("MCP-Protocol-Version", McpSession.VERSION).header("traceparent", "00-" + trace + "-00f067aa0ba902b7-01")).statusCode()).isEqualTo(200);

        ReceivedSpan request = await(trace, span -> span.service().equals("gatehouse-mcp") && span.parentId().equals("00f067aa0ba902b7"));
        ReceivedSpan asked = await(trace, span -> span.service().equals("gatehouse-mcp") && span.parentId().equals(request.spanId())
            && span.attributes().getOrDefault("url.full", "").endsWith("/oauth/introspect"));
        ReceivedSpan answered = await(trace, span -> span.service().equals("gatehouse-authz") && span.parentId().equals(asked.spanId()));
        ReceivedSpan read = await(trace, span -> span.parentId().equals(answered.spanId()) && span.name().equals("read " + store("authz")));
        assertThat(read.attributes()).containsEntry("db.system.name", Postgres.isChosen() ? "postgresql" : "sqlite").containsEntry("db.namespace", store("authz"));
        assertThat(read.attributes().get("db.query.text")).contains("access_token").contains("$1");
        ReceivedSpan tool = await(trace, span -> span.name().equals("tools/call list_secure_notes"));
        assertThat(tool.parentId()).isEqualTo(request.spanId());
        assertThat(tool.attributes()).containsEntry("gen_ai.tool.name", "list_secure_notes");
        assertThat(await(trace, span -> span.name().equals("read " + store("notes"))).parentId()).isEqualTo(tool.spanId());
    }

    @Test
    void aToolCallBelongsToTheSpanThatTheMessageNames() {
        String trace = "0af7651916cd43dd8448eb211c80319c";
        McpSession session = McpSession.open(gatehouse.mcp(), gatehouse.tokens().access());
        session.call("tools/call", new JsonObject().put("name", "list_secure_notes").put("arguments", new JsonObject())
            .put("_meta", new JsonObject().put("traceparent", "00-" + trace + "-b7ad6b7169203331-01")));
        ReceivedSpan tool = await(trace, span -> span.name().equals("tools/call list_secure_notes"));
        assertThat(tool.parentId()).isEqualTo("b7ad6b7169203331");
        assertThat(await(trace, span -> span.name().equals("read " + store("notes"))).parentId()).isEqualTo(tool.spanId());
    }

    @Test
    void auditEventsReachTheCollectorAfterItsOutage() {
        Tokens tokens = gatehouse.tokens();
        Eventually.holds("the token is exported", SOON, () -> RECEIVER.logs().stream().anyMatch(log -> log.eventName().equals("gatehouse.token_issued")));
        assertThat(RECEIVER.hasRefused()).isTrue();
        List<JsonObject> events = RECEIVER.logs().stream().map(log -> new JsonObject(log.body())).toList();
        assertThat(events.stream().map(event -> event.getLong("seq")).distinct().sorted().toList())
            .as("none is missing, from the first").isEqualTo(LongStream.rangeClosed(1, events.get(events.size() - 1).getLong("seq")).boxed().toList());
        assertThat(RECEIVER.logs()).allSatisfy(log -> assertThat(log.service()).isEqualTo("gatehouse-authz"));
        assertThat(events.stream().filter(event -> event.getString("event").equals("token_issued")).toList())
            .allSatisfy(event -> assertThat(event.getString("trace_id")).matches("[0-9a-f]{32}"));
        assertThat(RECEIVER.logs().toString()).doesNotContain(tokens.access(), tokens.refresh());
    }

    @Test
    void noSpanHoldsACodeATokenASecretOrAPassword() {
        Tokens tokens = gatehouse.tokens();
        gatehouse.client().refresh(tokens.refresh());
        Eventually.holds("the spans arrive", SOON, () -> RECEIVER.spans().stream()
            .anyMatch(span -> span.attributes().getOrDefault("url.path", "").equals("/oauth/authorize")));
        List<String> values = RECEIVER.spans().stream().flatMap(span -> span.attributes().values().stream()).toList();
        assertThat(values).anyMatch(value -> value.contains("UPDATE")).noneMatch(value -> value.contains("code_challenge=") || value.contains("code=")
            || value.contains(tokens.access()) || value.contains(tokens.refresh()) || value.contains("testpass") || value.contains("testuser"));
    }

    @Test
    void eachExpressionOfTheDashboardAndOfTheAlertsHasDataInPrometheus() throws IOException {
        MetricsReference.exercise(gatehouse);
        try (RunningPrometheus prometheus = new RunningPrometheus(Map.of("gatehouse-authz", AUTHZ, "gatehouse-mcp", MCP))) {
            List<String> expressions = new ArrayList<>(dashboard());
            Eventually.holds("the rules are evaluated", SOON, () -> prometheus.rules().size() > 5
                && prometheus.rules().stream().allMatch(rule -> rule.getString("health").equals("ok")));
            // An alert is silent while all is well: the value that it compares must be there.
            prometheus.rules().forEach(rule -> expressions.add(rule.getString("query").replaceFirst("\\s*(>|==)\\s*[0-9.]+( unless .*)?$", "")));
            assertThat(expressions).hasSizeGreaterThan(25);
            for (String expression : expressions) {
                Eventually.holds(expression + " has data", SOON, () -> !prometheus.query(expression).isEmpty());
            }
            assertThat(prometheus.query("up{job=~\"gatehouse.*\"} == 1")).hasSize(2);
            assertThat(prometheus.rules()).noneMatch(rule -> rule.getString("state").equals("firing"));
        }
    }

    private static List<String> dashboard() throws IOException {
        JsonObject dashboard = new JsonObject(Files.readString(Product.ROOT.resolve("ops/grafana-dashboard.json")));
        return dashboard.getJsonArray("panels").stream().flatMap(panel -> ((JsonObject) panel).getJsonArray("targets").stream())
            .map(target -> ((JsonObject) target).getString("expr").replace("$job", ".*").replace("$__rate_interval", "30s")).toList();
    }

    @Test
    void theAlertRulesAreValidAndFireWhenTheyShould() {
        String promtool = Parts.prometheus("promtool").toString();
        String rules = Product.ROOT.resolve("ops/alerts.yml").toString();
        for (List<String> check : List.of(List.of(promtool, "check", "rules", rules), List.of(promtool, "check", "config", Product.ROOT.resolve("ops/prometheus.yml").toString()),
                List.of(promtool, "test", "rules", Product.ROOT.resolve("ops/alerts.test.yml").toString()))) {
            Product.Result result = Product.run(check, Map.of(), "");
            assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        }
    }

    @Test
    void eachLineOfTheLogIsJsonAndNamesItsRequestAndItsTrace() {
        String trace = "c0ffee00c0ffee00c0ffee00c0ffee00";
        HttpResponse<String> refused = Http.postForm(gatehouse.issuer() + "/oauth/token", Map.of("grant_type", "client_credentials", "client_id", "stranger"),
            "traceparent", "00-" + trace + "-00f067aa0ba902b7-01");
        String id = refused.headers().firstValue("X-Request-Id").orElseThrow();
        Eventually.holds("the line is written", SOON, () -> gatehouse.output().contains(id));
        JsonObject line = gatehouse.output().lines().filter(each -> each.contains(id)).map(JsonObject::new).findFirst().orElseThrow();
        assertThat(line.getString("http.request.id")).isEqualTo(id);
        assertThat(line.getString("trace.id")).isEqualTo(trace);
        assertThat(line.getString("log.logger")).isEqualTo("audit");
        assertThat(line.getString("log.level")).isEqualTo("INFO");
        assertThat(line.getString("event.action")).isEqualTo("client_refused");
        assertThat(line.getJsonObject("gatehouse.audit").getString("request_id")).isEqualTo(id);
        assertThat(Instant.parse(line.getString("@timestamp"))).isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(gatehouse.output().lines().filter(each -> !each.isEmpty()).map(JsonObject::new)).allSatisfy(each -> assertThat(each.fieldNames())
            .contains("@timestamp", "log.level", "message", "ecs.version", "log.logger", "process.thread.name"));
    }

    @Test
    void theLevelOfALoggerChangesWhileTheServersRun() {
        Predicate<String> request = line -> line.contains("answered 200") && line.contains("\"DEBUG\"");
        gatehouse.active("gha_unknown");
        assertThat(gatehouse.output().lines()).noneMatch(request);
        assertThat(gatehouse.run("log-level", "dev.gatehouse.shared.http", "debug").out()).isEqualTo("dev.gatehouse.shared.http DEBUG\n");
        Eventually.holds("requests are logged", SOON, () -> {
            gatehouse.active("gha_unknown");
            return gatehouse.output().lines().anyMatch(request);
        });
        assertThat(gatehouse.run("log-level", "dev.gatehouse.shared.http", "default").out()).isEmpty();
        Eventually.holds("requests are no longer logged", SOON, () -> {
            long logged = gatehouse.output().lines().filter(request).count();
            gatehouse.active("gha_unknown");
            return gatehouse.output().lines().filter(request).count() == logged && gatehouse.output().lines().anyMatch(line -> line.contains("Log levels: default"));
        });
        for (String[] wrong : new String[][] {{"io.vertx", "DEBUG"}, {"audit", "ERROR"}, {"dev.gatehouse", "LOUD"}, {"dev.gatehouse"}}) {
            List<String> command = new ArrayList<>(List.of("log-level"));
            command.addAll(List.of(wrong));
            assertThat(gatehouse.run(command.toArray(String[]::new)).exitCode()).as(command.toString()).isEqualTo(2);
        }
        assertThat(gatehouse.run("log-level").out()).isEmpty();
    }

    @Test
    void metricsArePushedToo() {
        for (String service : List.of("gatehouse-authz", "gatehouse-mcp")) {
            Eventually.holds("metrics of " + service, SOON, () -> RECEIVER.metrics(service).contains("http.server.request.duration"));
        }
        assertThat(RECEIVER.metrics("gatehouse-mcp")).contains("gatehouse.mcp.sessions", "jvm.memory.used");
        assertThat(RECEIVER.metrics("gatehouse-authz")).contains("gatehouse.token.requests", "gatehouse.store.commit.duration");
    }
}
