package dev.gatehouse.authz.audit;

import static dev.gatehouse.authz.support.RunningServer.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.sql.SqlRow;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The trail of a running server. */
class AuditTrailTest {

    private static final Duration LONGEST = Duration.ofSeconds(20);

    private static List<SqlRow> rows(RunningServer server) {
        return Waiting.on(server.database().read("SELECT * FROM audit_event ORDER BY seq"));
    }

    private static List<String> names(RunningServer server) {
        return rows(server).stream().map(row -> row.text("event")).toList();
    }

    private static JsonObject audit(JsonObject audit) {
        return new JsonObject().put("audit", audit);
    }

    @Test
    void tokensAndRefusalsAreEventsWithoutASecret() {
        try (RunningServer server = RunningServer.start(audit(new JsonObject().put("node", "node-7")))) {
            server.add(Clients.publicClient("app"));
            server.add(Clients.basicClient("service", "s3cret-of-service"));
            Approval approval = server.approve("app");
            String token = server.postAs(basic("service", "s3cret-of-service"), "/oauth/token", "grant_type", "client_credentials").requireOk().json()
                .getString("access_token");
            server.postAs(basic("service", "s3cret-wrong-one"), "/oauth/token", "grant_type", "client_credentials").requireError(401, "invalid_client");
            server.post("/oauth/token", "grant_type", "authorization_code", "client_id", "app", "code", approval.code(), "code_verifier", Approval.newVerifier())
                .requireError(400, "invalid_grant");
            server.postAs(basic("service", "s3cret-of-service"), "/oauth/token", "grant_type", "client_credentials", "scope", "unheard-of")
                .requireError(400, "invalid_scope");
            Eventually.holds("the trail has the events", LONGEST, () -> names(server).containsAll(
                List.of("signing_key_added", "token_issued", "client_refused", "code_refused", "request_refused")));
            SqlRow issued = rows(server).stream().filter(row -> row.text("event").equals("token_issued")).findFirst().orElseThrow();
            assertThat(issued.text("client_id")).isEqualTo("service");
            assertThat(issued.text("source")).isEqualTo("127.0.0.1");
            assertThat(issued.text("node")).isEqualTo("node-7");
            assertThat(issued.text("request_id")).hasSize(12);
            String all = rows(server).stream().flatMap(row -> Stream.of(row.text("details"), row.text("actor"), row.text("reason"))).toList().toString();
            assertThat(all).doesNotContain("s3cret", approval.code(), approval.verifier(), token);
        }
    }

    @Test
    void successfulIntrospectionIsNoEventAndOmittedEventsAreNotStored() {
        try (RunningServer server = RunningServer.start(audit(new JsonObject().put("store", new JsonObject()
                .put("omittedEvents", new JsonArray().add("token_issued")))))) {
            server.add(Clients.basicClient("service", "s3cret-of-service"));
            String service = basic("service", "s3cret-of-service");
            String token = server.postAs(service, "/oauth/token", "grant_type", "client_credentials").requireOk().json().getString("access_token");
            assertThat(server.isActive(token)).isTrue();
            server.postAs(basic("service", "wrong"), "/oauth/token", "grant_type", "client_credentials").requireError(401, "invalid_client");
            Eventually.holds("the later event is stored", LONGEST, () -> names(server).contains("client_refused"));
            assertThat(names(server)).containsOnly("signing_key_added", "client_refused");
        }
    }

    @Test
    void disabledTrailStoresNothing() {
        try (RunningServer server = RunningServer.start(audit(new JsonObject().put("store", new JsonObject().put("enabled", false))))) {
            server.add(Clients.basicClient("service", "s3cret-of-service"));
            server.postAs(basic("service", "s3cret-of-service"), "/oauth/token", "grant_type", "client_credentials").requireOk();
            assertThat(names(server)).isEmpty();
        }
    }

    @Test
    void eventsOfTheLastMomentAreStoredAndExportedWhenTheServerStops() throws IOException {
        Path directory = RunningServer.temporaryDirectory();
        Path file = directory.resolve("audit.jsonl");
        JsonObject configuration = audit(new JsonObject().put("file", new JsonObject().put("path", file.toString())));
        try (RunningServer server = RunningServer.start(directory, configuration, 2)) {
            server.add(Clients.basicClient("service", "s3cret-of-service"));
            for (int i = 0; i < 30; i++) {
                server.postAs(basic("service", "s3cret-of-service"), "/oauth/token", "grant_type", "client_credentials").requireOk();
            }
        }
        List<JsonObject> lines = Files.readAllLines(file).stream().map(JsonObject::new).toList();
        assertThat(lines).filteredOn(line -> line.getString("event").equals("token_issued")).hasSize(30);
        for (int i = 1; i < lines.size(); i++) {
            assertThat(lines.get(i).getString("previous_hash")).isEqualTo(lines.get(i - 1).getString("hash"));
        }
    }

    @Test
    void collectorThatIsDownLosesNothingAndDelaysNoToken() {
        Vertx vertx = Vertx.vertx();
        List<Long> received = new ArrayList<>();
        boolean[] up = {false};
        try (RunningServer server = RunningServer.start()) {
            server.add(Clients.basicClient("service", "s3cret-of-service"));
            for (int i = 0; i < 5; i++) {
                server.postAs(basic("service", "s3cret-of-service"), "/oauth/token", "grant_type", "client_credentials").requireOk();
            }
            Eventually.holds("the events are stored", LONGEST, () -> names(server).size() == 6);
            AuditStore store = new AuditStore(server.database(), new AuditChain(new MasterKey(new byte[32])));
            OtlpCollector collector = new OtlpCollector(store, records -> {
                synchronized (received) {
                    records.forEach(record -> received.add(record.getLong("seq")));
                }
                return up[0] ? Future.succeededFuture() : Future.failedFuture(new IOException("no collector on " + Ports.free()));
            }, "node", Clock.systemUTC());
            assertThat(Waiting.on(new AuditExport(vertx, store, collector).stop())).as("a failed delivery").isNull();
            assertThat(Waiting.on(store.takeTurn("otlp", "node", 0, 1))).as("nothing counts as delivered").contains(0L);
            up[0] = true;
            received.clear();
            Waiting.on(new AuditExport(vertx, store, collector).stop());
            assertThat(received).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
            assertThat(Waiting.on(store.takeTurn("otlp", "node", 0, 1))).contains(6L);
        } finally {
            Waiting.on(vertx.close());
        }
    }
}
