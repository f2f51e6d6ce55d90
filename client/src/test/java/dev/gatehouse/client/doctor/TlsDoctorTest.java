package dev.gatehouse.client.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.fixtures.Certificates;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.fetch.TrustedAuthorities;
import dev.gatehouse.shared.flight.FlightRecord;
import io.netty.pkitesting.CertificateBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyStoreOptions;
import io.vertx.core.net.TrustOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** Each planted fault of TLS is found by its name, and a healthy TLS server has none. */
@Tag("slow")
final class TlsDoctorTest {

    private static final Vertx VERTX = Vertx.vertx();

    @TempDir
    static Path directory;

    private static Certificates certificates;
    private static TrustOptions trust;

    @BeforeAll
    static void makeCertificates() throws IOException {
        Instant now = Instant.now();
        UnaryOperator<CertificateBuilder> host = Certificates.of("localhost");
        certificates = new Certificates(directory).authority("authority", "CN=Test authority").intermediate("sub", "CN=Test intermediate sub", "authority")
            .signed("good", "CN=localhost", "sub", host)
            .signed("expired", "CN=localhost", "authority", certificate -> host.apply(certificate)
                .notBefore(now.minus(Duration.ofDays(30))).notAfter(now.minus(Duration.ofDays(20))))
            .signed("early", "CN=localhost", "authority", certificate -> host.apply(certificate)
                .notBefore(now.plus(Duration.ofDays(2))).notAfter(now.plus(Duration.ofDays(12))))
            .signed("other", "CN=other.example.com", "authority", Certificates.of("other.example.com"))
            .selfSigned("self", "CN=localhost", host);
        trust = TrustedAuthorities.withFile(certificates.certificateFile("authority"));
    }

    @AfterAll
    static void close() {
        Waiting.on(VERTX.close());
    }

    private static PatientServer serve(String alias) {
        return serve(certificates.storeFile(), alias);
    }

    private static PatientServer serve(Path store, String alias) {
        HttpServerOptions options = new HttpServerOptions().setHost("127.0.0.1").setPort(Ports.free()).setSsl(true).setKeyCertOptions(new KeyStoreOptions()
            .setType("PKCS12").setPath(store.toString()).setPassword(Certificates.PASSWORD).setAlias(alias));
        return new PatientServer(VERTX, options, "localhost", reply -> { });
    }

    private static Evidence examine(String url, TrustOptions trusted) {
        return Waiting.on(new Examination(VERTX, new HttpCaller(VERTX, trusted), new TlsWalk(VERTX, trusted, Clock.systemUTC()), new Examination.Settings(URI.create(url), ClientProfile.ALL, null, null,
            Duration.ofSeconds(2), Duration.ofSeconds(2))).run());
    }

    private static List<String> ids(Evidence evidence, Outcome.Kind kind) {
        return Doctor.diagnose(evidence).stream().filter(finding -> finding.outcome().kind() == kind).map(finding -> finding.check().id()).toList();
    }

    private static List<String> failures(Evidence evidence) {
        return ids(evidence, Outcome.Kind.FAILED);
    }

    @Test
    void aHealthyTlsServerHasNoFailureAndEachCheckOfTlsIsMade() {
        try (PatientServer server = serve("good")) {
            Evidence evidence = examine(server.url(), trust);
            assertThat(failures(evidence)).isEmpty();
            assertThat(ids(evidence, Outcome.Kind.PASSED)).containsAll(CertificateChecks.ALL.stream().map(Check::id).toList()).contains("token-error");
        }
    }

    @ParameterizedTest(name = "{1}: {0}")
    @CsvSource({"expired, certificate-validity", "early, certificate-validity", "other, certificate-host", "self, certificate-self-signed"})
    void aPlantedFaultIsFoundByItsNameAndNoOther(String alias, String check) {
        try (PatientServer server = serve(alias)) {
            assertThat(failures(examine(server.url(), trust))).containsExactly(check, "reachable");
        }
    }

    @Test
    void aMissingIntermediateCertificateIsNamed() {
        try (PatientServer server = serve(certificates.storeFileWithoutChain("good"), "good")) {
            Evidence evidence = examine(server.url(), trust);
            assertThat(failures(evidence)).containsExactly("certificate-chain", "reachable");
            assertThat(new Report(evidence, Doctor.diagnose(evidence)).text()).contains("the certificate of CN=Test intermediate sub is missing");
        }
    }

    @Test
    void anAuthorityThatThePlatformDoesNotKnowIsNamed() {
        try (PatientServer server = serve("good")) {
            Evidence evidence = examine(server.url(), null);
            assertThat(failures(evidence)).containsExactly("certificate-authority", "reachable");
            assertThat(new Report(evidence, Doctor.diagnose(evidence)).text()).contains("it is CN=Test authority");
        }
    }

    @Test
    void plainHttpOnAnHttpsPortIsNamed() {
        try (PatientServer server = new PatientServer(VERTX, Ports.free(), reply -> { })) {
            assertThat(failures(examine(server.url().replace("http:", "https:"), trust))).containsExactly("tls-plain-http", "reachable");
        }
    }

    @Test
    void aPortWithoutAServerIsNoFaultOfTls() {
        assertThat(failures(examine("https://localhost:" + Ports.free() + "/mcp", trust))).containsExactly("reachable");
    }

    @Test
    void aReplayLooksAtTheCertificatesOfItsTarget() {
        FlightRecord record;
        try (PatientServer server = serve("good")) {
            Evidence evidence = examine(server.url(), trust);
            record = new Report(evidence, Doctor.diagnose(evidence)).record(Instant.EPOCH);
        }
        try (PatientServer server = serve("expired")) {
            Replay replay = new Replay(new HttpCaller(VERTX, trust), new TlsWalk(VERTX, trust, Clock.systemUTC()), record, URI.create(server.url()));
            Waiting.on(replay.run());
            assertThat(failures(replay.evidence())).contains("certificate-validity");
        }
    }
}
