package dev.gatehouse.it.support;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Postgres;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Both servers, as child processes or in the JVM of the tests, with a data home of their own, on ports of their own. */
public final class RunningGatehouse implements AutoCloseable {
    /** Argon2id at a low cost, because most tests log in without measuring it. A test that needs the cost of the product sets an empty object. */
    static final JsonObject CHEAP_HASH = new JsonObject().put("memoryKibibytes", 64).put("iterations", 1);
    private static final Duration START = Duration.ofSeconds(60);
    private final Path home;
    private final int port;
    private final int mcpPort;
    private final List<List<String>> commands;
    private final ServersInProcess inProcess;
    private final List<ChildProcess> processes = new ArrayList<>();
    private OAuthClient publicClient;

    private RunningGatehouse(Path home, int port, int mcpPort, List<List<String>> commands, ServersInProcess inProcess) {
        this.home = home;
        this.port = port;
        this.mcpPort = mcpPort;
        this.commands = commands;
        this.inProcess = inProcess;
    }

    /** Starts {@code ./gatehouse up}, as in the guide. */
    public static RunningGatehouse up() {
        return upWith();
    }

    /** The same with more arguments. */
    public static RunningGatehouse upWith(String... more) {
        int port = Ports.free();
        int mcpPort = Ports.free();
        List<String> up = Product.command("up", "--port", String.valueOf(port), "--mcp-port", String.valueOf(mcpPort));
        up.addAll(List.of(more));
        return new RunningGatehouse(Product.scratch("home"), port, mcpPort, List.of(up), null).start();
    }

    /** Starts two processes. The parameters contain the settings that differ from the defaults. */
    public static RunningGatehouse configured(JsonObject authz, JsonObject resource) {
        return configured(Product.scratch("home"), authz, resource);
    }

    /** The same with this data home. */
    public static RunningGatehouse configured(Path home, JsonObject authz, JsonObject resource) {
        return configured(home, Map.of(), authz, resource, false);
    }

    /** The same with these environment variables. */
    public static RunningGatehouse configured(Map<String, String> environment, JsonObject authz, JsonObject resource) {
        return configured(Product.scratch("home"), environment, authz, resource, false);
    }

    /** The same in the JVM of the tests, for tests that neither kill the servers nor read what they print: no JVM has to start. */
    public static RunningGatehouse inProcess(JsonObject authz, JsonObject resource) {
        return configured(Product.scratch("home"), Map.of(), authz, resource, true);
    }

    private static RunningGatehouse configured(Path home, Map<String, String> environment, JsonObject authz, JsonObject resource, boolean here) {
        int port = Ports.free();
        int mcpPort = Ports.free();
        Path configuration = Product.scratch("conf");
        String issuer = "http://localhost:" + port;
        String mcp = "http://localhost:" + mcpPort + "/mcp";
        JsonObject store = Postgres.isChosen() ? new JsonObject().put("url", Postgres.shared().databaseOf(home)) : new JsonObject();
        JsonObject authzFile = new JsonObject().put("port", port).put("defaultResource", mcp).put("store", store).mergeIn(authz, true);
        if (!authzFile.containsKey("passwordHash")) {
            authzFile.put("passwordHash", CHEAP_HASH);
        }
        JsonObject resourceFile = new JsonObject().put("port", mcpPort).put("authServer", issuer).put("store", store.copy())
            .mergeIn(resource, true);
        List<String> prefix = new ArrayList<>(List.of("env"));
        environment.forEach((name, value) -> prefix.add(name + "=" + value));
        List<String> first = Product.command("authz", "-conf", write(configuration.resolve("authz.json"), authzFile));
        List<String> second = Product.command("mcp", "--transport", "http", "-conf",
            write(configuration.resolve("resource.json"), resourceFile));
        if (!environment.isEmpty()) {
            first.addAll(0, prefix);
            second.addAll(0, prefix);
        }
        return new RunningGatehouse(home, port, mcpPort, List.of(first, second),
            here ? new ServersInProcess(home, authzFile, resourceFile) : null).start();
    }

    public String issuer() {
        return "http://localhost:" + port;
    }

    /** Starts a second process of the authorization server on the same store; for servers of {@link #configured}. Its URL. */
    public String secondNode() {
        int another = Ports.free();
        List<String> command = new ArrayList<>(commands.get(0));
        Path configuration = Path.of(command.get(command.indexOf("-conf") + 1));
        JsonObject settings = new JsonObject(read(configuration)).put("port", another).put("issuer", issuer());
        settings.remove("metrics");
        command.set(command.indexOf("-conf") + 1, write(configuration.resolveSibling("second.json"), settings));
        processes.add(ChildProcess.start(Product.scratch("log").resolve("second.log"), Product.environment(home), command));
        String url = "http://localhost:" + another;
        awaitReady(url + "/.well-known/oauth-authorization-server");
        return url;
    }

