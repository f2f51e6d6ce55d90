package dev.gatehouse.it.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of the product whose output goes to a file that tests read. */
public final class ChildProcess implements AutoCloseable {
    private static final Duration STOP = Duration.ofSeconds(10);
    private final Process process;
    private final Path output;

    private ChildProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts the command with these environment variables on top of ours; both output streams go to the file. */
    public static ChildProcess start(Path output, Map<String, String> environment, List<String> command) {
        try {
            Files.createDirectories(output.getParent());
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
            builder.environment().putAll(environment);
            ChildProcess child = new ChildProcess(builder.start(), output);
            // A test run that is broken off leaves no servers behind.
            Runtime.getRuntime().addShutdownHook(new Thread(child.process::destroyForcibly));
            return child;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    public String output() {
        try {
            return Files.exists(output) ? Files.readString(output) : "";
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Kills the process and its children with signal 9. */
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        exited(STOP);
    }

    /**
     * Asks it to stop as Ctrl-C or a service manager would; returns how long that took, and kills it after ten
     * seconds.
     */
    public Duration stop() {
        long begun = System.nanoTime();
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        if (!exited(STOP)) {
            kill();
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Asks the process to stop and does not wait. */
    public void terminate() {
        process.destroy();
    }

    public boolean exited(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    public int exitCode() {
        return process.exitValue();
    }

    @Override
    public void close() {
        stop();
    }
}
