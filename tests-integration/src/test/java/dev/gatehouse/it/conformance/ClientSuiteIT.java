package dev.gatehouse.it.conformance;

import dev.gatehouse.it.support.Parts;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

/** The official MCP conformance suite against the client, every scenario for both eras, with those of the authorization extensions. */
final class ClientSuiteIT {

    private static Vertx vertx;
    private static String client;

    @BeforeAll
    static void start() {
        vertx = Vertx.vertx();
        client = Parts.node() + " " + Path.of("node", "conformance-client.mjs").toAbsolutePath() + " http://127.0.0.1:"
            + SuiteClient.serve(vertx).actualPort();
    }

    @AfterAll
    static void stop() {
        vertx.close().await();
    }

    /** 18 and 32 scored scenarios; unscored are six of extensions, and one that is newer than the revision. */
    @ParameterizedTest
    @CsvSource({"2025-11-25,25", "2026-07-28,39"})
    void everyScenarioOfARevisionPasses(String revision, int scenarios) {
        Suite.passesAsClient(client, revision, scenarios);
    }

    /** The scenarios of the extension for skills, which no set of requirements has. */
    @ParameterizedTest
    @ValueSource(strings = {"sep-2640-client-no-prefetch", "sep-2640-client-verify-digest", "sep-2640-client-verify-size", "sep-2640-client-verify-frontmatter"})
    void everyScenarioOfSkillsPasses(String scenario) {
        Suite.passesAsClientOf(client, scenario);
    }

    /** Servers without protected resource metadata, which is newer than that revision. */
    @ParameterizedTest
    @ValueSource(strings = {"auth/2025-03-26-oauth-metadata-backcompat", "auth/2025-03-26-oauth-endpoint-fallback"})
    void authorizationOfTheFirstRevisionPasses(String scenario) {
        Suite.passesAsClientOf(client, scenario, "--spec-version", "2025-03-26");
    }
}
