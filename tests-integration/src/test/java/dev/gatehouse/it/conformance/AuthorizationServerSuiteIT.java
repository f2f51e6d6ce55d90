package dev.gatehouse.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Http;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The official MCP conformance suite against the authorization server. */
@Gatehouse
final class AuthorizationServerSuiteIT {
    private static final Path SUITE = Path.of("node", "node_modules", "@modelcontextprotocol", "conformance", "dist",
        "index.js");
    private final RunningGatehouse gatehouse;

    AuthorizationServerSuiteIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    /** A public client, since the suite takes the method {@code none} wherever metadata names it. */
    @Test
    void bothScenariosPass() throws IOException, InterruptedException {
        String node = Parts.node().toString();
        String client = Commands.addPublicClient(gatehouse.home(), "http://127.0.0.1/callback");
        Process suite = new ProcessBuilder(List.of(node, SUITE.toString(), "authorization", "--url", gatehouse.issuer(),
            "--client-id", client, "--port", String.valueOf(Product.freePort()))).redirectErrorStream(true).start();
        StringBuilder output = new StringBuilder();
        try (BufferedReader lines = suite.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                output.append(line).append('\n');
                if (line.startsWith(gatehouse.issuer() + "/oauth/authorize?")) {
                    Http.get(gatehouse.journey().allow(line).toString());
                }
            }
        }
        assertThat(suite.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(suite.exitValue()).as(output.toString()).isZero();
        assertThat(output.toString()).contains("authorization-server-metadata-endpoint: 1 passed, 0 failed")
            .contains("authorization-code-grant: 1 passed, 0 failed");
    }
}
