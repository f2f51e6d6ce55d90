package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Product;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Other servers: MCP servers with a tool of the same name, and an authorization server with its store in memory. {@code tests-integration/peers}
 * has built those of the JVM, which require no token; the others run on Node.
 */
final class Peers {
    private static final Path ROOT = Product.ROOT.resolve("tests-integration/peers");
    private static final String BASIC = OAuthClient.basic(OAuthClient.TEST_ID, OAuthClient.TEST_SECRET);
    private static final String CLIENT_CREDENTIALS = "grant_type=client_credentials&scope=mcp%3Aread";
    final int libraryPort = Ports.free();
    final int servletPort = Ports.free();
    final int quarkusPort = Ports.free();
    final int typescriptPort = Ports.free();
    final int oidcProviderPort = Ports.free();

    Peers(Servers servers) {
        servers.start("library", libraryPort, List.of(Servers.java(), "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
            LibraryServer.class.getName(), String.valueOf(libraryPort)));
        servers.start("servlet", servletPort, List.of(Servers.java(), "-XX:+UseSerialGC", "-cp",
            ROOT.resolve("servlet/target/classes") + ":" + ROOT.resolve("servlet/target/lib") + "/*", "peer.ServletPeer",
            String.valueOf(servletPort)));
        servers.start("quarkus", quarkusPort, List.of(Servers.java(), "-XX:+UseSerialGC", "-Dquarkus.http.port=" + quarkusPort, "-jar",
            ROOT.resolve("quarkus/target/quarkus-app/quarkus-run.jar").toString()));
        servers.start("typescript", typescriptPort, node("peer-mcp-server.mjs", typescriptPort));
        servers.start("oidc-provider", oidcProviderPort, node("peer-authorization-server.mjs", oidcProviderPort));
        servers.await("http://localhost:" + typescriptPort + "/mcp");
        servers.await("http://localhost:" + oidcProviderPort + "/token");
        servers.await("http://localhost:" + libraryPort + "/mcp");
        servers.await("http://localhost:" + servletPort + "/mcp");
        servers.await("http://localhost:" + quarkusPort + "/mcp");
    }

    private static List<String> node(String script, int port) {
        return List.of(Parts.node().toString(), Product.ROOT.resolve("tests-integration/node").resolve(script).toString(), String.valueOf(port));
    }

    /** A token is checked by a constant. */
    Source typescriptCall() {
        return call("http://localhost:" + typescriptPort + "/mcp", "get_user_profile", Map.of("Authorization", "Bearer peer"));
    }

    /** A token of a client, which is kept in memory. */
    Source oidcProviderToken() {
        return RequestBytes.constant(oidcProviderRequest("/token", CLIENT_CREDENTIALS));
    }

    /** Introspection of one token. */
    Source oidcProviderIntrospection() {
        String url = "http://localhost:" + oidcProviderPort;
        String token = new JsonObject(Http.post(url + "/token", Http.FORM, CLIENT_CREDENTIALS, "Authorization", BASIC).body()).getString("access_token");
        String answer = Http.post(url + "/token/introspection", Http.FORM, "token=" + token, "Authorization", BASIC).body();
        if (!new JsonObject(answer).getBoolean("active")) {
            throw new IllegalStateException(url + " refuses: " + answer);
        }
        return RequestBytes.constant(oidcProviderRequest("/token/introspection", "token=" + token));
    }

    private Buffer oidcProviderRequest(String path, String form) {
        return RequestBytes.post("http://localhost:" + oidcProviderPort + path, Http.FORM, form, Map.of("Authorization", BASIC));
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
