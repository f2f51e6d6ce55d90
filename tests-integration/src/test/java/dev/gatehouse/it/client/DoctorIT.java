package dev.gatehouse.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Certificates;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.ChildProcess;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** {@code gatehouse doctor} and {@code gatehouse replay} at the product's servers. */
@Gatehouse
final class DoctorIT {

    private final RunningGatehouse gatehouse;
    private final Path home = Product.scratch("doctor");

    DoctorIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @Test
    void nothingIsWrongWithTheDemo() throws IOException {
        Path page = home.resolve("report.html");
        try (TypedProcess doctor = TypedProcess.start(Product.environment(home), "doctor", gatehouse.mcp(), "--login", "--no-browser", "--html", page.toString())) {
            Http.get(gatehouse.journey().allow(doctor.authorizationUrl()).toString());
            assertThat(doctor.exitCode()).as(doctor.out()).isZero();
            assertThat(doctor.out()).contains("0 failed").contains("✓ The refresh token gets a new access token").contains("✓ Each inputSchema is an object schema")
                .contains("✓ A code works once").contains("✓ A client ID metadata document registers a client").contains("✓ Events arrive when they are sent").doesNotContain("✗");
        }
        assertThat(Files.readString(page)).contains("0 failed").contains("Login to " + gatehouse.mcp());
    }

    @Test
    void aRecordHoldsNoSecretAndRepeatsAtTheServer() throws IOException {
        Path file = home.resolve("attempt.json");
        try (TypedProcess doctor = TypedProcess.start(Product.environment(home), "doctor", gatehouse.mcp(), "--client", "vscode", "--login", "--no-browser", "--json",
            "--record", file.toString())) {
            URI back = gatehouse.journey().allow(doctor.authorizationUrl());
            Http.get(back.toString());
            assertThat(doctor.exitCode()).as(doctor.out()).isZero();
            assertThat(new JsonObject(doctor.out()).getInteger("failed")).isZero();
            assertThat(Files.readString(file)).doesNotContain(Http.query(back).get("code")).doesNotContain("eyJ").contains("[redacted]");
        }
        Product.Result replay = Product.run(home, "replay", file.toString(), "--against", gatehouse.mcp());
        assertThat(replay.exitCode()).as(replay.out() + replay.err()).isZero();
        assertThat(replay.out()).contains("No check failed.");
    }

    @Test
    void aServerThatIsGoneFailsInAWayThatTheRecordDoesNotHave() {
        Path file = home.resolve("attempt.json");
        String gone = "http://localhost:" + Ports.free() + "/mcp";
        assertThat(Product.run(home, "doctor", gatehouse.mcp(), "--record", file.toString()).exitCode()).isZero();
        Product.Result now = Product.run(home, "replay", file.toString(), "--against", gone);
        assertThat(now.exitCode()).isEqualTo(1);
        assertThat(now.out()).contains("fails now: reachable");
        assertThat(Product.run(home, "doctor", gone, "--record", file.toString()).exitCode()).isEqualTo(1);
        assertThat(Product.run(home, "replay", file.toString(), "--against", gone).exitCode()).isEqualTo(3);
    }

    @Test
    void nodeOidcProviderAndTheTypescriptSdkHaveTheFindingsThatTheirDefaultsEarn() {
        int port = Ports.free();
        JsonObject settings = new JsonObject().put("port", port).put("providerPort", Ports.free());
        try (ChildProcess peers = ChildProcess.start(Product.scratch("peers").resolve("log"), Map.of(),
            List.of(Parts.node().toString(), Path.of("node", "doctor-peers.mjs").toAbsolutePath().toString(), settings.encode()))) {
            Eventually.holds("the server listens", Duration.ofSeconds(30), () -> peers.output().contains("listening on"));
            Product.Result doctor = Product.run(home, "doctor", "http://localhost:" + port + "/mcp", "--json");
            assertThat(doctor.exitCode()).as(doctor.out() + doctor.err()).isEqualTo(1);
            JsonArray findings = new JsonObject(doctor.out()).getJsonArray("findings");
            assertThat(ids(findings, "failed")).containsExactly("cors-preflight", "cors-origin", "cors-expose-challenge", "cors-registration", "cors-registration-preflight",
                "authorize-framing");
            assertThat(ids(findings, "passed")).contains("challenge-metadata", "resource-matches", "issuer-matches", "pkce", "registration-loopback", "registration-vscode",
                "authorize-page", "authorize-redirect-uri", "authorize-pkce-required", "token-error");
        }
    }

    /** The JVM serves no such version, so OpenSSL of Node does. */
    @Test
    void aServerThatSpeaksTls10AloneIsNamed() throws IOException {
        Certificates certificates = new Certificates(home).authority("authority", "CN=Test authority")
            .signed("old", "CN=localhost", "authority", Certificates.of("localhost"));
        int port = Ports.free();
        JsonObject settings = new JsonObject().put("port", port).put("pfx", certificates.storeFile().toString()).put("passphrase", Certificates.PASSWORD);
        try (ChildProcess server = ChildProcess.start(home.resolve("tls.log"), Map.of(),
            List.of(Parts.node().toString(), Path.of("node", "old-tls.mjs").toAbsolutePath().toString(), settings.encode()))) {
            Eventually.holds("the server listens", Duration.ofSeconds(30), () -> server.output().contains("listening"));
            Product.Result doctor = Product.run(home, "doctor", "https://localhost:" + port + "/mcp", "--json", "--ca", certificates.certificateFile("authority").toString());
            assertThat(ids(new JsonObject(doctor.out()).getJsonArray("findings"), "failed")).containsExactly("tls-version", "reachable");
        }
    }

    private static List<String> ids(JsonArray findings, String outcome) {
        return findings.stream().map(JsonObject.class::cast).filter(finding -> finding.getString("outcome").equals(outcome)).map(finding -> finding.getString("id")).toList();
    }

    @Test
    void aWrongLineIsExitCodeTwo() {
        assertThat(Product.run(home, "doctor", gatehouse.mcp(), "--client", "netscape").err()).contains("Unknown client netscape; known are claude-web");
        assertThat(Product.run(home, "doctor", "nothing").exitCode()).isEqualTo(2);
        assertThat(Product.run(home, "replay", home.resolve("none.json").toString(), "--against", gatehouse.mcp()).exitCode()).isEqualTo(2);
    }
}
