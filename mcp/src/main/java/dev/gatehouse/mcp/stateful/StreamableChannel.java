package dev.gatehouse.mcp.stateful;

import dev.gatehouse.mcp.jsonrpc.MessageCodec;
import dev.gatehouse.mcp.stateful.EventLog.EventSink;
import dev.gatehouse.shared.http.HeldMemory;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.vertx.core.Future;

import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;

/** The streams of a session of Streamable HTTP: one for each reply that streams, and those that the client opens to listen. */
public final class StreamableChannel implements SessionChannel {

    /** The first revision whose clients understand an event without data, and the time to reconnect after. */
    private static final String PRIMED_SINCE = "2025-11-25";
    private static final int RETRY_MILLIS = 1_000;
    /** More listening streams than any client opens. */
    private static final int STREAMS = 8;

    private final boolean primed;
    private final MessageCodec codec;
    private final EventLog log;
    /** The newest first. */
    private final Deque<ResumableStream> listening = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    /**
     * @param version of the session
     * @param memory  of the owner, for events that are kept for later connections
     */
    public StreamableChannel(String version, MessageCodec codec, HeldMemory.Share memory) {
        this.primed = version.compareTo(PRIMED_SINCE) >= 0;
        this.codec = codec;
        this.log = new EventLog(memory);
    }

    /** Returns true if a stream begins with an event that the client can resume from. */
    public boolean isPrimed() {
        return primed;
    }

    /** Begins a stream on a connection that has just opened. */
    public ResumableStream begin(EventSink connection) {
        ResumableStream stream = log.begin(connection);
        if (primed) {
            stream.prime(RETRY_MILLIS);
        }
        return stream;
    }

    /** The stream that sent an event; empty if this session has none, or has discarded it. */
    public Optional<ResumableStream> streamOf(String eventId) {
        return log.find(eventId);
    }

    /** Begins a stream for unsolicited messages. Of too many, one without a connection is finished, or else the oldest. */
    public ResumableStream listen(EventSink connection) {
        ResumableStream stream = begin(connection);
        listening.addFirst(stream);
        while (listening.size() > STREAMS) {
            finishOne();
        }
        if (closed) {
            // Closed on another thread meanwhile.
            finishAll();
        }
        return stream;
    }

    private void finishOne() {
        ResumableStream least = null;
        for (Iterator<ResumableStream> oldest = listening.descendingIterator(); oldest.hasNext();) {
            ResumableStream each = oldest.next();
            least = least == null || least.isConnected() && !each.isConnected() ? each : least;
        }
        if (least != null && listening.remove(least)) {
            least.finish();
        }
    }

    /**
     * Sends on one stream alone (2025-11-25, transports, multiple connections): the newest that is connected, or else the newest, which keeps
     * the message for the next connection.
     */
    @Override
    public Future<Void> sendUnsolicited(JSONRPCMessage message) {
        ResumableStream stream = listening.stream().filter(ResumableStream::isConnected).findFirst().orElse(listening.peekFirst());
        return stream == null ? Future.succeededFuture() : Future.succeededFuture(message).map(codec::encode).compose(stream::send);
    }

    @Override
    public boolean isOpen() {
        return listening.stream().anyMatch(ResumableStream::isConnected);
    }

    @Override
    public void close() {
        closed = true;
        finishAll();
        log.close();
    }

    private void finishAll() {
        for (ResumableStream stream = listening.pollFirst(); stream != null; stream = listening.pollFirst()) {
            stream.finish();
        }
    }
}
