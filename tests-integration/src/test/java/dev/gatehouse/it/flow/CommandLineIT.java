package dev.gatehouse.it.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** The front door: what the commands print, and what they say when something is wrong. */
@Gatehouse
final class CommandLineIT {
    private final RunningGatehouse gatehouse;

    CommandLineIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @Test
    void helpNamesEveryCommand() {
        Product.Result help = Product.run(Product.scratch("home"), "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("up", "authz", "mcp", "run", "token", "user", "client", "test", "bench");
        assertThat(Product.run(Product.scratch("home"), "--version").out()).contains("gatehouse");
    }

    @Test
    void whatACommandQuotesControlsNoTerminal() {
        Product.Result shown = gatehouse.run("client", "show", "evil\u001B[31m\u202E");
        assertThat(shown.exitCode()).isEqualTo(1);
        assertThat(shown.err()).contains("There is no client evil\\u001b[31m\\u202e").doesNotContain("\u001B", "\u202E");
    }

    @Test
    void tokenPrintsAnAccessTokenAndNothingElse() {
        Product.Result token = gatehouse.run("token", "--auth-server", gatehouse.issuer());
        assertThat(token.exitCode()).as(token.err()).isZero();
        assertThat(token.out()).matches("gha_[A-Za-z0-9_-]{43}\\R");
        assertThat(gatehouse.client().active(token.out().strip())).isTrue();
    }

    @Test
    void tokenTakesResourceAndScope() {
        Product.Result token = gatehouse.run("token", "--auth-server", gatehouse.issuer(), "--resource",
            "http://localhost:5989/mcp", "--scope", "mcp:read");
        JsonObject claims = new JsonObject(gatehouse.client().introspect(token.out().strip()).body());
        assertThat(claims.getString("scope")).isEqualTo("mcp:read");
        assertThat(claims.getValue("aud").toString()).contains("http://localhost:5989/mcp");
    }

    @Test
    void tokenSaysWhatToDoWhenNobodyAnswers() {
        Product.Result token = gatehouse.run("token", "--auth-server", "http://localhost:" + Ports.free());
        assertThat(token.exitCode()).isNotZero();
        assertThat(token.out()).isEmpty();
        assertThat(token.err()).contains("gatehouse up").doesNotContain("Exception");
    }

    @Test
    void takenPortIsNamed() {
        String port = String.valueOf(URI.create(gatehouse.issuer()).getPort());
        Product.Result up = Product.run(Product.scratch("home"), "up", "--port", port, "--mcp-port",
            String.valueOf(Ports.free()));
        assertThat(up.exitCode()).isNotZero();
        assertThat(up.err()).contains(port).contains("--port").doesNotContain("\tat ");
    }

    @Test
    void upRefusesToServeOtherMachines() {
        Product.Result up = Product.run(Product.scratch("home"), "up", "--host", "0.0.0.0");
        assertThat(up.exitCode()).isNotZero();
        assertThat(up.err()).contains("production");
    }

    @Test
    void unusableDataHomeIsNamed() throws IOException {
        Path file = Files.createFile(Product.scratch("home").resolve("file"));
        Product.Result up = Product.run(file.resolve("home"), "authz", "--port", String.valueOf(Ports.free()));
        assertThat(up.exitCode()).isNotZero();
        assertThat(up.err()).contains(file.toString()).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"tokens\":{\"accessTokenSecond\":1}} | accessTokenSecond", "{\"port\":\"many\"} | port",
        "{\"nonsense\":1} | nonsense", "{\"port\": | JSON"})
    void faultyConfigurationIsRefusedByName(String configuration, String name) throws IOException {
        Path file = Files.writeString(Product.scratch("conf").resolve("authz.json"), configuration);
        Product.Result authz = Product.run(Product.scratch("home"), "authz", "-conf", file.toString());
        assertThat(authz.exitCode()).isNotZero();
        assertThat(authz.err()).contains(name).doesNotContain("\tat ");
    }

    @Test
    void welcomeNamesAddressesAndCredentials() {
        String output = gatehouse.output();
        assertThat(output).contains(gatehouse.issuer(), gatehouse.mcp(), "testuser", "testpass", "mcp-test-client",
            "mcp-test-secret", "curl", "\"servers\"");
    }

    @Test
    void healthAnswers() {
        assertThat(Http.get(gatehouse.issuer() + "/health").statusCode()).isEqualTo(200);
    }
}
