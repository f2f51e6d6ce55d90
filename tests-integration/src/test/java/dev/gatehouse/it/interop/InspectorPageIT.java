package dev.gatehouse.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.ChildProcess;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.NodeProgram;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The Inspector's web page in a real Chromium: it registers, a person logs in and allows, and then uses the tools over each transport. */
@Gatehouse
@ResourceLock(value = "notes of the demo user", mode = ResourceAccessMode.READ)
@Order(2)
final class InspectorPageIT {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots").toAbsolutePath();
    private static final Pattern PAGE = Pattern.compile("http://\\S+\\?MCP_INSPECTOR_API_TOKEN=\\w+");
    private static final Pattern STATUS = Pattern.compile("(?m)^(\\d{3}) [A-Z ]+$");
    private final RunningGatehouse gatehouse;

    InspectorPageIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @ParameterizedTest
    @CsvSource({"http,legacy,2025-11-25", "http,modern,2026-07-28", "sse,legacy,2025-11-25"})
    void aPersonLogsInAllowsAndUsesTheTools(String transport, String era, String revision) {
        JsonObject seen = browse(transport, era, "allow");
        assertThat(seen.getString("server")).contains("Connected", "MCP " + revision, url(transport));
        assertUsed(seen);
        List<String> statuses = STATUS.matcher(seen.getString("requests")).results().map(status -> status.group(1)).toList();
        assertThat(statuses).as("the registration, its uses, and no refusal but the challenge").contains("200", "201")
            .allMatch(status -> status.startsWith("2") || status.equals("401"));
    }

    @Test
    void aProcessThatHasATokenIsUsedWithoutAnyLogin() {
        JsonObject seen = browse("stdio", "legacy", "allow");
        assertThat(seen.getString("server")).contains("Connected", "MCP 2025-11-25");
        assertUsed(seen);
    }

    @Test
    void aPersonRefusesAndThePageSaysSo() {
        JsonObject seen = browse("http", "legacy", "deny");
        assertThat(seen.getString("told")).contains("access_denied", "The user denied the request");
        assertThat(seen.getString("server")).contains("Failed").doesNotContain("Connected");
    }

    private static void assertUsed(JsonObject seen) {
        assertThat(seen.getString("tools")).contains("get_user_profile", "create_secure_note", "delete_secure_note", "get_api_usage");
        assertThat(seen.getString("note")).contains("\"version\": 1");
        assertThat(seen.getString("asked")).contains("Permanently delete the note “" + seen.getString("name") + "”?");
        assertThat(seen.getString("messages")).contains("TOOLS/CALL", "RESOURCES/READ").doesNotContain("ERROR");
    }

    private JsonObject browse(String transport, String era, String decision) {
        String name = String.join("-", transport, era, decision);
        JsonObject settings = new JsonObject().put("chromium", Parts.chromium()).put("screenshots", SCREENSHOTS.toString())
            .put("username", "testuser").put("password", "testpass").put("name", name).put("decision", decision)
            .put("login", transport.equals("stdio") ? null : gatehouse.issuer() + "/");
        try (ChildProcess inspector = start(transport, era)) {
            Eventually.holds("the Inspector serves its page", Duration.ofSeconds(30), () -> PAGE.matcher(inspector.output()).find());
            String page = PAGE.matcher(inspector.output()).results().findFirst().orElseThrow().group();
            return NodeProgram.run("inspector-page.mjs", settings.put("page", page), Map.of());
        }
    }

    /** Its home directory is temporary. */
    private ChildProcess start(String transport, String era) {
        List<String> command = new ArrayList<>(List.of(Parts.node().toString(), Inspector.PROGRAM, "--web", "--protocol-era", era));
        if (transport.equals("stdio")) {
            command.addAll(Inspector.environment(gatehouse, gatehouse.tokens().access()));
            command.addAll(Inspector.process(gatehouse));
        } else {
            command.addAll(List.of("--transport", transport, "--server-url", url(transport)));
        }
        Path home = Product.scratch("inspector");
        return ChildProcess.start(home.resolve("output"), Map.of("HOME", home.toString(), "MCP_STORAGE_DIR", home.toString(),
            "MCP_INSPECTOR_SECRET_STORE", "memory", "MCP_AUTO_OPEN_ENABLED", "false", "CLIENT_PORT", String.valueOf(Ports.free()),
            "MCP_SANDBOX_PORT", "0", "MCP_APP_ORIGIN_PORT", "0"), command);
    }

    private String url(String transport) {
        return transport.equals("sse") ? gatehouse.mcpOrigin() + "/sse" : gatehouse.mcp();
    }
}
