package dev.gatehouse.client.transport;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** The standard streams of this process as a host uses them: one JSON-RPC message a line. Blocking. */
public final class StandardStreams {

    private static final int LONGEST_LINE = 16 << 20;

    private final InputStream input;
    private final OutputStream output;

    private StandardStreams(InputStream input, OutputStream output) {
        this.input = input;
        this.output = output;
    }

    /** Claims standard output for messages: what else prints goes to standard error from now on. */
    public static StandardStreams claim() {
        OutputStream output = System.out;
        System.setOut(System.err);
        return new StandardStreams(System.in, output);
    }

    /**
     * Reads until the input ends.
     *
     * @param messages takes each message; a batch counts as its messages
     * @param malformed takes the reason why a line is no message
     */
    public void read(Consumer<JsonObject> messages, Consumer<String> malformed) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] bytes = new byte[8_192];
        for (int count = input.read(bytes); count >= 0; count = input.read(bytes)) {
            for (int i = 0; i < count; i++) {
                if (bytes[i] != '\n') {
                    requireBounded(line);
                    line.write(bytes[i]);
                } else {
                    deliver(line.toString(StandardCharsets.UTF_8), messages, malformed);
                    line.reset();
                }
            }
        }
        deliver(line.toString(StandardCharsets.UTF_8), messages, malformed);
    }

    private static void requireBounded(ByteArrayOutputStream line) throws IOException {
        if (line.size() >= LONGEST_LINE) {
            throw new IOException("a line is longer than " + LONGEST_LINE + " bytes");
        }
    }

    private static void deliver(String line, Consumer<JsonObject> messages, Consumer<String> malformed) {
        if (line.isBlank()) {
            return;
        }
        List<JsonObject> parsed;
        try {
            parsed = Messages.parse(Buffer.buffer(line));
        } catch (CallFailure e) {
            malformed.accept("The line is not a JSON-RPC message");
            return;
        }
        parsed.forEach(messages);
    }

    public synchronized void write(JsonObject message) throws IOException {
        output.write((message.encode() + "\n").getBytes(StandardCharsets.UTF_8));
        output.flush();
    }
}
