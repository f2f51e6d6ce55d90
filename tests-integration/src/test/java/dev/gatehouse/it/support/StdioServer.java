package dev.gatehouse.it.support;

import dev.gatehouse.fixtures.McpSession;
import io.vertx.core.json.JsonObject;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The MCP server as a host starts it: a subprocess that speaks JSON lines. */
public final class StdioServer implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private final Process process;
    private final Path errors;
    private final Writer input;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    private StdioServer(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        input = process.outputWriter(StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "stdio-server");
        reader.setDaemon(true);
        reader.start();
    }

    /** A null token leaves the environment without one. */
    public static StdioServer start(RunningGatehouse gatehouse, String token, String... more) {
        List<String> command = new ArrayList<>(Product.command("mcp", "--transport", "stdio", "--auth-server",
            gatehouse.issuer(), "--resource", gatehouse.mcp()));
        command.addAll(List.of(more));
        return start(gatehouse.home(), token, command);
    }

    public static StdioServer start(Path home, String token, List<String> command) {
        Map<String, String> environment = new HashMap<>(Product.plainEnvironment(home));
        if (token != null) {
            environment.put("MCP_ACCESS_TOKEN", token);
        }
        return start(environment, command);
    }

    /** Starts any program that is such a server, with these environment variables on top of ours. */
    public static StdioServer start(Map<String, String> environment, List<String> command) {
        Path errors = Product.scratch("stdio").resolve("stderr");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        try {
            return new StdioServer(builder.start(), errors);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The number of its process. */
    public long pid() {
        return process.pid();
    }

    /** Sends one line as it is. */
    public void send(String line) {
        try {
            input.write(line + "\n");
            input.flush();
        } catch (IOException failed) {
            throw new UncheckedIOException(errors(), failed);
        }
    }

    /** The next line, which has to be JSON. */
    public JsonObject next() {
        try {
            String line = lines.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("no line on stdout; stderr says\n" + errors());
            }
            return new JsonObject(line);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    public JsonObject call(int id, String method, JsonObject params) {
        send(new JsonObject().put("jsonrpc", "2.0").put("id", id).put("method", method).put("params", params).encode());
        return next();
    }

    public JsonObject tool(int id, String name, JsonObject arguments) {
        return call(id, "tools/call", new JsonObject().put("name", name).put("arguments", arguments))
            .getJsonObject("result");
    }

    /** The handshake. */
    public StdioServer initialize() {
        send(McpSession.initializeRequest().encode());
        next();
        send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        return this;
    }

    public String errors() {
        try {
            return Files.readString(errors);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Closes its standard input and returns its exit code. */
    public int endOfInput() {
        try {
            input.close();
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("still running after its input ended\n" + errors());
            }
            return process.exitValue();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            reader.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException gone) {
            // The process ended, which callers see by the line that does not come.
        }
    }
}
