package dev.gatehouse.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.ChildProcess;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.StdioServer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code gatehouse stdio}: remote servers for hosts that know only stdio. */
@Gatehouse
final class BridgeIT {

    private static final Path EVERYTHING =
        Path.of("node", "node_modules", "@modelcontextprotocol", "server-everything", "dist", "index.js").toAbsolutePath();
    private final RunningGatehouse gatehouse;
    private final Path home = Product.scratch("bridge");

    BridgeIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @ParameterizedTest
    @CsvSource({"/mcp,2025-11-25", "/mcp,2025-06-18", "/mcp,2025-03-26", "/sse,2024-11-05"})
    void aHostUsesTheProtectedServerInEachStatefulRevision(String path, String revision) {
        StoredLoginIT.logIn(gatehouse, home, gatehouse.mcpOrigin() + path);
        try (StdioServer bridge = bridge(gatehouse.mcpOrigin() + path)) {
            assertThat(initialize(bridge, revision).getString("protocolVersion")).isEqualTo(revision);
            assertThat(bridge.call(1, "tools/list", new JsonObject()).getJsonObject("result").getJsonArray("tools")).hasSize(8);
            assertThat(bridge.tool(2, "get_user_profile", new JsonObject()).encode()).contains("testuser@example.com");
            assertThat(bridge.endOfInput()).isZero();
        }
    }

    @Test
    void aHostUsesTheProtectedServerInTheStatelessRevision() {
        StoredLoginIT.logIn(gatehouse, home, gatehouse.mcp());
        try (StdioServer bridge = bridge(gatehouse.mcp())) {
            JsonObject discovered = bridge.call(1, "server/discover", stateless(new JsonObject()));
            assertThat(discovered.getJsonObject("result").getJsonArray("supportedVersions")).contains("2026-07-28");
            JsonObject call = stateless(new JsonObject().put("name", "get_user_profile").put("arguments", new JsonObject()));
            assertThat(bridge.call(2, "tools/call", call).encode()).contains("testuser@example.com");
            assertThat(bridge.endOfInput()).isZero();
        }
    }

    @Test
    void withoutALoginTheUserSignsInAndTheLoginIsKept() {
        try (StdioServer bridge = bridge(gatehouse.mcp())) {
            bridge.send(McpSession.initializeRequest().encode());
            Http.get(gatehouse.journey().allow(authorizationUrl(bridge)).toString());
            assertThat(bridge.next().getJsonObject("result").getString("protocolVersion")).isNotBlank();
        }
        assertThat(Product.run(home, "whoami").out()).contains(gatehouse.mcp());
        try (StdioServer bridge = bridge(gatehouse.mcp())) {
            assertThat(initialize(bridge, "2025-11-25")).isNotNull();
            assertThat(bridge.errors()).doesNotContain("Authentication required");
        }
    }

    @Test
    void ofSeveralBridgesThatStartWithoutALoginOneOpensTheBrowser() throws IOException {
        Path opened = home.resolve("opened");
        Path browser = Files.writeString(home.resolve("browser"), "#!/bin/sh\necho \"$1\" >>'" + opened + "'\n");
        Files.setPosixFilePermissions(browser, PosixFilePermissions.fromString("rwx------"));
        Map<String, String> environment = new HashMap<>(Product.plainEnvironment(home));
        environment.put("BROWSER", browser.toString());
        List<StdioServer> bridges = Stream.generate(() -> StdioServer.start(environment, Product.command("stdio", gatehouse.mcp()))).limit(3).toList();
        try {
            bridges.forEach(bridge -> bridge.send(McpSession.initializeRequest().encode()));
            Eventually.holds("a browser is opened", Duration.ofSeconds(60), () -> Files.exists(opened) && Files.readString(opened).endsWith("\n"));
            Eventually.holds("the others say why they wait", Duration.ofSeconds(60), () -> bridges.stream()
                .filter(bridge -> bridge.errors().contains("Another process is signing in at " + gatehouse.mcp())).count() == 2);
            Http.get(gatehouse.journey().allow(Files.readString(opened).strip()).toString());
            bridges.forEach(bridge -> assertThat(bridge.next().getJsonObject("result").getString("protocolVersion")).isNotBlank());
            assertThat(Files.readAllLines(opened)).hasSize(1);
            assertThat(bridges.stream().filter(bridge -> bridge.errors().contains("Authentication required"))).hasSize(1);
        } finally {
            bridges.forEach(StdioServer::close);
        }
    }

