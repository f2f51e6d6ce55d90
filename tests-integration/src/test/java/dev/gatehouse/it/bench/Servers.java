package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.ChildProcess;
import dev.gatehouse.it.support.Product;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The bare route, the authorization server and the MCP server: each a process of its own, all on the first core. */
final class Servers implements AutoCloseable {
    private static final String UNLIMITED = "unlimited";
    private static final long LARGE_QUOTA = 1_000_000_000_000L;
    private static final int SESSIONS = 25_000;
    private static final int DEFAULT_INDEX = 1_000_000;
    /** Keycloak creates its database first, on a core that it shares. */
    private static final Duration START = Duration.ofMinutes(10);
    /** Asked for before this process takes itself off some of them. */
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final boolean PINNED = taskset("-c", "0", "true");
    final int barePort = Ports.free();
    final int authzPort = Ports.free();
    final int mcpPort = Ports.free();
    final Path home = Product.scratch("bench");
    final boolean pinned = PINNED;
    private final List<ChildProcess> processes = new ArrayList<>();
    private final Map<Integer, ProcessHandle> byPort = new HashMap<>();
    private final ChildProcess mcpServer;
    private final int issuerPort;
    private final Map<String, String> environment;

    Servers() throws IOException {
        this(0, new JsonObject());
    }

    /**
     * @param issuerPort the port of a proxy between the authorization server and its clients; 0 for its own port
     * @param settings more of the configuration of the authorization server
     */
    Servers(int issuerPort, JsonObject settings) throws IOException {
        this(issuerPort, settings, Map.of());
    }

    private Servers(int issuerPort, JsonObject settings, Map<String, String> more) throws IOException {
        environment = new HashMap<>(more);
        environment.put("GATEHOUSE_HOME", home.resolve("data").toString());
        this.issuerPort = issuerPort == 0 ? authzPort : issuerPort;
        start("bare", barePort, List.of(java(), "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
            BareServer.class.getName(), String.valueOf(barePort)));
        startAuthz("authz", authzPort, issuer(), settings);
        mcpServer = start("mcp", mcpPort, Product.command("mcp", "--transport", "http", "-conf", write("resource.json", new JsonObject()
            .put("port", mcpPort).put("authServer", issuer())
            .put("localJwt", new JsonObject().put("enabled", true))
            .put("sessions", new JsonObject().put("maximum", SESSIONS).put("perPrincipal", SESSIONS))
            .put("usage", usage()))));
        await("http://localhost:" + barePort + "/");
        await("http://localhost:" + authzPort + "/.well-known/oauth-authorization-server");
        await("http://localhost:" + mcpPort + "/.well-known/oauth-protected-resource");
    }

    /** Servers whose authorization server can keep that many tokens in memory: with the default settings, or a kB of heap for each token. */
    static Servers withIndexOf(int tokens) throws IOException {
        return tokens <= DEFAULT_INDEX ? new Servers() : new Servers(0,
            new JsonObject().put("introspection", new JsonObject().put("indexEntries", tokens)),
            Map.of("GATEHOUSE_JVM_OPTIONS", "-Xmx" + (tokens / 1_000 + 512) + "m"));
    }

    /** Starts another authorization server, with a store of its own. Its URL. */
    String authz(String name, JsonObject settings) throws IOException {
        int port = Ports.free();
        String issuer = "http://localhost:" + port;
        startAuthz(name, port, issuer, settings);
        await(issuer + "/.well-known/oauth-authorization-server");
        return issuer;
    }

    private void startAuthz(String name, int port, String issuer, JsonObject settings) throws IOException {
        start(name, port, Product.command("authz", "-conf", write(name + ".json", new JsonObject().put("port", port).put("issuer", issuer)
            .put("defaultResource", mcp()).put("rateLimits", rateLimits()).put("resources", new JsonArray()
                .add(new JsonObject().put("resource", jwtResource()).put("tokenFormat", "jwt"))).mergeIn(settings))));
    }

    /** No limit of requests that a run sends. */
    static JsonObject rateLimits() {
        return new JsonObject().put("tokenPerMinute", UNLIMITED).put("authorizePerMinute", UNLIMITED).put("introspectPerMinute", UNLIMITED)
            .put("revokePerMinute", UNLIMITED);
    }

    /** A quota that no run reaches. */
    static JsonObject usage() {
        return new JsonObject().put("requestsPerMonth", LARGE_QUOTA).put("tokensPerMonth", LARGE_QUOTA);
    }

    String issuer() {
        return "http://localhost:" + issuerPort;
    }

    String mcp() {
        return "http://localhost:" + mcpPort + "/mcp";
    }

    /** The MCP server's other name: tokens for it are JWTs, and good at the first one too. */
    String jwtResource() {
        return "http://localhost:" + mcpPort + "/sse";
    }

    /** The prefix of a command that may run on all cores. */
    List<String> onAllCores() {
        return pinned ? List.of("taskset", "-c", "0-" + (CORES - 1)) : List.of();
    }

    /** The process that listens on a port. */
    ProcessHandle process(int port) {
        return byPort.get(port);
    }

    /** The process of the MCP server. */
    long mcpPid() {
        return mcpServer.pid();
    }

    /** Puts this process, the load generator, on the second core. */
    static void stepAside() {
        taskset("-acp", "1", String.valueOf(ProcessHandle.current().pid()));
    }

    @Override
    public void close() {
        processes.forEach(ChildProcess::stop);
    }

    /** A command on the first core, if processes can be bound to one here. */
    static List<String> onFirstCore(List<String> command) {
        List<String> bound = new ArrayList<>(PINNED ? List.of("taskset", "-c", "0") : List.of());
        bound.addAll(command);
        return bound;
    }

    ChildProcess start(String name, int port, List<String> command) {
        ChildProcess process = ChildProcess.start(home.resolveSibling(home.getFileName() + "." + name + ".log"),
            environment, onFirstCore(command));
        processes.add(process);
        byPort.put(port, ProcessHandle.of(process.pid()).orElseThrow());
        return process;
    }

    void await(String url) {
        Eventually.holds(url + " answers", START, () -> Http.postForm(url, Map.of()).statusCode() > 0);
    }

    private String write(String name, JsonObject configuration) throws IOException {
        return Files.writeString(home.resolve(name), configuration.encode()).toString();
    }

    static String java() {
        return ProcessHandle.current().info().command().orElse("java");
    }

    /** Waits until the disk has what was written: a workload is to be in the way of none behind it. */
    static void settle() {
        succeeds(List.of("sync"));
    }

    private static boolean taskset(String... arguments) {
        List<String> command = new ArrayList<>(List.of("taskset"));
        command.addAll(List.of(arguments));
        return Runtime.getRuntime().availableProcessors() > 1 && succeeds(command);
    }

    private static boolean succeeds(List<String> command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
