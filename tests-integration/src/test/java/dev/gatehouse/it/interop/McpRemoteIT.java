package dev.gatehouse.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/** Hosts that support only stdio connect through mcp-remote, which discovers the authorization server, registers and opens a login. */
@Gatehouse
@ResourceLock(value = "notes of the demo user", mode = ResourceAccessMode.READ)
final class McpRemoteIT {
    private final RunningGatehouse gatehouse;

    McpRemoteIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    /** @param mode whether it asks for the newest revision too */
    @ParameterizedTest
    @ValueSource(strings = {"legacy", "auto"})
    void aPersonAllowsOnceAndTheBridgeIsLetInFromThenOn(String mode) {
        McpRemote.Memory memory = McpRemote.Memory.fresh();
        try (McpRemote first = new McpRemote(gatehouse, memory, "--protocol", mode)) {
            assertThat(clientAt(first.opened())).startsWith("dcr_");
            first.allow();
            assertThat(first.connected().getJsonObject("serverInfo").getString("name")).isEqualTo("gatehouse");
            assertThat(first.call(2, "tools/list", new JsonObject()).encode()).contains("get_user_profile", "create_secure_note");
            assertThat(profile(first).getString("user_id")).isEqualTo("testuser");
            assertThat(first.told().contains("speaks MCP 2026-07-28")).as(first.told()).isEqualTo(mode.equals("auto"));
            assertThat(first.end()).as(first.told()).isZero();
        }
        try (McpRemote second = new McpRemote(gatehouse, memory, "--protocol", mode)) {
            second.connected();
            assertThat(profile(second).getString("user_id")).isEqualTo("testuser");
            assertThat(second.hasOpened()).as("asks nobody again").isFalse();
            assertThat(second.end()).as(second.told()).isZero();
        }
    }

    @Test
    void aPersonRefusesAndNothingIsCarried() {
        try (McpRemote bridge = new McpRemote(gatehouse, McpRemote.Memory.fresh())) {
            Http.get(gatehouse.journey().deny(bridge.opened()).toString());
            assertThat(bridge.end()).isNotZero();
            assertThat(bridge.told()).contains("access_denied").doesNotContain("Proxy established");
        }
    }

    /**
     * The bridge asks, as a program, before it opens a browser: no person is left in front of a page that says so. It then
     * registers again, and has the person asked once it is started the next time.
     */
    @Test
    void aRegistrationThatIsGoneIsMadeAgain() throws IOException {
        McpRemote.Memory memory = McpRemote.Memory.fresh();
        String gone;
        try (McpRemote first = new McpRemote(gatehouse, memory)) {
            gone = clientAt(first.opened());
        }
        assertThat(gatehouse.run("client", "delete", gone).exitCode()).isZero();
        try (McpRemote second = new McpRemote(gatehouse, memory)) {
            Eventually.holds("it registers again", Duration.ofSeconds(30), () -> !memory.client().equals(gone));
            assertThat(second.hasOpened()).isFalse();
        }
        try (McpRemote third = new McpRemote(gatehouse, memory)) {
            assertThat(clientAt(third.opened())).startsWith("dcr_").isEqualTo(memory.client());
            third.allow();
            third.connected();
            assertThat(profile(third).getString("user_id")).isEqualTo("testuser");
        }
    }

    private static String clientAt(String authorizationUrl) {
        return Http.query(URI.create(authorizationUrl)).get("client_id");
    }

    private static JsonObject profile(McpRemote bridge) {
        JsonObject params = new JsonObject().put("name", "get_user_profile").put("arguments", new JsonObject());
        return bridge.call(3, "tools/call", params).getJsonObject("structuredContent");
    }
}
