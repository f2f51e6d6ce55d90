package dev.gatehouse.it.support;

import io.vertx.core.json.JsonObject;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One of the programs under {@code node/}: takes a JSON argument, prints lines of a word and a value. */
public final class NodeProgram {
    private static final Path DIRECTORY = Path.of("node").toAbsolutePath();
    private static final long LIMIT_SECONDS = 120;

    private NodeProgram() {
    }

    /**
     * Runs the program to its end and returns what it printed behind {@code RESULT}. The handlers get what follows
     * their word, as it comes. Fails with the program's output when it prints no result.
     */
    public static JsonObject run(String program, JsonObject settings, Map<String, Consumer<String>> handlers) {
        Path node = Parts.node();
        StringBuilder output = new StringBuilder();
        try {
            Process process = new ProcessBuilder(node.toString(), program, settings.encode())
                .directory(DIRECTORY.toFile()).redirectErrorStream(true).start();
            process.getOutputStream().close();
            JsonObject result = null;
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    output.append(line).append('\n');
                    result = line.startsWith("RESULT ") ? new JsonObject(line.substring(7)) : result;
                    dispatch(line, handlers);
                }
            }
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || result == null) {
                process.destroyForcibly();
                throw new AssertionError(program + " gave no result:\n" + output);
            }
            return result;
        } catch (IOException failed) {
            throw new UncheckedIOException(output.toString(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static void dispatch(String line, Map<String, Consumer<String>> handlers) {
        String[] parts = line.split(" ", 2);
        Consumer<String> handler = parts.length == 2 ? handlers.get(parts[0]) : null;
        if (handler != null) {
            handler.accept(parts[1]);
        }
    }
}
