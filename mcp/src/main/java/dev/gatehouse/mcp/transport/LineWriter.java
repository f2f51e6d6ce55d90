package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.jsonrpc.MessageCodec;
import dev.gatehouse.mcp.jsonrpc.MessageSink;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.vertx.core.Future;
import io.vertx.core.Promise;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Writes messages as lines, each flushed, from a thread of its own: a host that does not read must not block an event loop.
 * Responses may always wait, because the pending requests bound them. Beyond the limit, other messages are refused, and no more input should be
 * read: see {@link #awaitRoom}.
 */
final class LineWriter implements MessageSink {

    private static final Line LAST = new Line(new byte[0], Promise.promise());

    private final OutputStream output;
    private final MessageCodec codec;
    private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();
    private final Promise<Void> finished = Promise.promise();

    private final int limit;
    private long waitingBytes;

    /** @param limit bytes that may wait before the host counts as one that does not read */
    LineWriter(OutputStream output, MessageCodec codec, int limit) {
        this.output = output;
        this.codec = codec;
        this.limit = limit;
    }

    /** Blocks while the host reads too little. */
    synchronized void awaitRoom() throws InterruptedException {
        while (waitingBytes > limit) {
            wait();
        }
    }

    private synchronized boolean take(int bytes, boolean isAnswer) {
        if (waitingBytes > limit && !isAnswer) {
            return false;
        }
        waitingBytes += bytes;
        return true;
    }

    private synchronized void giveBack(int bytes) {
        waitingBytes -= bytes;
        notifyAll();
    }

    private record Line(byte[] bytes, Promise<Void> written) {
    }

    void start() {
        Thread thread = new Thread(this::writeAll, "mcp-stdio-writer");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public Future<Void> send(JSONRPCMessage message) {
        boolean isAnswer = message instanceof JSONRPCResponse;
        return Future.succeededFuture(message).map(codec::encode).compose(bytes -> write(bytes, isAnswer));
    }

    private Future<Void> write(byte[] bytes, boolean isAnswer) {
        if (!take(bytes.length, isAnswer)) {
            return Future.failedFuture(new HostDoesNotRead());
        }
        Line line = new Line(bytes, Promise.promise());
        lines.add(line);
        return line.written.future();
    }

    /** Lets the writer end after what has been sent so far. */
    @Override
    public void finish() {
        lines.add(LAST);
    }

    /** Completes when the last line is out after {@link #finish}. */
    Future<Void> finished() {
        return finished.future();
    }

    private void writeAll() {
        try {
            for (Line line = lines.take(); line != LAST; line = lines.take()) {
                write(line);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        finished.tryComplete();
    }

    private void write(Line line) {
        try {
            output.write(line.bytes);
            output.write('\n');
            output.flush();
            line.written.tryComplete();
        } catch (IOException e) {
            line.written.tryFail(e);
        } finally {
            giveBack(line.bytes.length);
        }
    }

    /** Too much waits already. */
    static final class HostDoesNotRead extends RuntimeException {

        HostDoesNotRead() {
            super("The host does not read what it is sent", null, false, false);
        }
    }
}
