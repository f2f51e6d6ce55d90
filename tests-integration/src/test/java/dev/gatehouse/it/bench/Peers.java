package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Product;
import io.vertx.core.json.JsonObject;

import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * Other servers: MCP servers with a tool of the same name, and authorization servers with their tokens in memory. {@code tests-integration/peers}
 * has built those of the JVM; the others run on Node. A server starts when it is first asked for, so that no unused one takes processor time.
 */
final class Peers {
    private static final Path ROOT = Product.ROOT.resolve("tests-integration/peers");
    private static final String SCOPE = "&scope=mcp%3Aread";
    private final Servers servers;
    private final Map<String, Integer> ports = new HashMap<>();

    Peers(Servers servers) {
        this.servers = servers;
    }

    /** The port of a server, which this starts if it does not run. */
    private int start(String name, String path, IntFunction<List<String>> command) {
        return ports.computeIfAbsent(name, first -> {
            int port = Ports.free();
            servers.start(name, port, command.apply(port));
            servers.await("http://localhost:" + port + path);
            return port;
        });
    }

    int library() {
        return start("library", "/mcp", port -> java("-cp", System.getProperty("java.class.path"), LibraryServer.class.getName(), String.valueOf(port)));
    }

    int servlet() {
        return start("servlet", "/mcp", port -> java("-cp", classPath("servlet"), "peer.ServletPeer", String.valueOf(port)));
    }

    int quarkus() {
        return start("quarkus", "/mcp", port -> java("-Dquarkus.http.port=" + port, "-jar",
            ROOT.resolve("quarkus/target/quarkus-app/quarkus-run.jar").toString()));
    }

    int typescript() {
        return start("typescript", "/mcp", port -> node("peer-mcp-server.mjs", port));
    }

    AuthorizationPeer oidcProvider() {
        int port = start("oidc-provider", "/token", started -> node("peer-authorization-server.mjs", started));
        return peer(port, "/token", "/token/introspection", SCOPE);
    }

    AuthorizationPeer spring() {
        int port = start("spring", "/oauth2/token", started -> java("-cp", classPath("spring"), "peer.SpringPeer", "--server.port=" + started));
        return peer(port, "/oauth2/token", "/oauth2/introspect", SCOPE);
    }

    /** Its clients name no scope, so that the realm needs none. */
    AuthorizationPeer keycloak() {
        String token = "/realms/peers/protocol/openid-connect/token";
        Path home = ROOT.resolve("keycloak/target/keycloak-26.7.3");
        int port = start("keycloak", token, started -> java("-Dkc.home.dir=" + home, "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            "-cp", home.resolve("lib/quarkus-run.jar").toString(), "io.quarkus.bootstrap.runner.QuarkusEntryPoint", "start", "--optimized",
            "--cache=local", "--import-realm", "--http-enabled=true", "--hostname-strict=false", "--http-host=localhost", "--http-port=" + started));
        return peer(port, token, token + "/introspect", "");
    }

    private static AuthorizationPeer peer(int port, String token, String introspection, String scope) {
        String origin = "http://localhost:" + port;
        return new AuthorizationPeer(port, origin + token, origin + introspection, scope);
    }

    private static List<String> java(String... arguments) {
        return Stream.concat(Stream.of(Servers.java(), "-XX:+UseSerialGC"), Stream.of(arguments)).toList();
    }

    private static String classPath(String peer) {
        return ROOT.resolve(peer + "/target/classes") + ":" + ROOT.resolve(peer + "/target/lib") + "/*";
    }

    private static List<String> node(String script, int port) {
        return List.of(Parts.node().toString(), Product.ROOT.resolve("tests-integration/node").resolve(script).toString(), String.valueOf(port));
    }

    /** A token is checked by a constant. */
    Source typescriptCall() {
        return call("http://localhost:" + typescript() + "/mcp", "get_user_profile", Map.of("Authorization", "Bearer peer"));
    }

    /** Stateless: it is asked without a handshake. */
    Source servletCall() {
        return call("http://localhost:" + servlet() + "/mcp", "get_user_profile", Map.of());
    }

    Source librarySessionCall() {
        return sessionCall("http://localhost:" + library() + "/mcp", "get_user_profile");
    }

    Source libraryCall() {
        return RequestBytes.statelessToolCall("http://localhost:" + library() + "/mcp", null);
    }

    /** @param tool {@code get_user_profile}, which runs on the event loop, or {@code get_user_profile_on_a_worker}, as tools do there by default */
    Source quarkusCall(String tool) {
        return sessionCall("http://localhost:" + quarkus() + "/mcp", tool);
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
