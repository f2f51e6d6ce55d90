package dev.gatehouse.it.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** One Chromium for all tests, because its start is expensive. It ends with the JVM of the tests, which closes its standard input. */
final class SharedChromium {
    private static final String WORD = "ENDPOINT ";
    private static String endpoint;

    private SharedChromium() {
    }

    /** Starts it for the first test that asks. */
    static synchronized String endpoint(Path node, Path chromium) {
        if (endpoint == null) {
            endpoint = start(node, chromium);
        }
        return endpoint;
    }

    private static String start(Path node, Path chromium) {
        try {
            Process process = new ProcessBuilder(node.toString(), "chromium.mjs", chromium.toString()).directory(Path.of("node").toFile())
                .redirectErrorStream(true).start();
            // Not closed: Chromium writes there as long as it lives.
            BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
            StringBuilder output = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(WORD)) {
                    return line.substring(WORD.length());
                }
                output.append(line).append('\n');
            }
            throw new AssertionError("Chromium does not start:\n" + output);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
