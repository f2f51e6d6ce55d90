package dev.gatehouse.it.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.Product;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** Commands that fail return an exit code and say what to do. */
@Order(3)
final class MisuseIT {

    private Path home;

    @BeforeEach
    void takeANewDataHome() {
        home = Product.scratch("home").resolve("data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "authz", "mcp", "run", "token", "user", "client"})
    void everyCommandHasHelpOfItsOwn(String command) {
        Product.Result help = Product.run(home, command, "--help");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("Usage: gatehouse " + command);
    }

    @Test
    void versionIsThatOfTheBuild() {
        assertThat(Product.run(home, "--version").out()).containsPattern("^gatehouse \\d+\\.\\d+\\.\\d+\nJava \\d+");
    }

    @Test
    void anUnknownOptionIsAMisuse() {
        Product.Result refused = Product.run(home, "up", "--prot", "9000");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("--prot").contains("--port");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mcp --transport foo", "mcp --transport=STDIO", "mcp --prot 1", "mcp --port", "mcp --port x", "mcp --port 70000",
        "mcp --transport http --port 70000", "up --port 70000", "up --port -1", "authz --port 70000", "up --port 9000 --mcp-port 9000"})
    void aWrongCommandLineIsAMisuse(String line) {
        Product.Result refused = Product.run(home, line.split(" "));
        assertThat(refused.exitCode()).as(refused.err()).isEqualTo(2);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).containsPattern("transport|option|port").doesNotContain("\tat ");
        assertThat(home).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "authz"})
    void theDemoListensForNobodyElse(String command) {
        Product.Result refused = Product.run(home, command, "--host", "0.0.0.0", "--port",
            String.valueOf(Ports.free()));
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).containsPattern("this machine only|only on this machine").contains("production").doesNotContain("\tat ");
        assertThat(home).doesNotExist();
    }

    @Test
    void aPortInUseIsNamedWithTheOptionForIt() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            assertPortRefused(Product.run(home, "authz", "--port", port), port, " --port");
            assertPortRefused(Product.run(home, "up", "--port", port, "--mcp-port",
                String.valueOf(Ports.free())), port, " --port");
            assertPortRefused(Product.run(home, "up", "--mcp-port", port, "--port",
                String.valueOf(Ports.free())), port, " --mcp-port");
        }
    }

    private static void assertPortRefused(Product.Result refused, String port, String option) {
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("Port " + port).contains("in use").contains(option + ".")
            .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"authz", "run authz"})
    void everyMistakeInAConfigurationIsNamedByItsPath(String command) throws IOException {
        Path file = Product.scratch("conf").resolve("authz.json");
        Files.writeString(file, "{\"prot\": 9000, \"tokens\": {\"accessTokenSeconds\": \"an hour\"}}");
        Product.Result refused = Product.run(home, (command + " -conf " + file).split(" "));
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("prot: there is no such key. Did you mean port?")
            .contains("tokens.accessTokenSeconds: ")
            .doesNotContain("\tat ");
        assertThat(home).doesNotExist();
    }

    @Test
    void aConfigurationFileThatIsNotThereIsNamed() {
        Product.Result refused = Product.run(home, "authz", "-conf", "nowhere.json");
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.err()).contains("nowhere.json").doesNotContain("\tat ");
    }
}
