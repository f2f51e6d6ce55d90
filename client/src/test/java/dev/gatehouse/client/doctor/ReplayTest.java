package dev.gatehouse.client.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.doctor.PatientServer.Reply;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.flight.Exchange;
import dev.gatehouse.shared.flight.FlightRecord;
import dev.gatehouse.shared.flight.KnownClient;
import io.vertx.core.http.HttpServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A record of an examination holds no secret, and a replay sends its requests again. */
final class ReplayTest {

    private static final Visit VISIT = new Visit();

    @AfterAll
    static void close() {
        VISIT.close();
    }

    @Test
    void noSecretIsInARecordOrAReport() {
        List<String> secrets = List.of(PatientServer.jwt("x").split("\\.")[2], PatientServer.REFRESH_TOKEN, PatientServer.CODE,
            PatientServer.SESSION, PatientServer.REGISTRATION_TOKEN, PatientServer.COOKIE, PatientServer.PAGE_SECRET, "marked-client-secret", "marked-echo");
        Evidence evidence = VISIT.examine(reply -> {
            if (reply.path().equals("/register")) {
                reply.put("client_secret", "marked-client-secret");
            } else if (reply.isResultOf("tools/list")) {
                reply.put("echo", reply.request.getHeader("Authorization") + " " + reply.request.getHeader("Mcp-Session-Id"));
            }
            reply.headers.add("Set-Cookie", "id=marked-echo; HttpOnly").add("X-Debug", PatientServer.COOKIE);
        });
        List<Finding> findings = Doctor.diagnose(evidence);
        assertThat(evidence.exchanges().toString()).contains(secrets);
        Report report = new Report(evidence, findings);
        for (String text : List.of(report.record(Instant.EPOCH).toJson().encode(), report.text(), report.html(), report.json().encode())) {
            assertThat(text).doesNotContain(secrets);
        }
        assertThat(report.record(Instant.EPOCH).toJson().encode()).contains("add_note").contains("code_challenge=");
    }

    private static FlightRecord recorded() {
        Evidence evidence = VISIT.examine(reply -> { });
        return new Report(evidence, Doctor.diagnose(evidence)).record(Instant.EPOCH);
    }

    private static List<Replay.Resent> replay(FlightRecord record, Consumer<Reply> fault) {
        try (PatientServer server = new PatientServer(VISIT.vertx, Ports.free(), fault)) {
            return Waiting.on(new Replay(VISIT.http, VISIT.tls, record, URI.create(server.url())).run());
        }
    }

    private static List<String> differences(List<Replay.Resent> resent) {
        return resent.stream().filter(Replay.Resent::wasSent).map(each -> AnswerComparison.difference(each.recorded(), each.fresh()).map(text -> each.recorded().step() + ": " + text))
            .flatMap(Optional::stream).toList();
    }

    @Test
    void aReplaySendsTheSameRequestsAndFindsTheSameAnswers() {
        FlightRecord record = recorded();
        List<Replay.Resent> resent = replay(record, reply -> { });
        assertThat(differences(resent)).isEmpty();
        Replay.Resent registration = resent.stream().filter(each -> each.recorded().step().equals(Step.REGISTRATION + "cursor")).findFirst().orElseThrow();
        assertThat(registration.fresh().requestBody()).isEqualTo(registration.recorded().requestBody());
        assertThat(registration.fresh().requestHeaders()).containsAllEntriesOf(registration.recorded().requestHeaders());
        Replay.Resent authorization = resent.stream().filter(each -> each.recorded().step().equals(Step.AUTHORIZE)).findFirst().orElseThrow();
        assertThat(authorization.fresh().query().keySet()).isEqualTo(authorization.recorded().query().keySet());
        assertThat(authorization.fresh().query().get("state")).isNotEqualTo(authorization.recorded().query().get("state"));
        assertThat(resent.stream().filter(each -> !each.wasSent()).map(each -> each.recorded().step())).contains(Step.TOKEN, Step.TOOLS).doesNotContain(Step.ANONYMOUS, Step.UNREGISTRATION);
    }

    @Test
    void aReplaySaysWhichAnswerDiffers() {
        FlightRecord record = recorded();
        assertThat(differences(replay(record, reply -> reply.status = reply.is("POST", "/register") ? 403 : reply.status)))
            .anyMatch(difference -> difference.startsWith("registration.cursor: was 201 application/json, is 403"));
        assertThat(differences(replay(record, reply -> {
            if (reply.isUnauthorized()) {
                reply.headers.remove("WWW-Authenticate");
            }
        }))).anyMatch(difference -> difference.startsWith("mcp.anonymous: WWW-Authenticate had"));
        assertThat(differences(replay(record, reply -> reply.headers.remove("Access-Control-Expose-Headers"))))
            .anyMatch(difference -> difference.contains("access-control-expose-headers was"));
    }

    @Test
    void aReplaySendsNothingToServersThatTheTargetDoesNotName() {
        AtomicInteger strayRequests = new AtomicInteger();
        HttpServer elsewhere = Waiting.on(VISIT.vertx.createHttpServer().requestHandler(request -> {
            strayRequests.incrementAndGet();
            request.response().end();
        }).listen(0, "127.0.0.1"));
        FlightRecord record = recorded();
        String origin = "http://127.0.0.1:" + elsewhere.actualPort();
        Exchange anonymous = record.exchanges().get(0);
        List<Exchange> foreign = List.of(exchange("mcp.initialize", origin + "/mcp"), exchange("mcp.tools", origin + "/mcp"), exchange(Step.RESOURCE_METADATA, origin + "/document"));
        FlightRecord withForeign = new FlightRecord(record.recordedAt(), record.server(), record.client(), record.stoppedAt(),
            Stream.concat(Stream.of(anonymous), foreign.stream()).toList(), record.decisions(), record.findings());
        List<Replay.Resent> resent = replay(withForeign, reply -> { });
        Waiting.on(elsewhere.close());
        assertThat(resent.get(0).wasSent()).isTrue();
        assertThat(resent.get(0).fresh().status()).isEqualTo(401);
        assertThat(resent.subList(1, resent.size())).hasSize(3).noneMatch(Replay.Resent::wasSent)
            .allMatch(each -> each.reason().startsWith("it went to another server than those of "));
        assertThat(strayRequests).hasValue(0);
    }

    @Test
    void aReplaySendsRequestsOfTheRecordedAuthorizationServerToThatOfTheTarget() {
        FlightRecord record = recorded();
        FlightRecord foreign = new FlightRecord(record.recordedAt(), record.server(), record.client(), record.stoppedAt(),
            List.of(record.exchanges().get(0), exchange(Step.KEYS, "https://intranet.example/jwks")), record.decisions(), record.findings());
        List<Replay.Resent> resent = replay(foreign, reply -> { });
        assertThat(resent.get(1).fresh().url()).isEqualTo(resent.get(0).fresh().url().replace("/mcp", "/jwks"));
        assertThat(resent.get(1).fresh().status()).isEqualTo(200);
    }

    private static Exchange exchange(String step, String url) {
        return new Exchange(step, "GET", url, Map.of(), "", 200, Map.of(), "", "");
    }

    @Test
    void aRecordNamesTheClientByItsMarks() {
        Evidence evidence = VISIT.examine(reply -> { });
        Evidence cursor = new Evidence(evidence.server(), evidence.all(Step.REGISTRATION + "cursor"));
        assertThat(new Report(cursor, List.of()).record(Instant.EPOCH).client()).map(KnownClient.Sighting::id).contains("cursor");
    }
}
