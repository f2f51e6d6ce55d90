package dev.gatehouse.it.client;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.it.support.Parts;
import io.vertx.core.json.JsonObject;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** A real browser in which the demo user does what the guide says: logs in, and reads the code that the page shows. */
final class GuideBrowser implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private final Process process;
    private final BufferedReader output;
    private final Writer input;
    private final Path program;
    private final Path opened;
    private int visited;

    private GuideBrowser(Process process, Path program, Path opened) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        this.program = program;
        this.opened = opened;
    }

    static GuideBrowser start(Path directory) throws IOException {
        Path opened = Files.createFile(directory.resolve("opened"));
        Path program = Files.writeString(directory.resolve("browser"), """
            #!/bin/sh
            printf '%%s\\n' "$1" >>'%s'
            """.formatted(opened));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        String settings = new JsonObject().put("chromium", Parts.chromium()).put("username", "testuser").put("password", "testpass")
            .put("screenshots", directory.toString()).encode();
        return new GuideBrowser(new ProcessBuilder(Parts.node().toString(), "guide-browser.mjs", settings).directory(Path.of("node").toFile())
            .redirectErrorStream(true).start(), program, opened);
    }

    /** The program that opens its argument in this browser. */
    Path program() {
        return program;
    }

    /** The code that the page shows behind the next address that was opened. */
    String code() {
        Eventually.holds("an address is opened", LIMIT, () -> addresses().size() > visited);
        try {
            input.write(addresses().get(visited++) + "\n");
            input.flush();
            String line = output.readLine();
            if (line == null || !line.startsWith("CODE ")) {
                throw new AssertionError("no code: " + line);
            }
            return line.substring("CODE ".length());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private List<String> addresses() {
        try {
            return Files.readString(opened).lines().toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
