package dev.gatehouse.it.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.RunningGatehouse;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** The official MCP conformance suite against a server on our transports, every scenario of it, for both eras. */
@Gatehouse
@Order(2)
final class ServerSuiteIT {

    /** A revision, how many of its scenarios are scored, and some that are not and have to pass all the same. */
    private static final String OF_2025 = "2025-11-25,30,server-session-lifecycle server-sse-polling json-schema-2020-12";
    private static final String OF_2026 = "2026-07-28,37,http-header-validation http-custom-header-server-validation json-schema-2020-12";
    /** All but {@code tasks-status-notifications}, which the suite itself skips. */
    private static final List<String> TASKS = List.of("tasks-lifecycle", "tasks-capability-negotiation", "tasks-wire-fields",
        "tasks-request-state-removal", "tasks-mrtr-input", "tasks-request-headers", "tasks-dispatch-and-envelope", "tasks-required-task-error",
        "tasks-mrtr-composition");

    private final RunningGatehouse gatehouse;

    ServerSuiteIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @ParameterizedTest
    @CsvSource({OF_2025, OF_2026})
    void everyScenarioPassesWithoutAuthorization(String revision, int scored, String unscored) {
        try (FixtureServer server = FixtureServer.open(Ports.free())) {
            Suite.passes(server.url(), revision, scored, List.of(unscored.split(" ")));
        }
    }

    @ParameterizedTest
    @CsvSource({OF_2025, OF_2026})
    void everyScenarioPassesWithAnAccessToken(String revision, int scored, String unscored) {
        int port = Ports.free();
        int proxyPort = Ports.free();
        try (FixtureServer server = FixtureServer.guarded(port, proxyPort, gatehouse.issuer());
                TokenProxy proxy = new TokenProxy(proxyPort, port, gatehouse.tokens("resource", server.url()).access())) {
            assertThat(Http.post(server.url(), Http.JSON, "{}").statusCode()).as("without a token").isEqualTo(401);
            Suite.passes(proxy.url(), revision, scored, List.of(unscored.split(" ")));
        }
    }

    @Test
    void everyScenarioOfTheTasksExtensionPassesWithoutAuthorization() {
        try (FixtureServer server = FixtureServer.open(Ports.free())) {
            TASKS.forEach(scenario -> Suite.passesScenario(server.url(), scenario));
        }
    }

    @Test
    void everyScenarioOfTheTasksExtensionPassesWithAnAccessToken() {
        int port = Ports.free();
        int proxyPort = Ports.free();
        try (FixtureServer server = FixtureServer.guarded(port, proxyPort, gatehouse.issuer());
                TokenProxy proxy = new TokenProxy(proxyPort, port, gatehouse.tokens("resource", server.url()).access())) {
            TASKS.forEach(scenario -> Suite.passesScenario(proxy.url(), scenario));
        }
    }
}
