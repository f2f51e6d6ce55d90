package dev.gatehouse.it.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The product as it lies in the checkout, driven through its front door. */
public final class Product {
    public static final Path ROOT = Path.of(System.getProperty("gatehouse.root", "..")).toAbsolutePath().normalize();
    private static final Path SCRATCH = Path.of("target", "it").toAbsolutePath();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration TRAINING_LIMIT = Duration.ofMinutes(5);

    static {
        markBuilt();
        run(command("--version"), Map.of(), "", TRAINING_LIMIT);
    }

    private Product() {
    }

    /** The result of a command. */
    public record Result(int exitCode, String out, String err) {}

    /** A new empty directory for a data home, a log or a configuration. */
    public static Path scratch(String name) {
        try {
            Files.createDirectories(SCRATCH);
            return Files.createTempDirectory(SCRATCH, name + "-");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(ROOT.resolve("gatehouse").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Runs a command of the script to its end. */
    public static Result run(Path home, String... arguments) {
        return runWithInput(home, "", arguments);
    }

    /** The same, with text on its standard input. */
    public static Result runWithInput(Path home, String input, String... arguments) {
        return run(command(arguments), environment(home), input);
    }

    /** Runs any program to its end, with these environment variables on top of ours. */
    public static Result run(List<String> command, Map<String, String> environment, String input) {
        return run(command, environment, input, LIMIT);
    }

    private static Result run(List<String> command, Map<String, String> environment, String input, Duration limit) {
        Path logs = scratch("command");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectOutput(logs.resolve("out").toFile()).redirectError(logs.resolve("err").toFile());
        try {
            Process process = builder.start();
            process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().close();
            if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running: " + String.join(" ", command) + "\n"
                    + Files.readString(logs.resolve("err")));
            }
            return new Result(process.exitValue(), Files.readString(logs.resolve("out")),
                Files.readString(logs.resolve("err")));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /**
     * Maven has packaged the product just before; the script must not build it again under the running tests. The first command
     * creates the class archives of the new jars, for which the tests' own limit is too short.
     */
    private static void markBuilt() {
        try {
            if (Files.isDirectory(ROOT.resolve("target/lib"))) {
                Files.writeString(ROOT.resolve("target/built"), "");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The environment of servers and commands that run briefly: one compiler is enough for them, and what was hot in the training of their archive is not hot here. */
    public static Map<String, String> environment(Path home) {
        return Map.of("GATEHOUSE_HOME", home.toString(), "GATEHOUSE_JVM_OPTIONS", "-XX:TieredStopAtLevel=1"
            + " -XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:-AOTReplayTraining");
    }

    /** The environment of processes that start as they do for a user. */
    public static Map<String, String> plainEnvironment(Path home) {
        return Map.of("GATEHOUSE_HOME", home.toString());
    }
}
