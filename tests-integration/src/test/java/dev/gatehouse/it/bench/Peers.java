package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.Product;
import io.vertx.core.json.JsonObject;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Other MCP servers on the JVM with a tool of the same name, which {@code tests-integration/peers} has built. They require no token. */
final class Peers {
    private static final Path ROOT = Product.ROOT.resolve("tests-integration/peers");
    final int libraryPort = Ports.free();
    final int servletPort = Ports.free();
    final int quarkusPort = Ports.free();

    Peers(Servers servers) {
        servers.start("library", libraryPort, List.of(Servers.java(), "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
            LibraryServer.class.getName(), String.valueOf(libraryPort)));
        servers.start("servlet", servletPort, List.of(Servers.java(), "-XX:+UseSerialGC", "-cp",
            ROOT.resolve("servlet/target/classes") + ":" + ROOT.resolve("servlet/target/lib") + "/*", "peer.ServletPeer",
            String.valueOf(servletPort)));
        servers.start("quarkus", quarkusPort, List.of(Servers.java(), "-XX:+UseSerialGC", "-Dquarkus.http.port=" + quarkusPort, "-jar",
            ROOT.resolve("quarkus/target/quarkus-app/quarkus-run.jar").toString()));
        servers.await("http://localhost:" + libraryPort + "/mcp");
        servers.await("http://localhost:" + servletPort + "/mcp");
        servers.await("http://localhost:" + quarkusPort + "/mcp");
    }

    /** Stateless: it is asked without a handshake. */
    Source servletCall() {
        return call("http://localhost:" + servletPort + "/mcp", "get_user_profile", Map.of());
    }

    Source librarySessionCall() {
        return sessionCall("http://localhost:" + libraryPort + "/mcp", "get_user_profile");
    }

    Source libraryCall() {
        return RequestBytes.statelessToolCall("http://localhost:" + libraryPort + "/mcp", null);
    }

    /** @param tool {@code get_user_profile}, which runs on the event loop, or {@code get_user_profile_on_a_worker}, as tools do there by default */
    Source quarkusCall(String tool) {
        return sessionCall("http://localhost:" + quarkusPort + "/mcp", tool);
    }

    private static Source sessionCall(String url, String tool) {
        String session = Http.send(McpSession.message(url, null, McpSession.initializeRequest().encode())).headers()
            .firstValue("Mcp-Session-Id").orElseThrow();
        Http.send(McpSession.message(url, null, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}").header("Mcp-Session-Id", session));
        return call(url, tool, Map.of("Mcp-Session-Id", session));
    }

    /** A refusal can be quick, and has the status of success in JSON-RPC. */
    private static void requireAnswered(String url, String body, Map<String, String> session) {
        HttpRequest.Builder request = McpSession.message(url, null, body).header("MCP-Protocol-Version", McpSession.VERSION);
        session.forEach(request::header);
        String answer = Http.send(request).body();
        if (!answer.contains("testuser")) {
            throw new IllegalStateException(url + " refuses: " + answer);
        }
    }

    private static Source call(String url, String tool, Map<String, String> session) {
        String body = new JsonObject().put("jsonrpc", "2.0").put("id", 1).put("method", "tools/call")
            .put("params", new JsonObject().put("name", tool).put("arguments", new JsonObject())).encode();
        requireAnswered(url, body, session);
        Map<String, String> headers = new HashMap<>(session);
        headers.put("MCP-Protocol-Version", McpSession.VERSION);
        headers.put("Accept", "application/json, text/event-stream");
        return RequestBytes.constant(RequestBytes.post(url, Http.JSON, body, headers));
    }
}
