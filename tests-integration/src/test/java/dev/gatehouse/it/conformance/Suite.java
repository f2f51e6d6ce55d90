package dev.gatehouse.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.RunningGatehouse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The official MCP conformance suite, run against an authorization server. */
final class Suite {
    private static final Path PROGRAM = Path.of("node", "node_modules", "@modelcontextprotocol", "conformance", "dist", "index.js");
    private static final int CHECKS = 3;
    private static final String CLIENT_MILLIS = "120000";

    private Suite() {
    }

    /** Runs every scenario for authorization servers with a client, and a person who allows it; every check has to pass. */
    static void passes(RunningGatehouse gatehouse, OAuthClient client) {
        passes(gatehouse, client, Ports.free());
    }

    /** @param port where the suite awaits the answer, at {@code http://127.0.0.1:PORT/callback} */
    static void passes(RunningGatehouse gatehouse, OAuthClient client, int port) {
        List<String> command = new ArrayList<>(List.of(Parts.node().toString(), PROGRAM.toString(), "authorization", "--url",
            client.issuer(), "--client-id", client.id(), "--resource", gatehouse.mcp(), "--port", String.valueOf(port)));
        if (client.secret() != null) {
            command.addAll(List.of("--client-secret", client.secret()));
        }
        String output = output(command, line -> {
            if (line.startsWith(client.issuer() + "/oauth/authorize?")) {
                Http.get(gatehouse.journey().allow(line).toString());
            }
        });
        assertThat(output).contains("Total: " + CHECKS + " passed, 0 failed").doesNotContain("✗").doesNotContain("SKIPPED");
        assertThat(output).doesNotContain("WARNING").doesNotContainPattern("[1-9] warnings").doesNotContainPattern("[1-9] failed");
    }

    /**
     * Runs every scenario that a revision of the protocol requires, and those that it knows and does not score, against an MCP server.
     *
     * @param scored how many are required
     * @param unscored names of some that have to be among the others
     */
    static void passes(String url, String revision, int scored, List<String> unscored) {
        List<String> command = List.of(Parts.node().toString(), PROGRAM.toString(), "server", "--url", url, "--requirements", revision);
        List<String> told = output(command, line -> { }).lines().dropWhile(line -> !line.contains("SUMMARY")).toList();
        List<String> scenarios = told.stream().filter(line -> line.matches("[✓✗] .*: \\d+ passed, \\d+ failed.*")).toList();
        assertThat(scenarios).hasSizeGreaterThan(scored).allMatch(line -> line.startsWith("✓") && line.contains(", 0 failed"));
        assertThat(unscored).allSatisfy(name -> assertThat(scenarios).anyMatch(line -> line.startsWith("✓ " + name + ":")));
        assertThat(scenarios).noneMatch(line -> line.matches(".*[1-9]\\d* (warnings|skipped).*"));
    }

    /**
     * Runs every scenario that a revision has for clients, with those that it does not score, extensions included.
     *
     * @param client the command of the client
     * @param scenarios how many there are
     */
    static void passesAsClient(String client, String revision, int scenarios) {
        List<String> command = List.of(Parts.node().toString(), PROGRAM.toString(), "client", "--command", client, "--timeout", CLIENT_MILLIS,
            "--requirements", revision);
        String output = output(command, line -> { });
        List<String> results = output.lines().dropWhile(line -> !line.contains("SUMMARY")).filter(line -> line.matches("[✓✗] .*")).toList();
        assertThat(results).as(output).hasSize(scenarios).allMatch(line -> line.startsWith("✓") && line.contains(", 0 failed"));
        assertThat(results).noneMatch(line -> line.matches(".*[1-9]\\d* (warnings|skipped).*"));
    }

    /**
     * Runs one scenario for clients, which no set of requirements has.
     *
     * @param options the revision that it is about, unless it is of an extension
     */
    static void passesAsClientOf(String client, String scenario, String... options) {
        List<String> command = new ArrayList<>(List.of(Parts.node().toString(), PROGRAM.toString(), "client", "--command", client, "--timeout", CLIENT_MILLIS,
            "--scenario", scenario));
        command.addAll(List.of(options));
        assertThat(output(command, line -> { })).containsPattern("Passed: ([1-9]\\d*)/\\1, 0 failed, 0 warnings").doesNotContain("SKIPPED");
    }

    /** Runs one scenario, of an extension say, against an MCP server. */
    static void passesScenario(String url, String scenario) {
        List<String> command = List.of(Parts.node().toString(), PROGRAM.toString(), "server", "--url", url, "--scenario", scenario);
        assertThat(output(command, line -> { })).containsPattern("Passed: ([1-9]\\d*)/\\1, 0 failed, 0 warnings").doesNotContain("SKIPPED");
    }

    private static String output(List<String> command, Consumer<String> reader) {
        StringBuilder output = new StringBuilder();
        try {
            Process suite = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (BufferedReader lines = suite.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    output.append(line).append('\n');
                    reader.accept(line);
                }
            }
            assertThat(suite.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(suite.exitValue()).as(output.toString()).isZero();
            return output.toString();
        } catch (IOException failed) {
            throw new UncheckedIOException(output.toString(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
