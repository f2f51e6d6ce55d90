package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.stateful.EventLog.EventSink;
import dev.gatehouse.shared.http.HeldMemory;
import dev.gatehouse.shared.http.MediaTypes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

import java.nio.charset.StandardCharsets;

/**
 * A response that is a stream of server-sent events. Events may be sent from any thread and leave in order. A reader that is
 * too slow is cut off once more than the allowed bytes wait for it.
 */
final class SseStream implements EventSink {

    private static final Buffer COMMENT = Buffer.buffer(": \n\n");
    private static final byte[] EVENT = ascii("event: ");
    private static final byte[] ID = ascii("id: ");
    private static final byte[] RETRY = ascii("retry: ");
    private static final byte[] DATA = ascii("data: ");
    private static final byte[] LINE_END = ascii("\n");
    private static final byte[] EVENT_END = ascii("\n\n");

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final OwnContext context;
    private final int queueBytes;
    private final HeldMemory.Share waiting;
    private long waitingBytes;
    private long writtenAt;

    /** Belongs to the context that it is made on. */
    SseStream(Vertx vertx, HttpServerRequest request, int queueBytes, HeldMemory.Share waiting) {
        this.waiting = waiting;
        this.request = request;
        this.response = request.response();
        this.context = new OwnContext(vertx);
        this.queueBytes = queueBytes;
    }

    /** Sends the head, so that the client knows the stream to be open. */
    void open() {
        response.setChunked(request.version() != HttpVersion.HTTP_2)
            .putHeader(HttpHeaders.CONTENT_TYPE, MediaTypes.EVENT_STREAM)
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
            // Proxies of the nginx kind hold events back otherwise.
            .putHeader("X-Accel-Buffering", "no");
        if (request.version() == HttpVersion.HTTP_1_0) {
            // Vert.x writes no head alone without a length. Proxies speak HTTP/1.0 too: nginx before 1.29.7 unless told otherwise.
            write(COMMENT);
        } else {
            response.writeHead();
        }
    }

    /** Sends one message. Completes when it is with the network; fails when the stream has ended. */
    Future<Void> message(byte[] json) {
        return write(Buffer.buffer(json.length + 32).appendBytes(DATA).appendBytes(json).appendBytes(EVENT_END));
    }

    /** Sends an event of a named kind with one line of data. */
    Future<Void> event(String kind, String data) {
        return write(Buffer.buffer().appendBytes(EVENT).appendString(kind).appendBytes(LINE_END)
            .appendBytes(DATA).appendString(data).appendBytes(EVENT_END));
    }

    @Override
    public Future<Void> event(String id, byte[] json) {
        return write(Buffer.buffer(json.length + 64).appendBytes(ID).appendString(id).appendBytes(LINE_END)
            .appendBytes(DATA).appendBytes(json).appendBytes(EVENT_END));
    }

    @Override
    public void prime(String id, int retryMillis) {
        write(Buffer.buffer().appendBytes(ID).appendString(id).appendBytes(LINE_END)
            .appendBytes(RETRY).appendString(Integer.toString(retryMillis)).appendBytes(LINE_END).appendBytes(DATA).appendBytes(EVENT_END));
    }

    private Future<Void> write(Buffer bytes) {
        return context.run(() -> writeNow(bytes));
    }

    private Future<Void> writeNow(Buffer bytes) {
        if (response.ended() || response.closed()) {
            return Future.failedFuture(new StreamEnded());
        }
        if (waitingBytes > queueBytes || waiting.isPressing()) {
            cutOff();
            return Future.failedFuture(new StreamEnded());
        }
        int length = bytes.length();
        waitingBytes += length;
        waiting.hold(length);
        writtenAt = System.nanoTime();
        return response.write(bytes).onComplete(done -> {
            waitingBytes -= length;
            waiting.giveBack(length);
        });
    }

    /** Closes the channel itself: an orderly close would wait for the bytes that the client does not read. */
    private void cutOff() {
        if (request.connection() instanceof ConnectionBase connection) {
            connection.channelHandlerContext().close();
        } else {
            response.reset();
        }
    }

    /** Keeps the connection alive through proxies when nothing has been said for so long. */
    void keepAlive(int seconds) {
        if (System.nanoTime() - writtenAt >= seconds * 1_000_000_000L) {
            write(COMMENT);
        }
    }

    /** Ends the stream; what was written before still arrives. Safe to call more than once. */
    @Override
    public void end() {
        context.execute(() -> {
            if (!response.ended() && !response.closed()) {
                response.end();
            }
        });
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** The client is no longer there. */
    static final class StreamEnded extends RuntimeException {

        StreamEnded() {
            super("The stream has ended", null, false, false);
        }
    }
}
