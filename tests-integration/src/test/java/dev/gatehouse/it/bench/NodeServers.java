package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Postgres;
import dev.gatehouse.it.support.ChildProcess;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Product;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Authorization servers and as many MCP servers over one PostgreSQL database, all on the first core. */
final class NodeServers implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);
    private final Path home = Product.scratch("nodes");
    private final String database;
    private final List<Integer> authzPorts;
    private final List<Integer> mcpPorts;
    private final List<ChildProcess> processes = new ArrayList<>();

    /** @param eventLoops of each server */
    NodeServers(Postgres postgres, int nodes, int eventLoops) throws IOException {
        database = postgres.createDatabase();
        authzPorts = Stream.generate(Ports::free).limit(nodes).toList();
        mcpPorts = Stream.generate(Ports::free).limit(nodes).toList();
        for (int i = 0; i < nodes; i++) {
            start("authz" + i, authzPorts.get(i), "/.well-known/oauth-authorization-server", "authz", authorizationServer(authzPorts.get(i)), eventLoops);
            start("mcp" + i, mcpPorts.get(i), "/.well-known/oauth-protected-resource", "resource", mcpServer(mcpPorts.get(i)), eventLoops);
        }
    }

    /** The first one creates the keys and the tables before the next one starts. */
    private void start(String name, int port, String path, String verticle, JsonObject configuration, int eventLoops) throws IOException {
        String file = Files.writeString(home.resolve(name + ".json"), configuration.encode()).toString();
        processes.add(ChildProcess.start(home.resolve(name + ".log"), Map.of("GATEHOUSE_HOME", home.resolve("data").toString()),
            Servers.onFirstCore(Product.command("run", verticle, "-conf", file, "-instances", String.valueOf(eventLoops)))));
        Eventually.holds(name + " answers", START, () -> Http.get("http://localhost:" + port + path).statusCode() == 200);
    }

    private JsonObject authorizationServer(int port) {
        return new JsonObject().put("port", port).put("issuer", issuer()).put("defaultResource", resource()).put("store", store()).put("rateLimits", Servers.rateLimits());
    }

    private JsonObject mcpServer(int port) {
        return new JsonObject().put("port", port).put("authServer", issuer()).put("resource", resource()).put("store", store())
            .put("allowedHosts", new JsonArray().add("localhost:" + port))
            .put("usage", Servers.usage());
    }

    private JsonObject store() {
        return new JsonObject().put("url", database);
    }

    private String issuer() {
        return "http://localhost:" + authzPorts.get(0);
    }

    /** The endpoint of the first MCP server, which is the resource of the tokens. */
    String resource() {
        return "http://localhost:" + mcpPorts.get(0) + "/mcp";
    }

    /** The demo client, at the first authorization server. */
    OAuthClient client() {
        return OAuthClient.demo(issuer());
    }

    List<Integer> authzPorts() {
        return authzPorts;
    }

    List<Integer> mcpPorts() {
        return mcpPorts;
    }

    /** The processor time of all these servers until now. */
    Duration processorTime() {
        return processes.stream().map(process -> ProcessHandle.of(process.pid()).flatMap(handle -> handle.info().totalCpuDuration()).orElse(Duration.ZERO))
            .reduce(Duration.ZERO, Duration::plus);
    }

    @Override
    public void close() {
        processes.forEach(ChildProcess::stop);
    }
}