    @Test
    void aCallThatNeedsMoreScopesAsksForThemAndGoesOn() {
        StoredLoginIT.logIn(gatehouse, home, gatehouse.mcp(), "--scope", "mcp:read");
        try (StdioServer bridge = bridge(gatehouse.mcp())) {
            initialize(bridge, "2025-11-25");
            bridge.send(new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", "tools/call").put("params", new JsonObject()
                .put("name", "create_secure_note").put("arguments", new JsonObject().put("content", "by the bridge"))).encode());
            Http.get(gatehouse.journey().allow(authorizationUrl(bridge)).toString());
            // The note's creation is told over the stream of notifications, perhaps before the response.
            assertThat(response(bridge, 1).getJsonObject("result").getBoolean("isError", false)).isFalse();
        }
    }

    @Test
    void aDeniedLoginAnswersTheRequestWithAnError() {
        try (StdioServer bridge = bridge(gatehouse.mcp())) {
            bridge.send(McpSession.initializeRequest().encode());
            Http.get(gatehouse.journey().deny(authorizationUrl(bridge)).toString());
            assertThat(bridge.next().getJsonObject("error").getString("message")).contains("access_denied");
        }
    }

    @ParameterizedTest
    @CsvSource({"streamableHttp,/mcp", "sse,/sse"})
    void requestsAndNotificationsOfTheReferenceServerReachTheHost(String transport, String path) {
        int port = Ports.free();
        try (ChildProcess server = ChildProcess.start(Product.scratch("everything").resolve("log"), Map.of("PORT", String.valueOf(port)),
                List.of(Parts.node().toString(), EVERYTHING.toString(), transport))) {
            Eventually.holds("the server listens", Duration.ofSeconds(30), () -> server.output().contains(String.valueOf(port)));
            try (StdioServer bridge = bridge("http://localhost:" + port + path)) {
                initialize(bridge, "2025-11-25");
                assertThat(answer(bridge, 1, "tools/call", new JsonObject().put("name", "echo")
                    .put("arguments", new JsonObject().put("message", "grüße"))).encode()).contains("Echo: grüße");
                bridge.send(request(2, "tools/call", new JsonObject().put("name", "trigger-long-running-operation")
                    .put("arguments", new JsonObject().put("duration", 1).put("steps", 2))
                    .put("_meta", new JsonObject().put("progressToken", "p"))));
                JsonObject progress = bridge.next();
                while (!"notifications/progress".equals(progress.getString("method"))) {
                    progress = bridge.next();
                }
                assertThat(progress.getJsonObject("params").getString("progressToken")).isEqualTo("p");
                assertThat(response(bridge, 2).encode()).contains("completed");
                bridge.send(request(3, "tools/call", new JsonObject().put("name", "trigger-sampling-request")
                    .put("arguments", new JsonObject().put("prompt", "say hello"))));
                JsonObject question = bridge.next();
                while (!"sampling/createMessage".equals(question.getString("method"))) {
                    question = bridge.next();
                }
                bridge.send(new JsonObject().put("jsonrpc", "2.0").put("id", question.getValue("id")).put("result", new JsonObject()
                    .put("role", "assistant").put("model", "none").put("content", new JsonObject().put("type", "text").put("text", "hello back"))).encode());
                assertThat(response(bridge, 3).encode()).contains("hello back");
            }
        }
    }

    @Test
    void aProtectedServerOfTheTypescriptSdkIsUsedAndALostSessionIsBegunAgain() {
        int port = Ports.free();
        JsonObject settings = new JsonObject().put("issuer", gatehouse.issuer()).put("port", port);
        try (ChildProcess server = ChildProcess.start(Product.scratch("protected").resolve("log"), Map.of(),
                List.of(Parts.node().toString(), Path.of("node", "mcp-protected.mjs").toAbsolutePath().toString(), settings.encode()))) {
            Eventually.holds("the server listens", Duration.ofSeconds(30), () -> server.output().contains("listening on"));
            try (StdioServer bridge = bridge("http://localhost:" + port + "/mcp")) {
                bridge.send(McpSession.initializeRequest().encode());
                Http.get(gatehouse.journey().allow(authorizationUrl(bridge)).toString());
                assertThat(bridge.next().getJsonObject("result").getJsonObject("serverInfo").getString("name")).isEqualTo("protected");
                bridge.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
                JsonObject whoami = new JsonObject().put("name", "whoami").put("arguments", new JsonObject());
                assertThat(answer(bridge, 1, "tools/call", whoami).encode()).contains("user usr_");
                assertThat(answer(bridge, 2, "tools/call", new JsonObject().put("name", "forget_sessions").put("arguments", new JsonObject())).encode())
                    .contains("forgotten");
                int[] id = {2};
                Eventually.holds("the session was lost", Duration.ofSeconds(20), () -> {
                    id[0]++;
                    assertThat(answer(bridge, id[0], "tools/call", whoami).encode()).contains("user usr_");
                    return bridge.errors().contains("a new one has begun");
                });
            }
        }
    }

    @Test
    void whatIsNoMessageIsAnsweredAndWhatCannotBeReachedFailsTheRequestAlone() {
        try (StdioServer bridge = bridge("http://localhost:" + Ports.free() + "/mcp")) {
            bridge.send("not JSON");
            assertThat(bridge.next().getJsonObject("error").getInteger("code")).isEqualTo(-32700);
            assertThat(bridge.call(7, "initialize", McpSession.initializeRequest().getJsonObject("params")).getJsonObject("error").getString("message"))
                .contains("No answer");
            assertThat(bridge.endOfInput()).isZero();
        }
    }

    private StdioServer bridge(String url) {
        return StdioServer.start(home, null, Product.command("stdio", url, "--no-browser"));
    }

    private static JsonObject initialize(StdioServer bridge, String revision) {
        JsonObject initialize = McpSession.initializeRequest();
        initialize.getJsonObject("params").put("protocolVersion", revision).put("capabilities", new JsonObject().put("sampling", new JsonObject()));
        bridge.send(initialize.encode());
        JsonObject result = bridge.next().getJsonObject("result");
        bridge.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        return result;
    }

    private static String request(int id, String method, JsonObject params) {
        return new JsonObject().put("jsonrpc", "2.0").put("id", id).put("method", method).put("params", params).encode();
    }

    private static JsonObject answer(StdioServer bridge, int id, String method, JsonObject params) {
        bridge.send(request(id, method, params));
        return response(bridge, id);
    }

    /** The response to a request; notifications may come before it. */
    private static JsonObject response(StdioServer bridge, int id) {
        JsonObject message = bridge.next();
        while (message.containsKey("method") || !Integer.valueOf(id).equals(message.getInteger("id"))) {
            message = bridge.next();
        }
        return message;
    }

    private static JsonObject stateless(JsonObject params) {
        String prefix = "io.modelcontextprotocol/";
        return params.put("_meta", new JsonObject().put(prefix + "protocolVersion", "2026-07-28")
            .put(prefix + "clientInfo", new JsonObject().put("name", "test").put("version", "1")).put(prefix + "clientCapabilities", new JsonObject()));
    }

    private static String authorizationUrl(StdioServer bridge) {
        Pattern address = Pattern.compile("(http://localhost:\\d+/oauth/authorize\\?\\S+)\\s");
        Eventually.holds("the address is shown", Duration.ofSeconds(60), () -> address.matcher(bridge.errors()).find());
        Matcher found = address.matcher(bridge.errors());
        return found.find() ? found.group(1) : "";
    }
}
