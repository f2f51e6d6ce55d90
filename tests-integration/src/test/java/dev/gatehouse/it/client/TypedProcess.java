package dev.gatehouse.it.client;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.it.support.Parts;
import dev.gatehouse.it.support.Product;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A command of the product that a person types to while it runs. */
final class TypedProcess implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Pattern CONTROL = Pattern.compile("\u001b\\[[0-9;?]*[A-Za-z]|\u001b[=>]|\r");
    private final Process process;
    private final Path out;
    private final Path err;
    private int typedAt;

    private TypedProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static TypedProcess start(Map<String, String> environment, String... arguments) {
        return start(environment, Product.command(arguments));
    }

    private static TypedProcess start(Map<String, String> environment, List<String> command) {
        Path logs = Product.scratch("typed");
        Path out = logs.resolve("out");
        Path err = logs.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        try {
            return new TypedProcess(builder.start(), out, err);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The same in a terminal, which is wide enough for every line. */
    static TypedProcess inTerminal(Map<String, String> environment, String... arguments) {
        String command = Stream.of(Product.command(arguments).toArray(String[]::new)).map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        return start(environment, List.of(Parts.script().toString(), "-qefc", "stty cols 1000 rows 40; TERM=xterm exec " + command, "/dev/null"));
    }

    void type(String line) {
        typedAt = out().length();
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException failed) {
            throw new UncheckedIOException(err(), failed);
        }
    }

    /** Standard output, without the control sequences of a terminal. */
    String out() {
        return CONTROL.matcher(read(out)).replaceAll("");
    }

    String err() {
        return read(err);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Waits for a text on standard output or standard error. */
    void await(String text) {
        await(Pattern.quote(text), 0);
    }

    /** Waits for a pattern, and returns one of its groups. */
    String await(String pattern, int group) {
        Pattern wanted = Pattern.compile(pattern);
        try {
            Eventually.holds(pattern, LIMIT, () -> wanted.matcher(out() + err()).find());
        } catch (AssertionError missing) {
            throw new AssertionError(missing.getMessage() + "\n" + out() + "\n" + err(), missing);
        }
        Matcher found = wanted.matcher(out() + err());
        return found.find() ? found.group(group) : "";
    }

    /** Waits for a pattern on standard output since the last line was typed. A dot stands for line ends too. */
    void awaitReply(String pattern) {
        Pattern wanted = Pattern.compile(pattern, Pattern.DOTALL);
        try {
            Eventually.holds(pattern, LIMIT, () -> wanted.matcher(out()).find(typedAt));
        } catch (AssertionError missing) {
            throw new AssertionError(missing.getMessage() + "\n" + out(), missing);
        }
    }

    /** The address that the command shows to the person. */
    String authorizationUrl() {
        return await("(http://localhost:\\d+/oauth/authorize\\?\\S+)\\s", 1);
    }

    int exitCode() {
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("still running:\n" + out() + err());
            }
            return process.exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
