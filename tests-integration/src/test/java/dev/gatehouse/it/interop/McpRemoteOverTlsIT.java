package dev.gatehouse.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.interop.McpRemote.Memory;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.ProductionServers;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** mcp-remote against a production set-up, over TLS of a private authority that Node is told to trust. */
final class McpRemoteOverTlsIT {
    private static ProductionServers servers;
    private static Journey person;

    @BeforeAll
    static void startServersAndAddAPerson() {
        servers = ProductionServers.start();
        person = servers.journey("ada", "a password of many words");
    }

    @AfterAll
    static void stopServers() {
        servers.close();
    }

    @ParameterizedTest
    @CsvSource({"/mcp,http-only", "/mcp,http-first", "/sse,sse-only"})
    void aPersonOfTheOperatorAllowsOnceAndTheToolsWork(String endpoint, String transport) {
        Memory memory = Memory.fresh();
        try (McpRemote first = bridge(endpoint, memory, trusting(), "--transport", transport)) {
            first.allow();
            assertThat(first.connected().getJsonObject("serverInfo").getString("name")).isEqualTo("gatehouse");
            assertThat(userOf(first)).isEqualTo("ada");
            assertThat(first.end()).as(first.told()).isZero();
        }
        try (McpRemote second = bridge(endpoint, memory, trusting(), "--transport", transport)) {
            second.connected();
            assertThat(userOf(second)).isEqualTo("ada");
            assertThat(second.hasOpened()).as("the person is asked again").isFalse();
        }
    }

    @Test
    void withoutTrustInTheAuthorityNothingIsRegisteredOrCarried() throws IOException {
        Memory memory = Memory.fresh();
        String clients = servers.command("", "client", "list").out();
        try (McpRemote bridge = bridge("/mcp", memory, Map.of())) {
            assertThat(bridge.end()).isNotZero();
            assertThat(bridge.told()).containsIgnoringCase("certificate").doesNotContain("Proxy established");
            assertThat(bridge.hasOpened()).isFalse();
        }
        assertThat(servers.command("", "client", "list").out()).isEqualTo(clients);
        try (Stream<Path> files = Files.walk(memory.directory())) {
            assertThat(files.map(Path::toString).filter(name -> name.endsWith("_tokens.json"))).isEmpty();
        }
    }

    private static McpRemote bridge(String endpoint, Memory memory, Map<String, String> environment, String... more) {
        return new McpRemote(servers.mcpOrigin() + endpoint, () -> person, memory, environment, more);
    }

    private static Map<String, String> trusting() {
        return Map.of("NODE_EXTRA_CA_CERTS", servers.authority().toString());
    }

    private static String userOf(McpRemote bridge) {
        JsonObject params = new JsonObject().put("name", "get_user_profile").put("arguments", new JsonObject());
        return bridge.call(3, "tools/call", params).getJsonObject("structuredContent").getString("user_id");
    }
}
