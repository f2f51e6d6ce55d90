package dev.gatehouse.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.fixtures.Certificates;
import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Both servers as {@code gatehouse init production} sets them up, over TLS with a certificate of a private authority. */
public final class ProductionServers implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private final Path home = Product.scratch("home");
    private final Path directory = Product.scratch("production").resolve("new");
    private final Certificates keys = new Certificates(Product.scratch("certificates")).authority("authority", "CN=A private authority")
        .signed("server", "CN=localhost", "authority", Certificates.of("localhost"));
    private final int port = Ports.free();
    private final int mcpPort = Ports.free();
    private final HttpClient http = Http.client(keys.context(null, "authority"));
    private ChildProcess authz;
    private ChildProcess mcp;

    private ProductionServers() {
    }

    /** Anyone may register a client. */
    public static ProductionServers start() {
        ProductionServers servers = new ProductionServers();
        try {
            servers.initialize();
            servers.run();
            return servers;
        } catch (IOException failed) {
            servers.close();
            throw new UncheckedIOException(failed);
        } catch (AssertionError failed) {
            servers.close();
            throw failed;
        }
    }

    public String issuer() {
        return "https://localhost:" + port;
    }

    public String mcpOrigin() {
        return "https://localhost:" + mcpPort;
    }

    /** The certificate of the authority that clients have to trust. */
    public Path authority() {
        return keys.certificateFile("authority");
    }

    /** Trusts the authority. */
    public HttpClient http() {
        return http;
    }

    public String authorizationServerLog() {
        return authz.output();
    }

    public String mcpServerLog() {
        return mcp.output();
    }

    /** Runs a command on the authorization server's store. */
    public Product.Result command(String input, String... arguments) {
        Product.Result result = Product.runWithInput(home, input, append(arguments, "-conf", configuration("authz.json").toString()));
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result;
    }

    /** A person whom the operator adds, in front of a browser that trusts the authority. */
    public Journey journey(String username, String password) {
        command(password + "\n", "user", "add", username);
        return new Journey(new Browser(issuer(), http), username, password);
    }

    private void initialize() throws IOException {
        Product.Result done = Product.run(home, "init", "production", "--directory", directory.toString(), "--issuer", issuer(),
            "--resource", mcpOrigin() + "/mcp", "--certificate", keys.chainFile("server").toString(), "--certificate-key",
            keys.keyFile("server").toString(), "--registration", "open", "--trust-file", authority().toString());
        assertThat(done.exitCode()).as(done.err()).isZero();
        listen("authz.json", port);
        listen("resource.json", mcpPort);
    }

    /** On this machine alone. */
    private void listen(String name, int onPort) throws IOException {
        Path file = configuration(name);
        Files.writeString(file, new JsonObject(Files.readString(file)).put("host", "localhost").put("port", onPort).encode());
    }

    private void run() throws IOException {
        Map<String, String> environment = new HashMap<>(Product.environment(home));
        String[] secret = Files.readString(directory.resolve("mcp.env")).strip().split("=", 2);
        environment.put(secret[0], secret[1]);
        Path logs = Product.scratch("log");
        authz = ChildProcess.start(logs.resolve("authz.log"), environment, Product.command("authz", "-conf", configuration("authz.json").toString()));
        mcp = ChildProcess.start(logs.resolve("mcp.log"), environment,
            Product.command("mcp", "--transport", "http", "-conf", configuration("resource.json").toString()));
        await(issuer() + "/.well-known/oauth-authorization-server", authz);
        await(mcpOrigin() + "/.well-known/oauth-protected-resource/sse", mcp);
    }

    private void await(String url, ChildProcess process) {
        Eventually.holds(url + " answers", START, () -> {
            assertThat(process.alive()).as(process.output()).isTrue();
            return Http.send(http, Http.request(url)).statusCode() == 200;
        });
    }

    private Path configuration(String name) {
        return directory.resolve(name);
    }

    private static String[] append(String[] arguments, String... more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    @Override
    public void close() {
        Stream.of(authz, mcp).filter(Objects::nonNull).forEach(ChildProcess::stop);
    }
}
