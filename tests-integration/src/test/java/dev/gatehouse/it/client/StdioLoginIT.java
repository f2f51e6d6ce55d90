package dev.gatehouse.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.StdioServer;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The stdio server without a token in its environment: it uses the stored login, and refreshes it with others. */
@Order(1)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class StdioLoginIT {

    private static final int LIFETIME_SECONDS = 60;
    private static final int SERVERS = 20;
    private static RunningGatehouse gatehouse;
    private static Expiring expiringLogin;
    private final Path home = Product.scratch("stdio-login");

    /** A login whose token expires while other tests run, and two servers that use it. */
    private record Expiring(Path home, String token, StdioServer first, StdioServer second) {

        static Expiring start() {
            Path home = Product.scratch("stdio-login");
            String token = logIn(home);
            return new Expiring(home, token, server(home).initialize(), server(home).initialize());
        }
    }

    @BeforeAll
    static void start() {
        gatehouse = RunningGatehouse.configured(new JsonObject().put("tokens", new JsonObject().put("accessTokenSeconds", LIFETIME_SECONDS)),
            new JsonObject());
        expiringLogin = Expiring.start();
    }

    @AfterAll
    static void stop() {
        expiringLogin.first().close();
        expiringLogin.second().close();
        gatehouse.close();
    }

    @Test
    void aStoredLoginIsUsedAndItsEndIsSeen() {
        StoredLoginIT.logIn(gatehouse, home, gatehouse.mcp());
        try (StdioServer server = server().initialize()) {
            assertAnswers(server, 1);
            assertThat(Product.run(home, "logout", gatehouse.mcp()).exitCode()).isZero();
            assertRefused(server.tool(2, "get_user_profile", new JsonObject()));
        }
    }

    @Test
    @Order(1)
    void twentyServersWithAnExpiredTokenRefreshItOnce() {
        String expiring = logIn(home);
        List<StdioServer> servers = new ArrayList<>();
        try {
            for (int i = 0; i < SERVERS; i++) {
                servers.add(server());
            }
            servers.forEach(StdioServer::initialize);
            awaitExpiry(expiring);
            long before = refreshes();
            servers.forEach(server -> server.send(profile(1)));
            servers.forEach(server -> assertThat(server.next().encode()).contains("testuser@example.com"));
            assertThat(refreshes() - before).isEqualTo(1);
            // No login has ended: the stored one is refreshed and used on.
            servers.forEach(server -> server.send(profile(2)));
            servers.forEach(server -> assertThat(server.next().encode()).contains("testuser@example.com"));
            assertThat(gatehouse.output()).doesNotContain("refresh_token_reused");
        } finally {
            servers.forEach(StdioServer::close);
        }
        String renewed = Product.run(home, "token", gatehouse.mcp()).out().strip();
        assertThat(renewed).isNotEqualTo(expiring);
        assertThat(gatehouse.active(renewed)).isTrue();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aServerThatIsKilledInTheMiddleOfARefreshLosesNoLogin() {
        StdioServer killed = expiringLogin.first();
        StdioServer waiting = expiringLogin.second();
        awaitExpiry(expiringLogin.token());
        long before = refreshes();
        signal("STOP", gatehouse.authorizationServerPid());
        try {
            killed.send(profile(1));
            Eventually.holds("the request for a token waits at the server", Duration.ofSeconds(20), StdioLoginIT::isRequestUnread);
            waiting.send(profile(1));
            signal("KILL", killed.pid());
        } finally {
            signal("CONT", gatehouse.authorizationServerPid());
        }
        assertThat(waiting.next().encode()).as("the server that waited for the lock").contains("testuser@example.com");
        assertThat(refreshes() - before).isPositive();
        assertThat(gatehouse.output()).doesNotContain("refresh_token_reused");
        try (StdioServer next = server(expiringLogin.home()).initialize()) {
            assertAnswers(next, 1);
        }
    }

    @Test
    void withoutALoginEachCallSendsTheUserOfAClientThatCanToThePage() {
        try (StdioServer server = server()) {
            JsonObject initialize = McpSession.initializeRequest();
            initialize.getJsonObject("params").put("capabilities",
                new JsonObject().put("elicitation", new JsonObject().put("url", new JsonObject()))).put("protocolVersion", "2025-11-25");
            server.send(initialize.encode());
            server.next();
            server.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
            server.send(profile(1));
            JsonObject error = server.next().getJsonObject("error");
            assertThat(error.getInteger("code")).isEqualTo(-32042);
            JsonObject page = error.getJsonObject("data").getJsonArray("elicitations").getJsonObject(0);
            assertThat(page.getString("url")).startsWith(gatehouse.issuer() + "/oauth/authorize?");
            assertThat(page.getString("message")).contains(gatehouse.issuer()).contains(gatehouse.mcp());

            Http.get(gatehouse.journey().allow(page.getString("url")).toString());
            JsonObject complete = server.next();
            assertThat(complete.getString("method")).isEqualTo("notifications/elicitation/complete");
            assertThat(complete.getJsonObject("params").getString("elicitationId")).isEqualTo(page.getString("elicitationId"));
            assertAnswers(server, 2);
        }
        try (StdioServer next = server().initialize()) {
            assertAnswers(next, 1);
        }
    }

    @Test
    void inTheStatelessRevisionTheCallAsksForThePageAndIsMadeAgain() {
        try (StdioServer server = server()) {
            server.send(stateless(1));
            JsonObject result = server.next().getJsonObject("result");
            assertThat(result.getString("resultType")).isEqualTo("input_required");
            JsonObject requests = result.getJsonObject("inputRequests");
            JsonObject page = requests.getJsonObject(requests.fieldNames().iterator().next()).getJsonObject("params");
            Http.get(gatehouse.journey().allow(page.getString("url")).toString());
            server.send(stateless(2));
            assertThat(server.next().encode()).contains("testuser@example.com");
        }
    }

    @Test
    void withoutALoginOtherClientsGetTheCommandToType() {
        try (StdioServer server = server().initialize()) {
            JsonObject refused = server.tool(1, "get_user_profile", new JsonObject());
            assertRefused(refused);
            String command = "login " + gatehouse.mcp() + " --auth-server " + gatehouse.issuer();
            assertThat(refused.encode()).contains(command);
            StoredLoginIT.logIn(gatehouse, home, gatehouse.mcp(), "--auth-server", gatehouse.issuer());
            assertAnswers(server, 2);
        }
    }

    /** Logs in and returns the access token, which expires after {@link #LIFETIME_SECONDS}. */
    private static String logIn(Path home) {
        StoredLoginIT.logIn(gatehouse, home, gatehouse.mcp(), "--bearer");
        String token = Product.run(home, "token", gatehouse.mcp()).out().strip();
        assertThat(gatehouse.active(token)).isTrue();
        return token;
    }

    private static void awaitExpiry(String token) {
        Eventually.holds("the token has expired", Duration.ofSeconds(2 * LIFETIME_SECONDS), () -> !gatehouse.active(token));
    }

    private StdioServer server() {
        return server(home);
    }

    private static StdioServer server(Path home) {
        return StdioServer.start(home, null, Product.command("mcp", "--transport", "stdio", "--auth-server", gatehouse.issuer(),
            "--resource", gatehouse.mcp()));
    }

    private static String profile(int id) {
        return new JsonObject().put("jsonrpc", "2.0").put("id", id).put("method", "tools/call")
            .put("params", new JsonObject().put("name", "get_user_profile").put("arguments", new JsonObject())).encode();
    }

    private static String stateless(int id) {
        String prefix = "io.modelcontextprotocol/";
        JsonObject meta = new JsonObject().put(prefix + "protocolVersion", "2026-07-28")
            .put(prefix + "clientInfo", new JsonObject().put("name", "test").put("version", "1"))
            .put(prefix + "clientCapabilities", new JsonObject().put("elicitation", new JsonObject().put("url", new JsonObject())));
        JsonObject call = new JsonObject(profile(id));
        call.getJsonObject("params").put("_meta", meta);
        return call.encode();
    }

    private static void assertAnswers(StdioServer server, int id) {
        assertThat(server.tool(id, "get_user_profile", new JsonObject()).encode()).contains("testuser@example.com");
    }

    private static void assertRefused(JsonObject result) {
        assertThat(result.getBoolean("isError")).isTrue();
        assertThat(result.encode()).contains("Authentication required").contains("login");
    }

    private static long refreshes() {
        return gatehouse.output().lines().filter(line -> line.contains("\"event\":\"token_issued\"") && line.contains("\"refresh_token\"")).count();
    }

    /** Returns true when the stopped server has not read what it was sent: local address, state, and receive queue as proc(5) has them. */
    private static boolean isRequestUnread() throws IOException {
        String port = ":%04X".formatted(Integer.parseInt(gatehouse.issuer().replaceAll(".*:", "")));
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] fields = line.strip().split("\\s+");
                if (fields[1].endsWith(port) && fields[3].equals("01") && !fields[4].endsWith(":00000000")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void signal(String name, long pid) {
        assertThat(Product.run(List.of("kill", "-" + name, Long.toString(pid)), Map.of(), "").exitCode()).isZero();
    }
}
