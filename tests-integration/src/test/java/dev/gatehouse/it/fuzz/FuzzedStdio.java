package dev.gatehouse.it.fuzz;

import dev.gatehouse.it.conformance.FixtureServer;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import dev.gatehouse.mcp.transport.StdioTransport;
import dev.gatehouse.shared.json.StrictJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The stdio transport in this JVM. A finding is a line that is not JSON, an internal error, and a ping without an answer. */
final class FuzzedStdio {

    private static final int PATIENCE_SECONDS = 20;
    private static final int INTERNAL_ERROR = -32_603;
    private final BlockingQueue<byte[]> lines = new LinkedBlockingQueue<>();
    private final PipedOutputStream input = new PipedOutputStream();
    private long pings;

    private FuzzedStdio() {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        Caller caller = new Principal("http://issuer", "alice", "client", Set.of(), Instant.MAX.getEpochSecond(), new JsonObject());
        try {
            StdioTransport[] own = new StdioTransport[1];
            own[0] = new StdioTransport(vertx, FixtureServer.features(vertx, () -> own[0].registry(), () -> own[0].changes()),
                McpTransportOptions.forHosts(Set.of("localhost")), new PipedInputStream(input, 1 << 16), new Lines(), () -> Future.succeededFuture(caller), Clock.systemUTC());
            own[0].run();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static final class Shared {
        static final FuzzedStdio SERVER = new FuzzedStdio();
    }

    /** The server of this process. */
    static FuzzedStdio shared() {
        return Shared.SERVER;
    }

    /** Separates the output of the server into lines. */
    private final class Lines extends OutputStream {

        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        @Override
        public void write(int next) {
            if (next == '\n') {
                lines.add(line.toByteArray());
                line.reset();
            } else {
                line.write(next);
            }
        }
    }

    /** Sends the input and a ping behind it, and reads until the answer to the ping. */
    void send(byte[] bytes) {
        String ping = "fuzz-ping-" + ++pings;
        try {
            input.write(bytes);
            input.write(("\n" + new JsonObject().put("jsonrpc", "2.0").put("id", ping).put("method", "ping").encode() + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
            for (byte[] line = next(); !ping.equals(check(line).getValue("id")); line = next()) {
                continue;
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private byte[] next() {
        try {
            byte[] line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("No answer to a ping");
            }
            return line;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** A batch is answered by an array, which has no ping. */
    private static JsonObject check(byte[] line) {
        if (line.length > 0 && line[0] == '[') {
            return new JsonObject();
        }
        JsonObject message = StrictJson.object(line);
        if (message.getJsonObject("error", new JsonObject()).getInteger("code", 0) == INTERNAL_ERROR) {
            throw new AssertionError("Internal error: " + message.encode());
        }
        return message;
    }
}
