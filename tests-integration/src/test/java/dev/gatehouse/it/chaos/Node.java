package dev.gatehouse.it.chaos;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.ChildProcess;
import dev.gatehouse.it.support.Product;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One server process that can be killed, suspended and started again. */
final class Node {

    private static final Duration START = Duration.ofSeconds(120);
    private final String name;
    private final String origin;
    private final Path home;
    private final List<String> command;
    private final Path log;
    private final SystemFaults faults = new SystemFaults();
    private ChildProcess process;

    private Node(String name, int port, Path home, List<String> command, Path directory) {
        this.name = name;
        this.origin = "http://localhost:" + port;
        this.home = home;
        this.command = command;
        this.log = directory.resolve(name + ".log");
    }

    static Node authorizationServer(String name, int port, Path home, Path directory, JsonObject configuration) {
        return new Node(name, port, home, Product.command("authz", "-conf", write(directory.resolve(name + ".json"), configuration)), directory);
    }

    static Node mcpServer(String name, int port, Path home, Path directory, JsonObject configuration) {
        return new Node(name, port, home,
            Product.command("mcp", "--transport", "http", "-conf", write(directory.resolve(name + ".json"), configuration)), directory);
    }

    String origin() {
        return origin;
    }

    SystemFaults faults() {
        return faults;
    }

    /** Starts the process and does not wait until it serves. */
    void start() {
        Map<String, String> environment = new HashMap<>(Product.environment(home));
        environment.putAll(faults.environment());
        process = ChildProcess.start(log, environment, command);
    }

    void awaitReady() {
        Eventually.holds(name + " is ready; see " + log, START, () -> Http.get(origin + "/health/ready").statusCode() == 200);
    }

    /** Starts the process again if it has ended, as a supervisor does. */
    void revive() {
        if (!process.alive()) {
            start();
        }
    }

    void kill() {
        process.kill();
    }

    void stop() {
        process.stop();
    }

    void suspend() {
        signal("STOP");
    }

    void resume() {
        signal("CONT");
    }

    private void signal(String signal) {
        Product.run(List.of("kill", "-" + signal, Long.toString(process.pid())), Map.of(), "");
    }

    @Override
    public String toString() {
        return name;
    }

    private static String write(Path file, JsonObject configuration) {
        try {
            return Files.writeString(file, configuration.encodePrettily()).toString();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