    /** Starts a second process of the MCP server on the same store; for servers of {@link #configured}. The URL of its endpoint. */
    public String secondMcpServer() {
        int another = Ports.free();
        List<String> command = new ArrayList<>(commands.get(1));
        Path configuration = Path.of(command.get(command.indexOf("-conf") + 1));
        JsonObject settings = new JsonObject(read(configuration)).put("port", another).put("resource", mcp())
            .put("allowedHosts", new JsonArray().add("localhost:" + another));
        command.set(command.indexOf("-conf") + 1, write(configuration.resolveSibling("second-resource.json"), settings));
        processes.add(ChildProcess.start(Product.scratch("log").resolve("second-mcp.log"), Product.environment(home), command));
        awaitReady("http://localhost:" + another + "/.well-known/oauth-protected-resource");
        return "http://localhost:" + another + "/mcp";
    }

    /** The process of the latest {@link #secondNode}. */
    public long secondNodePid() {
        return processes().get(processes.size() - 1).pid();
    }

    /** The configuration file of the authorization server; for servers of {@link #configured}. */
    public String configuration() {
        return commands.get(0).get(commands.get(0).indexOf("-conf") + 1);
    }

    /** The resource identifier, which is also the URL of the Streamable HTTP endpoint. */
    public String mcp() {
        return "http://localhost:" + mcpPort + "/mcp";
    }

    public String mcpOrigin() {
        return "http://localhost:" + mcpPort;
    }

    public Path home() {
        return home;
    }

    public OAuthClient client() {
        return OAuthClient.demo(issuer());
    }

    /** A public client, registered through the command line, with a loopback redirect. */
    public synchronized OAuthClient publicClient() {
        if (publicClient == null) {
            String id = Commands.addPublicClient(home, "http://127.0.0.1/callback");
            publicClient = new OAuthClient(issuer(), id, null, "http://127.0.0.1/callback");
        }
        return publicClient;
    }

    public Journey journey() {
        return Journey.demo(issuer());
    }

    /** Gets tokens of the demo user through the whole flow. */
    public Tokens tokens(String... changes) {
        return journey().tokens(client(), changes);
    }

    /** Introspects a token. The demo profile needs no credential for that. */
    public boolean active(String token) {
        return new JsonObject(Http.postForm(issuer() + "/oauth/introspect", Map.of("token", token)).body())
            .getBoolean("active");
    }

    /** Returns the output of all processes. */
    public String output() {
        processes();
        return printed();
    }

    private String printed() {
        return processes.stream().map(ChildProcess::output).collect(Collectors.joining("\n"));
    }

    public Product.Result run(String... arguments) {
        return Product.run(home, arguments);
    }

    public void kill() {
        processes().forEach(ChildProcess::kill);
    }

    /** kill -9 of the authorization server alone; for servers of {@link #configured}. */
    public void killAuthorizationServer() {
        processes().get(0).kill();
    }

    /** For servers of {@link #configured}. */
    public long authorizationServerPid() {
        return processes().get(0).pid();
    }

    /** The longest any of the processes took. */
    public Duration stop() {
        Stream<Duration> here = Stream.ofNullable(inProcess).map(ServersInProcess::stop);
        return Stream.concat(here, processes.stream().map(ChildProcess::stop)).max(Duration::compareTo).orElseThrow();
    }

    /** Starts the same servers over the same data home. */
    public RunningGatehouse start() {
        processes.clear();
        if (inProcess != null) {
            inProcess.start();
            return this;
        }
        Path logs = Product.scratch("log");
        for (List<String> command : commands) {
            processes.add(ChildProcess.start(logs.resolve(processes.size() + ".log"), Product.environment(home),
                command));
        }
        awaitReady(issuer() + "/.well-known/oauth-authorization-server");
        awaitReady(mcpOrigin() + "/.well-known/oauth-protected-resource");
        return this;
    }

    @Override
    public void close() {
        stop();
    }

    private List<ChildProcess> processes() {
        if (inProcess != null) {
            throw new IllegalStateException("These servers run in the JVM of the tests. Start them with configured() instead.");
        }
        return processes;
    }

    private void awaitReady(String url) {
        try {
            Eventually.holds(url + " answers", START, () -> {
                if (!processes.stream().allMatch(ChildProcess::alive)) {
                    throw new Died(printed());
                }
                return Http.get(url).statusCode() == 200;
            });
        } catch (Died | AssertionError failed) {
            processes.forEach(ChildProcess::kill);
            throw new AssertionError(failed.getMessage() + "\n" + printed(), failed);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String write(Path file, JsonObject configuration) {
        try {
            return Files.writeString(file, configuration.encodePrettily()).toString();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Ends the wait at once if a process has ended, because it never becomes ready. */
    private static final class Died extends Error {
        private static final long serialVersionUID = 1;

        Died(String output) {
            super("a server process ended:\n" + output);
        }
    }
}
