package dev.gatehouse.it.support;

import static org.junit.jupiter.api.Assertions.fail;

import dev.gatehouse.fixtures.Eventually;
import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;

/** The programs that the setup script of this module found: Node, its packages, a Chromium, proxies, Prometheus, and Go. */
public final class Parts {
    private static final Path FILE = Path.of("target", "parts.properties");
    /** It exists as long as the script runs. */
    private static final Path UNFINISHED = Path.of("target", "parts.properties.new");
    private static final Duration LONGEST_SETUP = Duration.ofMinutes(10);

    private Parts() {}

    /**
     * Node 22.19 or newer, with the packages of {@code node/package-lock.json} beside it; else the test is skipped, or
     * fails where CI=true.
     */
    public static Path node() {
        return part("node");
    }

    /** The endpoint of a running Chromium or Chrome; else the test is skipped, or fails where CI=true. */
    public static String chromium() {
        return SharedChromium.endpoint(node(), part("chromium"));
    }

    /** The program {@code prometheus} or {@code promtool}; else the test is skipped, or fails where CI=true. */
    public static Path prometheus(String name) {
        return part(name);
    }

    /** The program {@code nginx}, {@code caddy} or {@code haproxy}; else the test is skipped, or fails where CI=true. */
    public static Path proxy(String name) {
        return part(name);
    }

    /** The Go compiler; else the test is skipped, or fails where CI=true. */
    public static Path go() {
        return part("go");
    }

    /** The program {@code script} of util-linux, which gives a command a terminal; else the test is skipped, or fails where CI=true. */
    public static Path script() {
        Path script = Path.of("/usr/bin/script");
        if (!Files.isExecutable(script)) {
            skipOrFail("no " + script);
        }
        return script;
    }

    private static Path part(String name) {
        Eventually.holds("tests-integration/setup has ended", LONGEST_SETUP, () -> !Files.exists(UNFINISHED));
        Properties found = new Properties();
        if (Files.exists(FILE)) {
            try (Reader reader = Files.newBufferedReader(FILE)) {
                found.load(reader);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(unreadable);
            }
        }
        String path = found.getProperty(name);
        if (path == null) {
            skipOrFail(found.getProperty(name + ".missing", "no " + name
                + " known: run tests-integration/setup first"));
        }
        return Path.of(path);
    }

    private static void skipOrFail(String message) {
        if ("true".equals(System.getenv("CI"))) {
            fail(message);
        }
        Assumptions.abort(message);
    }
}
