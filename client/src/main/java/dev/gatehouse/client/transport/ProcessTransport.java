package dev.gatehouse.client.transport;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A server as a child process: one message a line on its standard streams. Its standard error goes to a consumer of lines. */
public final class ProcessTransport implements Transport {

    private static final int LONGEST_LINE = 16 << 20;
    private static final long EXIT_MILLIS = 2_000;

    private final Vertx vertx;
    private final Context context;
    private final ProcessBuilder builder;
    private final Consumer<String> errorLines;
    private volatile Process process;
    private volatile boolean closed;
    private Listener listener;

    /** @param environment the whole environment of the process */
    public ProcessTransport(Vertx vertx, List<String> command, Map<String, String> environment, Consumer<String> errorLines) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.errorLines = errorLines;
        builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(environment);
    }

    @Override
    public Future<Void> open(Listener receiver) {
        listener = receiver;
        return context.executeBlocking(() -> {
            try {
                process = builder.start();
            } catch (IOException e) {
                throw new CallFailure("Cannot start " + builder.command().get(0) + ": " + e.getMessage(), e);
            }
            reader("mcp-stdout", this::readMessages);
            reader("mcp-stderr", this::readErrors);
            return null;
        });
    }

    private static void reader(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void readMessages() {
        try (InputStream out = process.getInputStream()) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            byte[] bytes = new byte[8_192];
            for (int count = out.read(bytes); count >= 0; count = out.read(bytes)) {
                for (int i = 0; i < count; i++) {
                    if (bytes[i] == '\n') {
                        deliver(line.toString(StandardCharsets.UTF_8));
                        line.reset();
                    } else if (line.size() < LONGEST_LINE) {
                        line.write(bytes[i]);
                    } else {
                        throw new IOException("a line is longer than " + LONGEST_LINE + " bytes");
                    }
                }
            }
            end(new CallFailure("The server process has ended" + exitCode()));
        } catch (IOException e) {
            end(new CallFailure("The server process cannot be read: " + e.getMessage(), e));
        }
    }

    private String exitCode() {
        try {
            return process.waitFor(EXIT_MILLIS, TimeUnit.MILLISECONDS) ? " with exit code " + process.exitValue() : "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private void deliver(String line) {
        if (line.isBlank()) {
            return;
        }
        context.runOnContext(there -> {
            try {
                Messages.parse(Buffer.buffer(line)).forEach(listener::received);
            } catch (CallFailure malformed) {
                // Programs print to standard output by mistake; the messages around it are good.
                errorLines.accept(line);
            }
        });
    }

    private void readErrors() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                errorLines.accept(line);
            }
        } catch (IOException e) {
            errorLines.accept("(standard error cannot be read: " + e.getMessage() + ")");
        }
    }

    private void end(CallFailure cause) {
        if (!closed) {
            context.runOnContext(there -> listener.closed(cause));
        }
    }

    @Override
    public Future<Void> send(JsonObject message, Map<String, String> headers) {
        byte[] line = (message.encode() + "\n").getBytes(StandardCharsets.UTF_8);
        return context.executeBlocking(() -> {
            try {
                OutputStream in = process.getOutputStream();
                in.write(line);
                in.flush();
                return null;
            } catch (IOException e) {
                throw new CallFailure("The server process does not read: " + e.getMessage(), e);
            }
        });
    }

    /** Closes the process's input, and ends it when it does not exit by itself (2025-11-25, lifecycle, shutdown). */
    @Override
    public Future<Void> close() {
        closed = true;
        if (process == null) {
            return Future.succeededFuture();
        }
        return vertx.executeBlocking(() -> {
            process.getOutputStream().close();
            if (!process.waitFor(EXIT_MILLIS, TimeUnit.MILLISECONDS)) {
                process.destroy();
                if (!process.waitFor(EXIT_MILLIS, TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                }
            }
            return null;
        }, false);
    }
}
